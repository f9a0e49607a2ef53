"""Every page there is, once: opened with axe, validated as HTML and pictured, each by going through this list.

A page added to a service is added here; tests/unit/test_every_page_is_listed.py says so when it is forgotten.
"""

from typing import Literal, NamedTuple

from contracts.access import SERVICES
from contracts.arms_length import RoleName
from notifications.domain.shipment import job_id

SIZES = {"desktop": (1280, 900), "phone": (320, 640)}
"""The windows pages are looked at in, in CSS pixels; 320 is the narrowest that WCAG 1.4.10 asks for."""

A = "dragoer-2025"
LINK = "/tilmelding/l"
SIGNED_UP, NOT_SIGNED_UP = "{signed-up}", "{not-signed-up}"
"""In a path: the personal link of a resident who has signed up, and of one who has not."""
MEMBER = "{member}"
"""The personal link of someone drawn, to whom a code has been sent."""
ASKED = "{asked}"
"""The personal link of an alternate who is offered a seat and has not answered."""

TO_CONFIRM, FOLLOWER, TO_STOP = "{to-confirm}", "{follower}", "{to-stop}"
"""In a path: the link of someone who asked to follow by e-mail, of one who follows, and of one more each time."""

REFUSED, CHECKED, WRITTEN = "{refused}", "{checked}", "{written}"
"""In a path: a file the secretariat has handed in, by how it went."""
CASE, CASE_SIGNED_UP = "{case}", "{case-signed-up}"
"""The cases that the secretariat opens of who has not signed up, and of who has."""

OFFERED = "{offered}"
"""In a path: the line of someone who has not answered, as the status board links to it."""

FOLLOWING = "/tilmelding/foelg/l"
CASES = "/tilmelding/sag"
DESK = f"/tilmelding/{A}"
LOT = f"/lodtraekning/{A}"
COUNCIL = f"/opfoelgning/{A}"
FIRST = f"{COUNCIL}/anbefalinger/r1"
SEATS = f"/lodtraekning/{A}/pladser"
ROLL = f"/tilmelding/{A}/borgerliste"
INVITATIONS = f"/post/job/{job_id(A, 'invitation', 'invitation')}"
TEXTS = "/post/skabeloner"
SEND = "main form button"
PREVIEW = "button[value=se]"
WRONG_TEXT = (("#subject", ""), ("#body", "Kære {fornavn}\n\n# Hej"))
MISTYPED = (("#email", "ane"), ("#telephone", "12"))
REASON = (("#why", "Ringe til medlemmerne om mad"),)

When = Literal["sign-up", "drawn", "follow-up"]
"""The moments of a course that are looked at: the sign-up is open; the members are drawn and have said yes; all is
over, and whoever is no member is erased."""


class Shown(NamedTuple):
    """A page as someone meets it. `name` is its picture's.

    Before one looks, the fields of `fill` (selector, text) are filled in and what `press` names is pressed.
    """

    name: str
    path: str
    role: RoleName = "public"
    status: int = 200
    when: When = "follow-up"
    fill: tuple[tuple[str, str], ...] = ()
    press: str = ""


def _of_each_service(page: str, name: str, role: RoleName) -> tuple[Shown, ...]:
    paths = {service: next(row.path for row in rows if row.path.endswith(page)) for service, rows in SERVICES.items()}
    return tuple(Shown(f"{name}-{service}", path, role) for service, path in paths.items())


