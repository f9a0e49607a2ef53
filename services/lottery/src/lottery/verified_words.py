"""The sentences of the verifier, for pages that say them in Danish; `lottery.verifying` itself speaks English alone.

A test holds them against what the verifier says.
"""

from chassis.language import N_

WORDS = (
    N_("the record is complete, with nothing in it that does not belong there"),
    N_("the sealed part has the digest that stands beside it"),
    N_("a test draw is called one, and no other is"),
    N_("the quotas can be read in one way only"),
    N_("there is one pseudonymous line for each person drawn among"),
    N_("the panels are whole, each of different people, and in canonical order"),
    N_("each line says on how many panels it stands"),
    N_("the chances are between 0 and 1 and add up to the number of seats"),
    N_("the largest distance of anyone's number of panels from 1,000 x chance is the one that is said"),
    N_("the digest is the one that was announced before the number was known"),
    N_("the pool is the one that closed"),
    N_("the quotas are those that were announced with the assembly"),
    N_("the times follow each other"),
    N_("a draw that was declared void has drawn nobody"),
    N_("the panel is drawn as it was announced"),
    N_("the number comes from the randomness that was announced"),
    N_("the beacon signed the round"),
    N_("the digits pick the panel with their number, and it is the panel"),
    N_("the alternates are in the pool and not on the panel, each once"),
    N_("the alternates are those that the rule gives"),
    N_("the drawn panel's composition keeps the quotas"),
    N_("each seat that was left and taken was one that could be"),
    N_("the openings are complete"),
    N_("the openings are the sealed ones"),
    N_("the answers behind the lines are those that were committed to"),
    N_("everyone has an answer to each criterion that has a quota"),
    N_("every panel can be opened"),
    N_("all panels keep all quotas"),
    N_("no panel has two people of one household"),
    N_("people with the same answers have the same chance"),
    N_("people with the same answers and the same kind of household have the same chance"),
    N_("the drawn panel's composition is what its members' answers add up to"),
    N_("every change can be opened"),
    N_("the quotas hold after a change where that is said, and only there"),
    N_("nobody took a seat beside someone of their household"),
    N_("the certificate of fairness is the sealed one"),
    N_("the certificate is about this pool, these quotas and the record's chances"),
    N_("the certificate proves that no lottery within the quotas is fairer"),
)
