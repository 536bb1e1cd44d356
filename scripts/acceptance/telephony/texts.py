"""Texts to 113, 114 and 115: they come once, are answered at a console, and reach the carrier byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.consoles import Console
from scripts.stage.text_carrier import TextCarrier

FORGED = "cháy\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nUniqueid: victim-1\r\n\r\nX: y"


@contextmanager
def line(r: Rig) -> Iterator[TextCarrier]:
    """The carrier, as far as texts go."""
    with TextCarrier(r.system.site.carrier_port, r.system.site.site.ports.sip) as carrier:
        yield carrier


def shown(console: Console, number: str, lines: int = 1) -> dict[str, Any]:
    """The conversation of this number as the console shows it, with at least so many messages."""

    def found() -> dict[str, Any] | None:
        told = [it for it in console.told("conversation") if it["number"] == number and len(it["lines"]) >= lines]
        return told[-1] if told else None

    it: dict[str, Any] = until(found, f"{lines} messages of {number} on {console.name}")
    return it


def settled(console: Console, number: str, state: str) -> str:
    def found() -> str:
        told = [it for it in console.told("conversation") if it["number"] == number]
        last = told[-1]["lines"][-1] if told else {"state": ""}
        return last["state"] if last["state"] == state else ""

    return str(until(found, f"the answer to {number} {state}", 20.0))


def answered() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    answer = "Chúng tôi nghe. Ở yên trong phòng, xe 114 đang đến 🚒"
    with line(r) as carrier:
        carrier.send("Cháy nhà hẻm 5\nkhông nói được 🔥", number, "114")
        came = shown(lan, number)
        need(came["lines"][0]["text"] == "Cháy nhà hẻm 5\nkhông nói được 🔥", f"the text came as {came['lines'][0]}")
        lan.do(f"tn {number} {answer}")
        until(lambda: carrier.received, "the answer at the carrier")
        got = carrier.received[0]
        need((got.to, got.sender, got.body) == (number, "114", answer.encode()), f"the carrier received {got}")
        settled(lan, number, "sent")
    r.in_step("lan")
    return f"{len(got.body)} bytes from 114 to the writer, the same"


def once() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with line(r) as carrier:
        again = carrier.send("cứu", number, "113")
        carrier.send("cứu", number, "113", call_id=again)
        carrier.send("tầng 3", number, "113")
        it = shown(lan, number, 2)
    texts = [row["text"] for row in it["lines"]]
    need(texts == ["cứu", "tầng 3"], f"shown: {texts}")
    return "sent three times, one of them again: two messages shown"


def forged() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    live = r.system.health()["calls_live"]
    with line(r) as carrier:
        carrier.send(FORGED, number, "115")
        it = shown(lan, number)
    need(it["lines"][0]["text"] == FORGED.replace("\r\n", "\n"), f"shown: {it['lines'][0]['text']!r}")
    need(r.system.health()["calls_live"] == live, "a call changed")
    return "shown as text; no event of it was believed"


def unsent() -> str:
    """The switch is dead when the answer is written: said at once, and not sent when it is back."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    with line(r) as carrier:
        carrier.send("alo", number, "113")
        shown(lan, number)
        r.system.asterisk.kill9()
        until(lambda: r.system.health().get("nodes_down") == 1, "the core knowing that the switch is gone")
        lan.do(f"tn {number} nghe đây")
        settled(lan, number, "refused")
        r.system.asterisk.start()
        until(lambda: r.system.health().get("nodes_up") == 1, "the switch back", 30.0)
        lan.do(f"tn {number} nghe rõ")
        until(lambda: carrier.received, "the second answer")
        bodies = [it.body.decode() for it in carrier.received]
    need(bodies == ["nghe rõ"], f"the carrier received {bodies}")
    return "said to be not sent; only what was written after that went out"


def incident() -> str:
    r = rig()
    lan, minh, number = r.console("lan"), r.console("minh"), r.number()
    with line(r) as carrier:
        carrier.send("tai nạn ngã tư Hàng Xanh", number, "115")
        shown(lan, number)
    lan.do(f"tn+ {number}")
    made = until(lambda: [it for it in minh.told("conversation") if it["number"] == number and it["incident"]], "it")
    ident = made[-1]["incident"]
    until(lambda: ident in minh.incidents, "the incident on the other console")
    lan.do(f"tn- {number}")
    return f"incident {ident} of a text, on both consoles; the conversation closed"


SCENARIOS = [
    Scenario("a text is answered from the console", "the carrier receives exactly those bytes", answered),
    Scenario("a carrier sends a text again", "it is one message", once),
    Scenario("a text that contains AMI events", "is text; nothing of it is believed", forged),
    Scenario("the switch is dead when an answer is written", "not sent, said so, never sent again", unsent),
    Scenario("an incident is made of a text", "one key; every console has it", incident),
]
