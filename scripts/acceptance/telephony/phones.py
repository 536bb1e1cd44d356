"""What the phones at the desks do by themselves, seen from the consoles; and what a carrier may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SECOND_CARRIER, Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.soft_phone import Dialog, SoftPhone

PATIENCE = 90.0  # seconds of a caller


@contextmanager
def _desks(r: Rig, *positions: str) -> Iterator[list[SoftPhone]]:
    """Phones that transfer and hold, in place of these positions'."""
    with ExitStack() as ends:
        yield [ends.enter_context(r.system.phones.soft(it, r.system.site.site.ports.sip)) for it in positions]


def _takes(r: Rig, console: Console, phone: SoftPhone, number: str) -> tuple[Dialog, dict[str, Any]]:
    """The phone is lifted for this caller; the call on the console."""
    r.shown(console, number, "ringing")
    dialog = phone.rung()
    dialog.lift()
    r.shown(console, number, "answered")
    return dialog, _at(console, number, phone.name)


def _at(console: Console, number: str, position: str, *parties: str) -> dict[str, Any]:
    """Until the console shows the caller with that position and with these parties besides."""

    def found() -> dict[str, Any] | None:
        for call in list(console.calls.values()):
            fits = call["number"] == number and call["position"] == position and set(call["parties"]) == set(parties)
            if fits and call["state"] in ("answered", "held"):
                return call
        return None

    call: dict[str, Any] = until(found, f"{number} at {position} with {parties} on {console.name}")
    return call


def _positions(r: Rig, number: str) -> list[str]:
    r.in_step(*r.consoles)
    (row,) = r.sql("SELECT positions FROM calls WHERE number = %s", number)
    return list(row[0])


def _one_incident(r: Rig, before: int) -> None:
    ((now,),) = r.sql("SELECT count(*) FROM incidents")
    need(now == before + 1, f"{now - before} incidents of one call")


def _incidents(r: Rig) -> int:
    ((count,),) = r.sql("SELECT count(*) FROM incidents")
    return int(count)


def blind() -> str:
    """REFER to another position's number, which rings there and is taken there."""
    r = rig()
    lan, minh, number, before = r.console("lan"), r.console("minh"), r.number(), _incidents(r)
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)) as carrier:
        first, call = _takes(r, lan, b01, number)
        need(first.refer("02") == 202, f"REFER: {first.refer_status}")
        until(lambda: r.shown(minh, number, "ringing")["ringing"] == ["B02"], "ringing at B02 alone")
        b02.rung().lift()
        first.transferred("200")
        for console in (lan, minh):
            _at(console, number, "B02")
        need(_positions(r, number) == ["B01", "B02"], f"positions {_positions(r, number)}")
        need(not carrier.finished, "the caller was dropped")
        _one_incident(r, before)
    return f"rang at B02 alone, taken there; incident {call['incident']}, positions B01, B02; NOTIFY 200 to B01"


def to_a_service() -> str:
    """REFER to 114: the caller waits for the fire service's call takers."""
    r = rig()
    lan, thao, number = r.console("lan"), r.console("thao"), r.number()
    with _desks(r, "B01", "B03") as (b01, b03), r.calling(Caller("113", number, patience=PATIENCE)):
        first, _ = _takes(r, lan, b01, number)
        need(first.refer("114") == 202, f"REFER: {first.refer_status}")
        until(lambda: "B03" in r.shown(thao, number, "ringing")["ringing"], "ringing at the fire service's B03")
        rang = set(r.shown(thao, number, "ringing")["ringing"])
        need("B01" not in rang, f"rang at {rang}")
        b03.rung().lift()
        _at(thao, number, "B03")
        need(_positions(r, number) == ["B01", "B03"], f"positions {_positions(r, number)}")
        ((queue,),) = r.sql("SELECT queue FROM calls WHERE number = %s", number)
    need(queue == "q-fire", f"queue {queue}")
    return f"waited in {queue}, rang at {sorted(rang)}, taken at B03"


