"""The rules of the council's promise: days, milestones, what is owed and when, answers. Pure: no clock, no I/O."""
