"""Residents who do not exist, for rehearsals and tests: seeded, so that the same seed gives the same bytes.

    population = populate(residents=11752, seed=1, assembly=load(folder))
    population.csv             the roll, children included
    population.people          the eligible ones, with the answers they would give on the form
    population.volunteers(240) those who sign up

Their CPR numbers have 60 added to the day of birth, which no real person's has; surnames and streets are made up.
"""

from borgersamling.synthetic.people import Person
from borgersamling.synthetic.population import Population, populate

__all__ = ["Person", "Population", "populate"]
