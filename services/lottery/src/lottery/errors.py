"""The domain's errors as the house's: what a caller is told, what becomes of a fact."""

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.errors import BadInput, Conflict, NotFound, Problem, Transient
from lottery.domain.board import NotAMemberError, NoWayBackError, SeatLeftError
from lottery.domain.errors import FlawedInputError, OutOfTimeError
from lottery.domain.feasibility import InfeasibleQuotasError


@contextmanager
def told() -> Iterator[None]:
    """Turn what breaks the lottery's rules into an answer: 422 with every flaw, 404, 409, or: ask again."""
    try:
        yield
    except (FlawedInputError, InfeasibleQuotasError) as error:
        raise BadInput([Problem(flaw.where, flaw.field, flaw.rule, flaw.message) for flaw in error.flaws]) from error
    except OutOfTimeError as error:
        raise Transient("the solver needs more time than it was given") from error
    except NotAMemberError as error:
        raise NotFound("this person has not been drawn for a seat") from error
    except SeatLeftError as error:
        raise Conflict("this person has left the seat") from error
    except NoWayBackError as error:
        raise Conflict("this no cannot be taken back any more") from error