def not_taken() -> str:
    """The other phone refuses: the caller stands before one who has waited meanwhile."""
    r = rig()
    lan, number, other = r.console("lan"), r.number(), r.number()
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)) as carrier:
        first, _ = _takes(r, lan, b01, number)
        with SoftPhone(other, r.second_carrier, r.system.site.site.ports.sip) as beside:
            waits = beside.dial("113")
            r.shown(lan, other, "ringing")
            need(first.refer("B02") == 202, f"REFER: {first.refer_status}")
            until(lambda: r.shown(lan, number, "ringing")["ringing"] == ["B02"], "ringing at B02")
            b02.rung().hang_up()
            until(lambda: b02.dialogs[-1].state == "over", "B02 refusing")
            entries = until(lambda: _waiting(r, 2), "both callers waiting")
            need(number in entries[0], f"the queue: {entries}")
            lan.do(f"a {number}")
            _at(lan, number, "B01")
            need(not carrier.finished and waits.state == "up", "a caller was dropped")
            waits.hang_up()
    return f"refused at B02, first of {len(entries)} in the queue, answered at B01 again"


def _waiting(r: Rig, count: int) -> list[str]:
    """The callers in q-police, or where all of them overflowed to, in the order in which they will be taken, once there
    are so many."""
    numbers = {fields[0]: fields[7] for fields in r.channels()}
    for queue in ("q-police", "q-all"):
        text = r.system.asterisk.ask(f"queue show {queue}")
        lines = [line.strip() for line in text.partition("Callers:")[2].splitlines() if line.strip()[:1].isdigit()]
        if len(lines) == count:
            return [f"{line} {numbers.get(line.split()[1], '')}" for line in lines]
    return []


def attended() -> str:
    """Hold, a call to the other position, REFER with Replaces: the caller follows."""
    r = rig()
    lan, minh, number, before = r.console("lan"), r.console("minh"), r.number(), _incidents(r)
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)) as carrier:
        first, _ = _takes(r, lan, b01, number)
        first.hold()
        r.shown(minh, number, "held")
        asked = b01.dial("B02")
        b02.rung().lift()
        asked.wait("up")
        _at(minh, number, "B01", "B02")
        need(first.refer("B02", replaces=asked) == 202, f"REFER: {first.refer_status}")
        first.transferred("200")
        for console in (lan, minh):
            _at(console, number, "B02")
        r.shown(minh, number, "answered")
        need({"viettel", "B02"} == r.talking(), f"connected: {r.talking()}")
        need(_positions(r, number) == ["B01", "B02"], f"positions {_positions(r, number)}")
        _one_incident(r, before)
        b02.talking().hang_up()
        r.shown(lan, number, "ended")
        until(lambda: carrier.finished, "the caller released")
        ((by,),) = r.sql("SELECT ended_by FROM calls WHERE number = %s", number)
    need(by == "position", f"ended by {by}")
    return "held, B02 asked, then the caller at B02 alone; one incident; ended by B02's phone"


def while_it_rings() -> str:
    """REFER with Replaces while the other phone still rings, which nobody lifts."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)) as carrier:
        first, _ = _takes(r, lan, b01, number)
        asked = b01.dial("B02")
        rings = b02.rung()
        until(lambda: ";tag=" in asked.remote, "the other phone ringing")
        need(first.refer("B02", replaces=asked) == 202, f"REFER: {first.refer_status}")
        first.wait("over")
        rings.hang_up()
        r.shown(lan, number, "queued", "ringing")
        lan.do(f"a {number}")
        _at(lan, number, "B01")
        need(not carrier.finished, "the caller was dropped")
    return "refused at B02, back in the queue, answered at B01"


def hold() -> str:
    """The phone's own hold key, seen on another console; then a third brought in by the phone."""
    r = rig()
    lan, thao, number = r.console("lan"), r.console("thao"), r.number()
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)):
        first, _ = _takes(r, lan, b01, number)
        first.hold()
        r.shown(thao, number, "held")
        asked = b01.dial("B02")
        b02.rung().lift()
        asked.wait("up")
        first.hold(False)
        r.shown(thao, number, "answered")
        _at(thao, number, "B01", "B02")
        asked.hang_up()
        _at(thao, number, "B01")
    return "held, taken off, B02 beside B01, B02 gone again, as the other console showed it"


