"""What drawn people answer: by their link, or on the telephone; and who is reminded to answer."""

from chassis.transaction import Transaction
from contracts.lottery import AnswerAwaited, MemberConfirmed, MemberDeclined, SeatReturned
from lottery.domain.answering import answer_by, to_remind
from lottery.domain.quotas import composition
from lottery.errors import told
from lottery.repository import boards, pools
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.seats import drawn, replace

# None of these facts is said `once` by person: who takes a no back may say yes or no anew. The board changes in the
# same transaction, so that an answer given twice says nothing the second time.


async def confirm(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person takes the seat; said once."""
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.confirm(person)
    if changed:
        await boards.save_seating(tx, seating)
        tx.say(MemberConfirmed(assembly=assembly_id, person=person))


async def decline(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person does not take the seat, and bring in the next fitting alternate."""
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.decline(person)
    if changed:
        tx.say(MemberDeclined(assembly=assembly_id, person=person))
        await replace(tx, seating, [person])


async def take_answer(tx: Transaction, assembly_id: str, person: str, *, takes: bool) -> None:
    """Take what someone answered by their link.

    It changes nothing for who has no seat to answer about any more: it was left or given on while the answer came.
    """
    board = (await drawn(tx, assembly_id)).board
    if person in board.seated:
        await (confirm if takes else decline)(tx, assembly_id, person)


async def give_back(tx: Transaction, assembly_id: str, person: str) -> None:
    """Take a mistaken no back: the person is offered the seat anew, in place of an alternate who has not answered.

    Conflict when the alternate has, or the person is gone, or the quotas would not hold.
    """
    seating, assembly = await drawn(tx, assembly_id), await known_assembly(tx, assembly_id)
    board = seating.board
    people = await pools.pool(tx, assembly_id, [*board.seated, *board.waiting, person])
    by = answer_by(tx.now, assembly.answer_days)
    with told():
        instead_of = board.give_back(person, people, assembly.quotas, by)
    board.note(tx.now, [(instead_of or person, person)], people, assembly.quotas)
    seating.composition = composition([people[one].features for one in board.seated], assembly.quotas)
    await boards.save_seating(tx, seating)
    tx.say(SeatReturned(assembly=assembly_id, person=person, instead_of=instead_of, answer_by=by))


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