PAGES: tuple[Shown, ...] = (
    Shown("front", "/"),
    Shown("assembly", f"/samling/{A}"),
    Shown("recommendation", f"/samling/{A}/anbefalinger/r4"),
    Shown("publication", f"/samling/{A}/publikationer/minutes-first"),
    Shown("sign-up", "/tilmelding"),
    Shown("lotteries", "/lodtraekning"),
    Shown("lottery", f"/lodtraekning/{A}"),
    Shown("follow-ups", "/opfoelgning/"),
    Shown("follow-up", f"/opfoelgning/{A}"),
    Shown("what-if", "/opfoelgning/hvad-nu-hvis"),
    Shown("what-if-of-a-mandate", f"/opfoelgning/hvad-nu-hvis?samling={A}"),
    Shown("what-if-with-errors", "/opfoelgning/hvad-nu-hvis", status=422, fill=(("#months-1", "tre"),), press=SEND),
    Shown("status", f"/opfoelgning/{A}/status/status-3"),
    Shown("follow-up-filtered", f"/opfoelgning/{A}?svar=waiting&fremdrift=begun"),
    Shown("council", "/opfoelgning/raadet"),
    Shown("council-early", "/opfoelgning/raadet", when="sign-up"),
    Shown("committee", "/opfoelgning/raadet?udvalg=finance"),
    Shown("recommendation-followed-up", f"/opfoelgning/{A}/anbefalinger/r1"),
    Shown("post", "/post"),
    Shown("accessibility", "/was"),
    Shown("style-guide", "/stil"),
    # The public draw: before it, announced, drawn; the secretariat's rooms and the witnesses'.
    Shown("lottery-history", f"{LOT}/historik"),
    Shown("screen-early", f"{LOT}/skaerm", when="sign-up"),
    Shown("screen-drawn", f"{LOT}/skaerm"),
    Shown("own-line", f"{LOT}/min-linje"),
    Shown("own-line-early", f"{LOT}/min-linje", when="sign-up"),
    Shown("own-line-no-code", f"{LOT}/min-linje", status=422, press=SEND),
    Shown("prepare-early", f"{LOT}/klargoer", "secretariat", when="sign-up"),
    Shown("prepare-over", f"{LOT}/klargoer", "secretariat", when="drawn"),
    Shown("prepare-with-errors", f"{LOT}/klargoer", "secretariat", 422, "drawn", press=SEND),
    Shown("draw-desk", f"{LOT}/lod/draw-1", "secretariat", when="drawn"),
    Shown("draw-desk-observer", f"{LOT}/lod/draw-1", "observer", when="drawn"),
    Shown("draw-digits-drawn", f"{LOT}/lod/draw-1/traek", "observer", when="drawn"),
    Shown("draw-checked", f"{LOT}/lod/draw-1/kontrol", "observer", when="drawn"),
    Shown("draw-openings", f"{LOT}/lod/draw-1/aabninger", "secretariat", when="drawn"),
    Shown("draw-openings-without-reason", f"{LOT}/lod/draw-1/aabninger", "secretariat", 422, "drawn", press=SEND),
    # The personal link, when it is too late and while the sign-up is open.
    Shown("link-of-someone-drawn-among", f"{LINK}/{SIGNED_UP}", when="drawn"),
    Shown("link-too-late", f"{LINK}/{NOT_SIGNED_UP}", status=410, when="drawn"),
    Shown("link-unknown", f"{LINK}/abcdefghijklmnopqrstuvwxyz", status=404),
    Shown("form-begin", f"{LINK}/{NOT_SIGNED_UP}", when="sign-up"),
    Shown("form-about", f"{LINK}/{NOT_SIGNED_UP}/trin/om-dig", when="sign-up"),
    Shown("form-about-with-errors", f"{LINK}/{NOT_SIGNED_UP}/trin/om-dig", status=422, when="sign-up", press=SEND),
    Shown("form-place", f"{LINK}/{NOT_SIGNED_UP}/trin/plads", when="sign-up"),
    Shown("form-needs", f"{LINK}/{NOT_SIGNED_UP}/trin/behov", when="sign-up"),
    Shown("form-needs-mistyped", f"{LINK}/{NOT_SIGNED_UP}/trin/behov", "public", 422, "sign-up", MISTYPED, SEND),
    Shown("form-check", f"{LINK}/{SIGNED_UP}/trin/tjek", when="sign-up"),
    Shown("form-check-without-consent", f"{LINK}/{SIGNED_UP}/trin/tjek", status=422, when="sign-up", press=SEND),
    Shown("no-thank-you", f"{LINK}/{NOT_SIGNED_UP}/nej-tak", when="sign-up"),
    Shown("receipt", f"{LINK}/{SIGNED_UP}/kvittering", when="sign-up"),
    Shown("withdraw", f"{LINK}/{SIGNED_UP}/frameld", when="sign-up"),
    # Following by e-mail.
    Shown("follow", f"{DESK}/foelg", when="sign-up"),
    Shown("follow-without-address", f"{DESK}/foelg", status=422, when="sign-up", press=SEND),
    Shown("follow-asked", f"{DESK}/foelg/tak", when="sign-up"),
    Shown("follow-confirm", f"{FOLLOWING}/{TO_CONFIRM}", when="sign-up"),
    Shown("follow-held", f"{FOLLOWING}/{FOLLOWER}", when="sign-up"),
    Shown("follow-themes", f"{FOLLOWING}/{FOLLOWER}/temaer", when="sign-up"),
    Shown("follow-stop", f"{FOLLOWING}/{FOLLOWER}/stop", when="sign-up"),
    Shown("follow-stopped", f"{FOLLOWING}/{TO_STOP}/stop", when="sign-up", press=SEND),
    Shown("follow-link-unknown", f"{FOLLOWING}/abcdefghijklmnopqrstuvwxyz", status=404),
    Shown("follow-over", f"{DESK}/foelg", status=410),
    # What is on the public pages before there is anything to tell.
    Shown("front-early", "/", when="sign-up"),
    Shown("assembly-early", f"/samling/{A}", when="sign-up"),
    Shown("sign-up-open", "/tilmelding", when="sign-up"),
    Shown("lottery-early", f"/lodtraekning/{A}", when="sign-up"),
    Shown("evaluation", f"/opfoelgning/{A}/evaluering"),
    Shown("evaluation-early", f"/opfoelgning/{A}/evaluering", when="sign-up"),
    Shown("follow-up-early", f"/opfoelgning/{A}", when="sign-up"),
    Shown("post-early", "/post", when="sign-up"),
    # Signing in, and what is refused.
    Shown("sign-in", "/log-ind"),
    Shown("signed-in", "/log-ind", "secretariat"),
    Shown("sign-in-failed", "/log-ind/svar", status=400),
    Shown("not-for-this-role", "/samling/drift", "officer", status=403),
    Shown("member-themes", f"{LINK}/{MEMBER}/temaer"),
    Shown("member-themes-saved", f"{LINK}/{MEMBER}/temaer", press=SEND),
    Shown("member-sign-in", f"{LINK}/{MEMBER}/medlem"),
    Shown("member-code", f"{LINK}/{MEMBER}/medlem/kode"),
    Shown("member-code-not-entered", f"{LINK}/{MEMBER}/medlem/kode", status=422, press=SEND),
    Shown("member-drawn", f"{LINK}/{MEMBER}"),
    Shown("seat-offered", f"{LINK}/{ASKED}", when="drawn"),
    Shown("seat-taken", f"{LINK}/{ASKED}/plads/ja", when="drawn"),
    Shown("seat-declined", f"{LINK}/{ASKED}/plads/nej", when="drawn"),
    Shown("not-a-member", f"{LINK}/{NOT_SIGNED_UP}/medlem", status=403, when="drawn"),
    Shown("no-broker-of-mitid", "/tilmelding/medlem"),
    Shown("member", "/samling/medlem", "member"),
    Shown("not-found", "/no-such-page", status=404),
    # The secretariat's and the officer's own.
    Shown("registrants", "/tilmelding/tilmeldte", "secretariat"),
    Shown("overview", f"{DESK}/overblik", "secretariat"),
    Shown("overview-early", f"{DESK}/overblik", "secretariat", when="sign-up"),
    Shown("overview-after-the-draw", f"{DESK}/overblik", "secretariat", when="drawn"),
    Shown("files", f"{DESK}/udtraek", "secretariat"),
    Shown("files-without-reason", f"{DESK}/udtraek", "secretariat", status=422, press=SEND),
    Shown("pool-closed", f"{DESK}/luk", "secretariat"),
    Shown("pool-review", f"{DESK}/luk", "secretariat", when="sign-up"),
    Shown("pool-not-reviewed", f"{DESK}/luk", "secretariat", status=422, when="sign-up", press=SEND),
    Shown("registrants-closed", f"{DESK}/tilmeldte", "secretariat"),
    Shown("registrants-without-reason", f"{DESK}/tilmeldte", "secretariat", status=422, press=SEND),
    Shown("registrants-by-name", f"{DESK}/tilmeldte", "secretariat", fill=REASON, press=SEND),
    Shown("look-up", f"{DESK}/sag", "secretariat", when="sign-up"),
    Shown("look-up-without-number", f"{DESK}/sag", "secretariat", status=422, press=SEND),
    Shown("case", f"{CASES}/{CASE_SIGNED_UP}", "secretariat", when="sign-up"),
    Shown("case-closed", f"{CASES}/{'0' * 32}", "secretariat", status=410),
    Shown("case-sign-up", f"{CASES}/{CASE}/tilmeld", "secretariat", when="sign-up"),
    Shown("case-sign-up-about", f"{CASES}/{CASE}/tilmeld/trin/om-dig", "secretariat", when="sign-up"),
    Shown("case-sign-up-no-thank-you", f"{CASES}/{CASE}/tilmeld/nej-tak", "secretariat", when="sign-up"),
    Shown("case-sign-up-receipt", f"{CASES}/{CASE_SIGNED_UP}/tilmeld/kvittering", "secretariat", when="sign-up"),
    Shown("case-left-out", f"{CASES}/{CASE}/udeluk", "secretariat", when="sign-up"),
    Shown("case-corrected", f"{CASES}/{CASE_SIGNED_UP}/ret", "secretariat", when="sign-up"),
    Shown("case-erased-without-number", f"{CASES}/{CASE}/slet", "secretariat", 422, when="sign-up", press=SEND),
    Shown("case-not-now", f"{CASES}/{CASE}/tag-med-igen", "secretariat", status=409, when="sign-up"),
    Shown("case-all-that-is-held", f"{CASES}/{CASE_SIGNED_UP}/oplysninger", "secretariat", when="sign-up"),
    Shown("all-that-is-held", f"{LINK}/{SIGNED_UP}/mine-data", when="sign-up"),
    Shown("retention", f"{DESK}/sletning", "secretariat"),
    Shown("retention-early", f"{DESK}/sletning", "secretariat", when="sign-up"),
    Shown("invitations", f"{DESK}/invitationer", "secretariat", when="sign-up"),
    Shown("invitations-too-late", f"{DESK}/invitationer", "secretariat"),
    Shown("invitations-reminder", f"{DESK}/invitationer/paamindelse", "secretariat", when="sign-up"),
    Shown("invitations-no-reminder", f"{DESK}/invitationer/paamindelse", "secretariat"),
    Shown("invitations-cancel-too-late", f"{DESK}/invitationer/everyone/annuller", "secretariat"),
    Shown("roll", ROLL, "secretariat"),
    Shown("roll-written", f"{ROLL}/{WRITTEN}", "secretariat"),
    Shown("roll-refused", f"{ROLL}/{REFUSED}", "secretariat", when="sign-up"),
    Shown("roll-checked", f"{ROLL}/{CHECKED}", "secretariat", when="sign-up"),
    Shown("roll-confirm", f"{ROLL}/{CHECKED}/bekraeft", "secretariat", when="sign-up"),
    Shown("roll-discard", f"{ROLL}/{CHECKED}/kasser", "secretariat", when="sign-up"),
    Shown("seats", SEATS, "secretariat"),
    Shown("seats-early", SEATS, "secretariat", when="sign-up"),
    Shown("seats-after-the-draw", SEATS, "secretariat", when="drawn"),
    Shown("seat-note-a-yes", f"{SEATS}/{OFFERED}/ja", "secretariat", when="drawn"),
    Shown("seat-note-a-no", f"{SEATS}/{OFFERED}/nej", "secretariat", when="drawn"),
    Shown("seat-not-late", f"{SEATS}/{OFFERED}/giv-videre", "secretariat", status=409, when="drawn"),
    Shown("duties", "/opfoelgning/opgaver", "officer"),
    Shown("duties-early", "/opfoelgning/opgaver", "officer", when="sign-up"),
    Shown("duties-together-nothing-ticked", "/opfoelgning/opgaver/samlet", "officer", 422),
    Shown("duties-of-an-assembly", f"{COUNCIL}/opgaver", "officer"),
    Shown("duties-of-an-assembly-early", f"{COUNCIL}/opgaver", "officer", when="sign-up"),
    Shown("answer", f"{FIRST}/svar", "officer"),
    Shown("answer-mistyped", f"{FIRST}/svar", "officer", 422, fill=(("#money", "meget"),), press=SEND),
    Shown("answer-nothing-to-approve", f"{FIRST}/svar/godkend", "officer"),
    Shown("answer-nothing-to-publish", f"{FIRST}/svar/offentliggoer", "officer"),
    Shown("answer-nothing-to-lay-aside", f"{FIRST}/svar/laeg-til-side", "officer"),
    Shown("answer-versions", f"{FIRST}/svar/versioner", "officer"),
    Shown("work", f"{FIRST}/arbejde", "officer"),
    Shown("work-close", f"{FIRST}/arbejde/afslut", "officer"),
    Shown("work-treatment", f"{FIRST}/arbejde/trin/nyt", "officer"),
    Shown("work-treatment-empty", f"{FIRST}/arbejde/trin/nyt", "officer", 422, press=SEND),
    Shown("widget", f"{COUNCIL}/widget"),
    Shown("widget-early", f"{COUNCIL}/widget", when="sign-up"),
    Shown("embed", f"{COUNCIL}/indlejr"),
    Shown("spreadsheet", f"{COUNCIL}/regneark", "officer"),
    Shown("spreadsheet-early", f"{COUNCIL}/regneark", "officer", when="sign-up"),
    Shown("spreadsheet-without-file", f"{COUNCIL}/regneark", "officer", 422, press=SEND),
    Shown("publish-done", f"{COUNCIL}/status/status-3/udgiv", "officer"),
    Shown("evaluate", f"{COUNCIL}/evaluering/udgiv", "officer"),
    Shown("evaluate-too-early", f"{COUNCIL}/evaluering/udgiv", "officer", when="sign-up"),
    Shown("publish-too-early", f"{COUNCIL}/status/status-3/udgiv", "officer", when="sign-up"),
    Shown("extension-too-late", f"{COUNCIL}/status/status-3/udskyd", "officer"),
    Shown("extension-too-early", f"{COUNCIL}/status/status-3/udskyd", "officer", when="sign-up"),
    # What is sent, for who looks after it.
    Shown("mailings", "/post/job", "secretariat"),
    Shown("mailings-early", "/post/job", "secretariat", when="sign-up"),
    Shown("mailings-operator", "/post/job", "operator"),
    Shown("mailing", INVITATIONS, "secretariat"),
    Shown("mailing-early", INVITATIONS, "operator", when="sign-up"),
    Shown("mailing-pause", f"{INVITATIONS}/pause", "operator"),
    Shown("mailing-resume-too-late", f"{INVITATIONS}/fortsaet", "secretariat"),
    Shown("mailing-cancel", f"{INVITATIONS}/annuller", "secretariat"),
    Shown("mailing-nothing-again", f"{INVITATIONS}/igen/no-address", "secretariat"),
    Shown("problems", "/post/problemer", "operator"),
    Shown("not-delivered", "/post/fejl", "secretariat"),
    Shown("find-post", "/post/person", "secretariat"),
    Shown("find-post-without-number", "/post/person", "secretariat", status=422, press=SEND),
    Shown("persons-post-closed", f"/post/person/{'0' * 32}", "secretariat", status=410),
    # The texts of messages.
    Shown("texts-of-all", TEXTS, "secretariat"),
    Shown("texts", f"{TEXTS}/{A}", "secretariat"),
    Shown("text", f"{TEXTS}/{A}/invitation/da", "secretariat"),
    Shown("text-previewed", f"{TEXTS}/{A}/invitation/en", "secretariat", press=PREVIEW),
    Shown("text-previewed-as-mail", f"{TEXTS}/{A}/status-due/da", "secretariat", press=PREVIEW),
    Shown("text-with-errors", f"{TEXTS}/{A}/drawn/da", "secretariat", 422, fill=WRONG_TEXT, press=PREVIEW),
    Shown("text-versions", f"{TEXTS}/{A}/invitation/da/versioner", "secretariat"),
    Shown("text-version", f"{TEXTS}/{A}/invitation/da/versioner/0", "secretariat"),
    Shown("text-files", f"{TEXTS}/{A}/invitation/da/bilag", "secretariat"),
    Shown("text-files-without-file", f"{TEXTS}/{A}/invitation/da/bilag", "secretariat", 422, press=SEND),
    # Operations and who saw what, in every service.
    *_of_each_service("/drift", "operations", "operator"),
    *_of_each_service("/indsigt", "who-saw-what", "data-protection-officer"),
)


