"""What people do at their consoles: answering, refusals, one key for an empty call, a supervisor's reassignment."""

from __future__ import annotations

import re
import time
from functools import partial

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller, CarrierCall, Ending
from scripts.stage.consoles import Answer, Console
from scripts.stage.headless.operators import short
from scripts.stage.phones import Habit

REASON = "người kia đang bận vụ khác"
LIFTED_AFTER_S = 2.0


def forms(console: Console) -> list[str]:
    """The incidents that popped on this screen so far."""
    return [it["incident"] for it in console.told("form") if it["incident"]]


def worked_incident(r: Rig, console: Console, number: str, kind: str = "cuop", place: str = "chợ Bến Thành") -> str:
    """The caller answered, the place and the type typed, legs routed; returns the incident's id."""
    incident: str = r.answered(console, number)["incident"]
    tag = short(incident)
    console.do(f"@ {place} {tag}")
    console.do(f"t {kind} {tag}")
    until(lambda: routed(console, incident), f"routing of {incident}")
    return incident


def routed(console: Console, incident: str) -> bool:
    legs = console.incidents[incident]["legs"].values()
    return bool(legs) and all(leg["zone"] and leg["candidates"] for leg in legs)


def proposed(console: Console, incident: str, service: str) -> str:
    unit: str = console.incidents[incident]["legs"][service]["candidates"][0]
    return unit


def refused(answer: Answer, *words: str) -> str:
    """The sentence of a refusal that says all of `words`."""
    need(not answer.accepted, f"“{answer.line}” was accepted")
    missing = [word for word in words if word not in answer.sentence]
    need(not missing, f"“{answer.sentence}” does not say {missing}")
    return answer.sentence


def answering() -> str:
    """Both ring; one answers from the console: its own phone picks up by itself, the form pops there alone."""
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    number = r.number()
    before = len(forms(minh))
    with r.calling(Caller("113", number)):
        until(lambda: {"B01", "B02"} <= set(r.shown(lan, number, "ringing")["ringing"]), "both phones ringing")
        rung = r.shown(lan, number, "ringing")["ringing"]
        call = r.answered(lan, number)
        need(call["position"] == "B01", f"answered at {call['position']}")
        need(r.talking() == {"viettel", "B01"}, f"channels up: {r.talking()}")
        until(lambda: forms(lan)[-1:] == [call["incident"]], "the form on lan's screen")
        need(forms(minh)[before:] == [], f"a form on minh's screen: {forms(minh)[before:]}")
    return f"rang at {', '.join(sorted(rung))}; B01 alone picked up; {call['incident']} popped at lan's alone"


def lifting() -> str:
    """A phone that does not answer by itself: `a` makes it ring, lifting it is the answer."""
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    r.phone("B01", Habit(lift_after=LIFTED_AFTER_S, auto_answer=False))
    asked, only = r.number(), r.number()
    before = len(forms(minh))
    with r.calling(Caller("113", asked)):
        r.shown(lan, asked, "ringing")
        lan.do(f"a {asked}")
        began = time.monotonic()
        call = r.shown(lan, asked, "answered")
        waited = time.monotonic() - began
        need(waited > LIFTED_AFTER_S / 2, f"answered after {waited:.1f} s, before anybody lifted the phone")
        need(call["position"] == "B01", f"answered at {call['position']}")
        until(lambda: forms(lan)[-1:] == [call["incident"]], "the form on lan's screen")
        lan.do(f"h {asked}")
        r.shown(lan, asked, "ended")
    with r.calling(Caller("113", only)):
        lifted = r.shown(lan, only, "answered")
        need(lifted["position"] == "B01", f"answered at {lifted['position']}")
        until(lambda: forms(lan)[-1:] == [lifted["incident"]], "the form of the lifted call on lan's screen")
    need(forms(minh)[before:] == [], f"a form on minh's screen: {forms(minh)[before:]}")
    return f"after “a” it rang until lifted, {waited:.1f} s; lifted without “a” popped {lifted['incident']} there"


def one_unit_two_dispatchers() -> str:
    """The same unit for two incidents, typed at the same moment in two consoles."""
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    first, second = r.number(), r.number()
    with r.calling(Caller("113", first)):
        one = worked_incident(r, lan, first)
        with_lan = proposed(lan, one, "police")
        lan.do(f"h {first}")
        r.shown(lan, first, "ended")
    with r.calling(Caller("113", second)):
        two = worked_incident(r, minh, second)
    numbers = lan.post(f"d {with_lan} {short(one)}"), minh.post(f"d {with_lan} {short(two)}")
    answers = {"lan": lan.outcome(numbers[0]), "minh": minh.outcome(numbers[1])}
    won = [user for user, answer in answers.items() if answer.accepted]
    need(len(won) == 1, f"accepted for {won}")
    loser = answers["minh" if won == ["lan"] else "lan"]
    name = {"lan": "Nguyễn Thị Lan", "minh": "Trần Quang Minh"}[won[0]]
    sentence = refused(loser, with_lan, short(one if won == ["lan"] else two), name)
    need(re.search(r"\d{1,2}:\d{2}", sentence), f"no time in “{sentence}”")
    live = r.sql("SELECT count(*) FROM assignments WHERE unit = %s AND released_at IS NULL", with_lan)[0][0]
    need(live == 1, f"{live} live assignments of {with_lan}")
    return sentence


