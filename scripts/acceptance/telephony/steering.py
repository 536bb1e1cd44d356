"""Call control from the console while a call is up, and a supervisor's ear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.phones import Habit

PATIENCE = 90.0  # seconds of a caller
LIFTS = Habit(lift_after=0.4)
BEGAN = "SELECT count(*) FROM journal WHERE type = 'WatchBegan'"
INTERPRETER = "0281234567"


@contextmanager
def _talking(r: Rig, dial: str = "115") -> Iterator[tuple[Console, str]]:
    """A caller at B01, where lan sits."""
    lan, number = r.console("lan"), r.number()
    for user in ("minh", "thao"):
        r.console(user)
    with r.calling(Caller(dial, number, patience=PATIENCE)):
        r.answered(lan, number)
        yield lan, number


def _call(console: Console, number: str) -> dict[str, Any]:
    return next(it for it in list(console.calls.values()) if it["number"] == number)


def _until(console: Console, number: str, **wanted: Any) -> dict[str, Any]:
    """Until the console shows the caller so; `parties` in any order."""

    def fits() -> dict[str, Any] | None:
        call = _call(console, number)
        return call if all(_same(call.get(name), value) for name, value in wanted.items()) else None

    call: dict[str, Any] = until(fits, f"{number} with {wanted} on {console.name}, shown {_call(console, number)}")
    return call


def _same(seen: Any, wanted: Any) -> bool:
    return set(seen) == set(wanted) if isinstance(wanted, list) else bool(seen == wanted)


def _hears(r: Rig, *phones: str) -> None:
    until(lambda: _talk(r) == set(phones), f"{phones} talking, seen {_talk(r)}")


def _talk(r: Rig) -> set[str]:
    """Positions and carriers in a bridge; the room itself has a channel too."""
    names = {fields[0].split("/")[1].split("-")[0] for fields in r.channels() if fields[0].startswith("PJSIP/")}
    return r.talking() & names


def _agreed(r: Rig) -> None:
    r.in_step("lan", "minh", "thao")


def hold() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do("gi")
        _until(lan, number, state="held", position="B01")
        until(lambda: not _talk(r), "nobody in a bridge")
        again = lan.type("gi")
        need(again.code == "already_held", f"a second hold: {again}")
        lan.do("tiep")
        _until(lan, number, state="answered", position="B01")
        _hears(r, "viettel", "B01")
        lan.key("Alt+H")
        _until(lan, number, state="held")
        lan.key("Alt+H")
        _until(lan, number, state="answered")
        _agreed(r)
    return f"held and back twice, by word and by key; a second hold: “{again.sentence}”"


def mute() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do("mic")
        _until(lan, number, muted=["B01"])
        lan.do("gi")
        _until(lan, number, state="held", muted=["B01"])
        lan.do("tiep")
        _until(lan, number, state="answered", muted=["B01"])
        lan.do("mic")
        _until(lan, number, muted=[])
        _hears(r, "viettel", "B01")
        _agreed(r)
    return "off and on again; a hold between changed nothing"


def transfer_to_a_position() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        r.phone("B02", LIFTS)
        lan.do("ch B02")
        _until(lan, number, state="answered", position="B02")
        _hears(r, "viettel", "B02")
        no = lan.type("gi")
        need(no.code == "no_call", f"lan still steers: {no}")
        r.phone("B03", Habit(busy=True))
        r.console("minh").do("ch B03")
        _shown_waiting(lan, number)
        told = until(lambda: [it for it in r.console("minh").notices if "B03" in str(it)], "minh being told")
        _agreed(r)
    return f"B02 talks, B01 is free; B03 was busy: the caller waits again, told “{_text(told[-1])}”"


def _shown_waiting(console: Console, number: str) -> None:
    until(lambda: _call(console, number)["state"] in ("queued", "ringing"), f"{number} waiting again")


def _text(notice: dict[str, Any]) -> str:
    return str(notice.get("sentence") or notice.get("text") or notice)


def transfer_to_a_service() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do("ch 114")
        _shown_waiting(lan, number)
        (row,) = r.sql("SELECT queue FROM calls WHERE number = %s", number)
        need(row[0] in ("q-fire", "q-all"), f"queue {row[0]}")
        r.console("minh").do(f"a {number}")
        _until(lan, number, state="answered", position="B02")
        _agreed(r)
    return f"waits in {row[0]}, answered at B02"


def transfer_to_a_number() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        no = lan.type("ch 12")
        need(not no.accepted, "a number of two digits was taken")
        lan.do(f"ch {INTERPRETER}")
        _until(lan, number, position="", parties=["viettel"])
        _hears(r, "viettel")
        until(lambda: _call(lan, number)["state"] == "ended", "the end, as the number hangs up")
    return f"the caller talks with {INTERPRETER} through the carrier, lan is free; two digits: “{no.sentence}”"


def consult_and_complete() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        r.phone("B02", LIFTS)
        lan.do("hoi B02")
        _until(lan, number, state="held", position="B01", parties=["B02"])
        lan.do("noi")
        _until(lan, number, state="answered", position="B02", parties=[])
        _hears(r, "viettel", "B02")
        _agreed(r)
    return "caller on hold while B01 asks B02, then with B02; B01 free"


def consult_and_join() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do(f"hoi {INTERPRETER}")
        _until(lan, number, state="held", parties=["viettel"])
        lan.do("ba")
        _until(lan, number, state="answered", position="B01", parties=["viettel"])
        need(len([it for it in r.channels() if it[5] == "ConfBridge"]) == 3, f"not three in one room: {r.channels()}")
        _agreed(r)
    return "caller, B01 and the interpreter in one room"


def back() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do("hoi B02")  # nobody lifts it
        _until(lan, number, state="held")
        lan.do("ve")
        _until(lan, number, state="answered", position="B01")
        r.phone("B02", Habit(busy=True))
        lan.do("hoi B02")
        told = until(lambda: [it for it in lan.notices if it.get("kind") != "reply" and "bận" in str(it)], "being told")
        _until(lan, number, state="answered", position="B01")
        _hears(r, "viettel", "B01")
        _agreed(r)
    return f"back while it rang; back by itself when busy, told “{_text(told[-1])}”"


def conference_left() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        r.phone("B02", LIFTS)
        lan.do("moi B02")
        _until(lan, number, position="B01", parties=["B02"])
        lan.do("roi")
        _until(lan, number, position="B02", parties=[])
        _hears(r, "viettel", "B02")
        alone = r.console("minh").type("roi")
        need(alone.code == "not_a_conference", f"left alone: {alone}")
        _agreed(r)
    return f"B01 left, the caller talks on with B02; B02 may not leave: “{alone.sentence}”"


def barge() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        no = r.console("minh").type("chen B01")
        need(not no.accepted, "a dispatcher came in")
        thao = r.console("thao")
        thao.do("chen B01")
        _until(lan, number, position="B01", parties=["B03"])
        _hears(r, "viettel", "B01", "B03")
        thao.do("thoi")
        _until(lan, number, position="B01", parties=[])
        _hears(r, "viettel", "B01")
        (count,) = r.sql("SELECT count(*) FROM journal WHERE type = 'WatchAsked'")[0]
        _agreed(r)
    return f"in as a party and out again, {count} on record; a dispatcher: “{no.sentence}”"


def listen_and_whisper() -> str:
    """Without a barge nobody sees it but whoever listens; each ends with the call."""
    r = rig()
    seen = []
    for word, how in (("gs", "listen"), ("nhac", "whisper")):
        with _talking(r) as (lan, number):
            thao = r.console("thao")
            thao.do(f"{word} B01")
            call = _call(lan, number)
            until(lambda: r.sql(BEGAN)[0][0] > len(seen), "its beginning on record")
            spying = [it for it in r.channels() if it[5] == "ChanSpy"]
            need(len(spying) == 1 and "q" in spying[0][6], f"{how}: {spying}")
            need(("w" in spying[0][6]) == (how == "whisper"), f"{how}: {spying[0][6]}")
            need(_call(lan, number)["parties"] == call["parties"] == [], "lan's console shows a party")
            lan.do("h")
            until(lambda: not r.channels(), f"no channel left, seen {r.channels()}")
            seen.append(how)
            _agreed(r)
    return f"{', '.join(seen)}: quiet, one channel by its id, on record, no party on lan's console; over with the call"


def phone_dies_on_hold() -> str:
    r = rig()
    with _talking(r) as (lan, number):
        lan.do("gi")
        _until(lan, number, state="held")
        (phone,) = [it for it in r.channels() if it[0].startswith("PJSIP/B01")]
        r.system.asterisk.ask(f"channel request hangup {phone[0]}")
        _shown_waiting(lan, number)
        lan.do(f"a {number}")
        _until(lan, number, state="answered", position="B01")
        _agreed(r)
    return "the caller waits again, in front, and is answered anew"


SCENARIOS = [
    Scenario("hold and resume", "the caller alone, then with the same position", hold),
    Scenario("mute", "the position's own voice alone, through a hold", mute),
    Scenario("transfer to a position", "it talks; nobody there: caller waits again, told", transfer_to_a_position),
    Scenario("transfer to a service", "that service's queue", transfer_to_a_service),
    Scenario("transfer to a number", "through the carrier; the position is free", transfer_to_a_number),
    Scenario("consult, complete", "the one who was asked has the caller", consult_and_complete),
    Scenario("consult, join an interpreter", "three in one room", consult_and_join),
    Scenario("consult, back", "with the caller again, whatever became of it", back),
    Scenario("conference, one leaves", "the others talk on", conference_left),
    Scenario("a supervisor listens, whispers", "nobody notices; on record; over with the call", listen_and_whisper),
    Scenario("a supervisor barges in", "a party for all to see, on record", barge),
    Scenario("the phone dies while the caller is on hold", "first in the queue, never in silence", phone_dies_on_hold),
]
