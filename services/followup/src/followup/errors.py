"""Broken rules of the domain, as the errors the house acts on."""

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.errors import BadInput, Conflict, Problem
from followup.domain.rules import RulesBroken, Untimely


@contextmanager
def house_errors() -> Iterator[None]:
    """Turn RulesBroken into BadInput (422) and Untimely into Conflict (409)."""
    try:
        yield
    except RulesBroken as error:
        raise BadInput([Problem(b.where, b.field, b.rule, b.message) for b in error.broken]) from error
    except Untimely as error:
        raise Conflict(str(error)) from error
