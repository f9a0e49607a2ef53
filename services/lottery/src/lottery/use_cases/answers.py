"""What drawn people answer: by their link, or on the telephone; and who is reminded to answer."""

from enum import StrEnum

from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.transaction import Transaction
from contracts.lottery import AnswerAwaited, MemberConfirmed, MemberDeclined, SeatReturned
from lottery.domain.answering import answer_by, to_remind
from lottery.domain.quotas import composition
from lottery.errors import told
from lottery.repository import boards, pools
from lottery.repository.boards import Deed
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.seats import drawn, replace

# None of these facts is said `once` by person: who takes a no back may say yes or no anew. The board changes in the
# same transaction, so that an answer given twice says nothing the second time.


class Act(StrEnum):
    """What the secretariat does by hand."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    GIVE_ON = "give-on"
    GIVE_BACK = "give-back"


async def by_hand(tx: Transaction, who: Caller, assembly_id: str, person: str, act: Act) -> None:
    """Do it and write down who did; done already, nothing is done or written.

    Raises NotFound for who was never drawn; Conflict when it cannot be: the seat is left in another way, the time to
    answer is not over, the no cannot be taken back.
    """
    seating = await drawn(tx, assembly_id)
    line = seating.board.lines.get(person, "")
    match act:
        case Act.CONFIRM:
            changed = await confirm(tx, assembly_id, person)
        case Act.GIVE_ON if not seating.board.overdue(person, tx.now):
            raise Conflict("the time to answer is not over, or there is an answer")
        case Act.DECLINE | Act.GIVE_ON:
            changed = await decline(tx, assembly_id, person)
        case Act.GIVE_BACK:
            changed = await give_back(tx, assembly_id, person)
    if changed:
        seating = await drawn(tx, assembly_id)
        seating.deeds.append(Deed(tx.now, act.value, who.role, who.subject, line))
        await boards.save_seating(tx, seating)


async def confirm(tx: Transaction, assembly_id: str, person: str) -> bool:
    """Record that a drawn person takes the seat; tell whether that was news. Said once."""
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.confirm(person)
    if changed:
        await boards.save_seating(tx, seating)
        tx.say(MemberConfirmed(assembly=assembly_id, person=person))
    return changed


async def decline(tx: Transaction, assembly_id: str, person: str) -> bool:
    """Record that a drawn person does not take the seat, and bring in the next fitting alternate.

    Tell whether that was news.
    """
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.decline(person)
    if changed:
        tx.say(MemberDeclined(assembly=assembly_id, person=person))
        await replace(tx, seating, [person])
    return changed


async def take_answer(tx: Transaction, assembly_id: str, person: str, *, takes: bool) -> None:
    """Take what someone answered by their link.

    It changes nothing for who has no seat to answer about any more: it was left or given on while the answer came.
    """
    board = (await drawn(tx, assembly_id)).board
    if person in board.seated:
        await (confirm if takes else decline)(tx, assembly_id, person)


async def give_back(tx: Transaction, assembly_id: str, person: str) -> bool:
    """Take a mistaken no back: the person is offered the seat anew, in place of an alternate who has not answered.

    False when they have a seat already; Conflict when the alternate has answered, the person is gone, or the quotas
    would not hold.
    """
    seating, assembly = await drawn(tx, assembly_id), await known_assembly(tx, assembly_id)
    board = seating.board
    if person in board.seated:
        return False
    people = await pools.pool(tx, assembly_id, [*board.seated, *board.waiting, person])
    by = answer_by(tx.now, assembly.answer_days)
    with told():
        instead_of = board.give_back(person, people, assembly.quotas, by)
    board.note(tx.now, [(instead_of or person, person)], people, assembly.quotas)
    seating.composition = composition([people[one].features for one in board.seated], assembly.quotas)
    await boards.save_seating(tx, seating)
    tx.say(SeatReturned(assembly=assembly_id, person=person, instead_of=instead_of, answer_by=by))
    return True


async def remind(tx: Transaction, assembly_id: str) -> None:
    """Say of whom an answer is awaited still, some days before their deadline: once a person and offer."""
    seating = await boards.seating(tx, assembly_id)
    if seating is None:
        return
    assembly = await known_assembly(tx, assembly_id)
    due = to_remind(seating.board, tx.now, assembly.answer_reminder_days)
    for by, people in due.items():
        seating.board.reminded += people
        tx.say(AnswerAwaited(assembly=assembly_id, people=tuple(people), answer_by=by))
    if due:
        await boards.save_seating(tx, seating)