def among_us() -> str:
    """Positions and services called from phones: no call on any console, no incident; and nothing else is dialled."""
    r = rig()
    lan, before = r.console("lan"), _incidents(r)
    rows = len(lan.calls)
    with _desks(r, "B01", "B02", "B03") as (b01, b02, b03):
        ours = b01.dial("B02")
        b02.rung().lift()
        ours.wait("up")
        waits = b03.dial("113")
        until(lambda: any(fields[2] == "s" and "q-police" in fields[6] for fields in r.channels()), "B03 waiting")
        refused = {user: b03.dial(user).wait("refused").status for user in ("0912345678", "wait", "B99", "s")}
        need(set(refused.values()) <= {404, 484}, f"dialled: {refused}")
        r.in_step("lan")
        need(len(lan.calls) == rows and _incidents(r) == before, "a call between positions was taken for an emergency")
        for dialog in (ours, waits):
            dialog.hang_up()
    return f"B01 with B02, B03 waiting for 113: no row, no incident; refused: {refused}"


def core_dead() -> str:
    """All of it with the core dead; the next core finds the caller where the phones have put them."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    with _desks(r, "B01", "B02") as (b01, b02), r.calling(Caller("113", number, patience=PATIENCE)) as carrier:
        first, _ = _takes(r, lan, b01, number)
        r.system.core.kill9()
        first.hold()
        asked = b01.dial("B02")
        b02.rung().lift()
        asked.wait("up")
        need(first.refer("B02", replaces=asked) == 202, f"REFER: {first.refer_status}")
        first.transferred("200")
        r.start_core()
        r.system.wait_for_core()
        _at(lan, number, "B02")
        need(not carrier.finished, "the caller was dropped")
        need(_positions(r, number) == ["B01", "B02"], f"positions {_positions(r, number)}")
    return "transferred without a core; the next one shows B02, positions B01, B02"


def carrier_transfers() -> str:
    """A carrier's REFER, and its INVITE with Replaces for its own channel and for the phone's."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    centre = r.system.site.site.ports.sip
    with _desks(r, "B01") as (b01,), SoftPhone(number, r.second_carrier, centre) as carrier:
        caller = carrier.dial("113")
        first, call = _takes(r, lan, b01, number)
        need(call["state"] == "answered", f"{call}")
        before = sorted(fields[0] for fields in r.channels())
        answers = [caller.refer(to) for to in ("113", "B02", "0987654321")] + [caller.refer("113", replaces=caller)]
        turned = Dialog(b01, first.call_id, first.remote, first.local, "")
        for named in (caller, first, turned):
            dialog = carrier.dial("113", extra=f"Replaces: {named.replaced()}\r\n").wait("refused", "up")
            answers.append(dialog.status)
        need(all(status >= 400 for status in answers), f"answered {answers}")
        now = sorted(fields[0] for fields in r.channels())
        need(now == before, f"channels {before} became {now}")
        _at(lan, number, "B01")
        need(r.talking() == {SECOND_CARRIER, "B01"}, f"connected: {r.talking()}")
        caller.hang_up()
    return f"answered {answers}; the call went on at B01, the same channels"


SCENARIOS = [
    Scenario("phone: blind REFER to a position", "rings there alone, taken there; positions in order", blind),
    Scenario("phone: blind REFER to a service", "the caller waits for that service's call takers", to_a_service),
    Scenario("phone: blind REFER not taken", "the caller is first in the queue again", not_taken),
    Scenario(
        "phone: attended, REFER with Replaces", "held, asked, handed over: the caller follows, one incident", attended
    ),
    Scenario("phone: REFER with Replaces while it rings", "not taken: the caller is back in the queue", while_it_rings),
    Scenario("phone: hold key, and a third brought in", "held, resumed, both parties on the other console", hold),
    Scenario("phone: calls among positions", "no row, no incident; nothing else can be dialled", among_us),
    Scenario(
        "phone: attended transfer with the core dead", "the next core shows the caller at the other position", core_dead
    ),
    Scenario("a carrier's REFER and Replaces", "refused; the call and its channels as before", carrier_transfers),
]