def wrong_words() -> str:
    """An unknown unit, at the console and past it; a status that cannot follow; a role that may not."""
    r = rig()
    lan, hung = r.console("lan"), r.console("hung")
    number = r.number()
    with r.calling(Caller("113", number)):
        incident = worked_incident(r, lan, number)
        tag, unit = short(incident), proposed(lan, incident, "police")
        seen = [refused(lan.type(f"d C99 {tag}"), "C99")]
        lan.do(f"d {unit} {tag}")
        lan.do(f"/st {unit} toi")
        seen.append(refused(lan.type(f"/st {unit} di"), unit, "tại hiện trường", "đang đến"))
        seen.append(refused(lan.type(f"/st {unit} bay"), "bay"))
        seen.append(refused(lan.type(f"re {tag}/113 @minh {REASON}"), "trưởng ca"))
        seen.append(refused(hung.type(f"x done {tag}"), ""))
        seen.append(refused(lan.type('addpos B90 "Bàn 90" 113'), "quản trị"))
    state, free = r.sql(
        "SELECT i.state, a.released_at IS NULL FROM incidents i JOIN assignments a ON a.incident = i.id "
        "WHERE i.id = %s",
        incident,
    )[0]
    need((state, free) == ("working", True), f"the incident is {state}, its unit assigned: {free}")
    return " / ".join(dict.fromkeys(seen))


def one_key() -> str:
    r = rig()
    lan = r.console("lan")
    number = r.number()
    with r.calling(Caller("113", number)) as carrier:
        call = r.answered(lan, number)
        until(lambda: lan.report()["form"] == call["incident"], "the form")
        lan.key("F8")
        r.shown(lan, number, "ended")
        until(lambda: _ending(carrier.calls) is Ending.RELEASED, "the carrier hearing us hang up")
    rows = r.sql(
        "SELECT i.state, i.disposition, c.state FROM incidents i JOIN calls c ON c.incident = i.id WHERE c.number = %s",
        number,
    )
    need(rows == [("closed", "no_content", "ended")], f"{rows}")
    return f"F8: the carrier heard the centre hang up, {call['incident']} closed as no_content"


def _ending(calls: list[CarrierCall]) -> Ending | None:
    return calls[0].ending if calls else None


def reassigning() -> str:
    """Incident, leg to another person, station and unit, each with its reason; both sides are told."""
    r = rig()
    lan, minh, thao = r.console("lan"), r.console("minh"), r.console("thao")
    number = r.number()
    with r.calling(Caller("113", number)):
        incident = worked_incident(r, lan, number)
    tag, unit = short(incident), proposed(lan, incident, "police")
    other = lan.incidents[incident]["legs"]["police"]["candidates"][1]
    lan.do(f"d {unit} {tag}")
    told = {console.name: len(console.notices) for console in (lan, minh)}
    refused(lan.type(f"re {tag} @minh {REASON}"), "trưởng ca")
    refused(thao.type(f"re {tag} @minh"), "lý do")
    thao.do(f"re {tag}/113 @minh {REASON}")
    thao.do(f"re {tag} @minh {REASON}")
    for console in (lan, minh):
        until(partial(_told_why, console, told[console.name]), f"{console.user} being told with the reason")
    thao.do(f"re {tag}/113 tram:PS08 {REASON}")
    thao.do(f"re {tag}/113 {other}<{unit} {REASON}")
    until(lambda: lan.incidents[incident]["legs"]["police"]["units"] == [other], "the other unit on the leg")
    leg = lan.incidents[incident]["legs"]["police"]
    need((leg["dispatcher"], leg["station"]) == ("minh", "PS08"), f"{leg}")
    need(lan.incidents[incident]["owner"] == "minh", f"owner {lan.incidents[incident]['owner']}")
    r.in_step("lan", "minh", "thao")
    return f"{tag} and its leg from lan to minh, station PS08, {unit} to {other}; both told: “{REASON}”"


def _told_why(console: Console, since: int) -> bool:
    return any(it["code"] == "reassigned" and REASON in it["sentence"] for it in console.notices[since:])


SCENARIOS = [
    Scenario(
        "answering from the console", "that position's phone picks up; the form pops there and only there", answering
    ),
    Scenario(
        "a phone without auto-answer", "it rings; lifting it is the answer, and the form pops there alone", lifting
    ),
    Scenario(
        "two dispatchers, one unit", "typed at the same moment: one wins, the other is told who and when",
        one_unit_two_dispatchers,
    ),
    Scenario("wrong unit, status and role", "each refused in clear words, nothing changed", wrong_words),
    Scenario("an empty call", "one key hangs up and closes as no content", one_key),
    Scenario(
        "a supervisor reassigns", "incident and leg to another person, station, unit; both sides are told; a "
        "dispatcher and a missing reason are refused", reassigning,
    ),
]  # fmt: skip