def at(when: When) -> list[Shown]:
    """Return the pages that are looked at at this moment of a course."""
    return [shown for shown in PAGES if shown.when == when]


NO_PAGES = {
    "/samling": "sends one on to the front page",
    "/log-ind/start": "sends one on to the sign-in provider",
    "/tilmelding/medlem/svar": "sends one on to the member's page, or back",
    "/tilmelding/{assembly}/samlinger.ics": "a file to download",
    "/lodtraekning/{assembly}/record.json": "a file to download",
    "/tilmelding/{assembly}/borgerliste/eksempel.csv": "a file to download",
    "/tilmelding/{assembly}/borgerliste/{job}/live": "events for the page that follows a file",
    "/lodtraekning/{assembly}/pladser/live": "events for the page that follows the seats",
    "/lodtraekning/{assembly}/historik/{draw}/record.json": "a file to download",
    "/lodtraekning/{assembly}/lod/{draw}/record.json": "a file to download",
    "/lodtraekning/lottery_verify.py": "a file to download",
    "/lodtraekning/{assembly}/skaerm/live": "events for the big screen",
    "/lodtraekning/{assembly}/lod/{draw}/skaerm/live": "events for the big screen",
    "/lodtraekning/{assembly}/lod/{draw}/live": "events for the page that follows the preparing",
    "/lodtraekning/{assembly}/lod/{draw}/traek/live": "events for the page that the digits are typed at",
    "/lodtraekning/{assembly}/live": "events for the page that follows the draw",
    "/tilmelding/{assembly}/invitationer/live": "events for the page that follows the invitations",
    "/tilmelding/{assembly}/overblik/live": "events for the page that follows the sign-ups",
    "/post/live": "events for the page that follows the post",
    "/post/job/live": "events for the page that follows all mailings",
    "/post/job/{job}/live": "events for the page that follows a mailing",
    "/opfoelgning/nyt.atom": "a feed",
    "/opfoelgning/frister.ics": "a calendar to subscribe to",
    "/opfoelgning/{assembly}/nyt.atom": "a feed",
    "/opfoelgning/{assembly}/frister.ics": "a calendar to subscribe to",
    "/opfoelgning/{assembly}/anbefalinger.csv": "a file to download",
    "/opfoelgning/{assembly}/dagsorden.pdf": "a page of paper",
    "/opfoelgning/{assembly}/regneark/fil/{file}": "a spreadsheet to download",
    "/post/skabeloner/{assembly}/{template}/{language}/versioner/{version}/brev": "a letter as a PDF",
    "/post/skabeloner/{assembly}/{template}/{language}/bilag/{file}": "an enclosed PDF",
}
"""Routes a browser opens that show nothing themselves, with the reason."""

IN_THE_POST = {
    "/post/fejl/{shipment}/aabn": "where something was not delivered",
    "/post/fejl/{shipment}/igen": "where something was not delivered",
}
"""Pages of one message that failed; tests/browser/test_the_post.py looks at them."""

IN_GREVE = {
    "/opfoelgning/{assembly}/haendelser/{event}": "a schedule counted from an event",
}
"""Pages that Dragør's mandate has no use for; tests/browser/test_moved_deadlines.py looks at them."""

IN_THE_CEREMONY = {
    "/lodtraekning/{assembly}/lod/{draw}/skaerm": "the big screen of a test",
    "/lodtraekning/{assembly}/lod/{draw}/annuller": "while it is prepared",
    "/lodtraekning/{assembly}/lod/{draw}/annoncer": "before it is announced",
    "/lodtraekning/{assembly}/lod/{draw}/ugyldig": "while it is announced",
}
"""Pages that are there at moments of the public draw alone; tests/browser/test_the_ceremony.py looks at them."""

IN_THE_SHEET = {"/opfoelgning/{assembly}/regneark/{sheet}": "a spreadsheet that was handed in"}
"""Pages of a sheet between the check and the confirmation; tests/browser/test_the_spreadsheet.py looks at them."""
