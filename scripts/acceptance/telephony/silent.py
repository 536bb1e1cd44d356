"""Callers who cannot speak: asked for a key, every key shown, sounds flagged, nothing closed by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SEATS, Rig, rig, until
from scripts.stage.consoles import Console
from scripts.stage.key_caller import KeyCaller
from scripts.stage.phones import WAITS
from scripts.stage.tone import sine

PROMPT_S = 4.0  # of the prompt's five, beyond any ring of one second


@contextmanager
def caller(r: Rig, number: str, dial: str = "113") -> Iterator[KeyCaller]:
    with KeyCaller(r.system.site.carrier_port, r.system.site.site.ports.sip, dial, number) as one:
        one.wait_connected()
        yield one


def call_of(console: Console, number: str, held: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
    """What the console says of this caller's call, once it is so."""

    def found() -> dict[str, Any] | None:
        return next((it for it in list(console.calls.values()) if it["number"] == number and held(it)), None)

    it: dict[str, Any] = until(found, what, 25.0)
    return it


def waiting() -> str:
    """Heard while he waits, from the dialplan alone: the core is dead when it is played. A handset lifted in the
    middle of the words ends them."""
    r = rig()
    r.console("lan")
    seat = SEATS["lan"]
    r.system.core.kill9()
    with r.system.phones.soft(seat, r.system.site.site.ports.sip) as phone, caller(r, r.number()) as one:
        until(lambda: one.longest_s > PROMPT_S - 1.0, "the prompt in the caller's ear", 40.0)
        ringing = phone.rung()
        need(seat not in r.talking(), f"{seat} talks before it is lifted")
        heard, lifted = one.longest_s, time.monotonic()
        ringing.lift()
        until(lambda: seat in r.talking(), "the phone connected")
        took = time.monotonic() - lifted
        need(took < 1.0, f"connected after {took:.1f} s")
        ringing.hang_up()
    return f"{heard:.1f} s heard with the core dead; lifted in the middle of the words: connected within {took:.2f} s"


def keys() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with caller(r, number) as one:
        r.answered(lan, number)
        for digit in "5#21":
            one.press(digit)
        call_of(lan, number, lambda it: it["keys"] == "5#21", "every key on the console")
        call = call_of(lan, number, lambda it: it["cannot_speak"], "the mark of one who cannot speak")
        refused = lan.type(f"xx {_short(call['incident'])}")
        need(not refused.accepted and refused.code == "cannot_speak", f"xx said {refused}")
        live = lan.calls[call["call"]]["state"]
        need(live == "answered", f"the call is {live}")
        lan.do(f"xx chac {_short(call['incident'])}")
    return "5#21 shown; closed only with the word"


def sounds() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with caller(r, number) as one:
        call_of(lan, number, lambda it: not it["sounds"], "the silent caller")
        one.say(sine(300, 1.5))
        call_of(lan, number, lambda it: it["sounds"], "the sound flagged")
    return "flagged while it lasted"


def asked() -> str:
    """One key of the call taker: the caller hears the words, the call goes on."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    r.system.phones.mirror()
    r.phone(SEATS["lan"], WAITS)
    with caller(r, number) as one:
        call = r.answered(lan, number)
        before = one.heard_s
        lan.do("im")
        until(lambda: one.heard_s - before > PROMPT_S - 0.5, "the prompt in the caller's ear", 20.0)
        call_of(lan, number, lambda it: it["prompted"], "that he was asked")
        need(lan.calls[call["call"]]["state"] == "answered", "the call did not go on")
        one.press("5")
        call_of(lan, number, lambda it: it["keys"] == "5", "his key")
    return "heard, answered with 5, the call never left the position"


def _short(incident: str) -> str:
    return f"#{int(incident.rpartition('-')[2])}"


SCENARIOS = [
    Scenario("a silent caller waits, the core is dead", "is asked to press 5; no answer waits for it", waiting),
    Scenario("a silent caller presses 5 and more", "each key shown; not closed by a slip", keys),
    Scenario("a noise behind a silent caller", "is flagged on the row", sounds),
    Scenario("the call taker asks with one key", "only the caller hears it; the call goes on", asked),
]
