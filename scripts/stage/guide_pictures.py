"""Scenes that the user's guide explains, after the pictures of the workplaces: each is played, then photographed.

The night of `scripts.stage.screenshots` stands: lan talks with somebody who cannot breathe, minh with a fire, two
callers wait. A scene leaves no panel and no line behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from scripts.stage.callers import Caller
from scripts.stage.consoles import Console

if TYPE_CHECKING:
    from scripts.stage.screenshots import Pictures

SETTLED_S = 1.3
PAINTED_S = 5.0
"""The streets of a place that was not seen before are painted."""

CUT_OFF_S = 4.0
"""So long after the stream went every panel says that it is stale."""

BACK_WITHIN_S = 40.0
TOLD_WITHIN_S = 15.0


def look(console: Console, language: str, theme: str) -> None:
    console.do(f"lang {language}")
    console.do(f"theme {'toi' if theme == 'dark' else 'sang'}")


def scenes(pictures: Pictures, breathless: Caller, another: Caller) -> None:
    """`breathless` talks with lan; `another` waits, and is about what lan has in hand."""
    lan, minh, thao = (pictures.consoles[user] for user in ("lan", "minh", "thao"))
    for console in (lan, thao):
        console.do("bocuc goc")  # they were on a small screen before
    _card(pictures, lan)
    _map(pictures, lan)
    _hospital(pictures, lan)
    _large_texts(pictures, lan)
    _shift(pictures, lan, minh)
    _late(pictures, thao)
    _wall(pictures, thao)
    _cut_off(pictures, lan)
    _same(pictures, lan, breathless, another)


def _both(pictures: Pictures, console: Console, name: str, looks: tuple[tuple[str, str], ...]) -> None:
    for language, theme in looks:
        look(console, language, theme)
        time.sleep(SETTLED_S)
        pictures.shot(console, f"{name}-{language}-{theme}")


NIGHT_AND_DAY = (("vi", "dark"), ("en", "light"))


def _card(pictures: Pictures, lan: Console) -> None:
    """While one talks: two questions are answered."""
    lan.do("th 1")
    lan.do("th 1")
    _both(pictures, lan, "triage", (("vi", "light"), ("en", "light"), ("vi", "dark")))


def _map(pictures: Pictures, lan: Console) -> None:
    """Its menu beside the form, then measured and followed on a monitor of its own."""
    unit = _at_work(lan)
    lan.do(f"map {pictures.crash}")
    for language, theme in (("vi", "light"), ("en", "light")):
        look(lan, language, theme)
        lan.do("oday")
        time.sleep(2 * SETTLED_S)
        pictures.shot(lan, f"map-menu-{language}-{theme}")
        lan.key("Escape")
    lan.do("ra bando")
    look(lan, "vi", "light")
    lan.do(f"map {pictures.crash}")
    lan.do(f"do {unit} {pictures.crash}")
    time.sleep(PAINTED_S)
    pictures.shot(lan, "map-measure-vi-light")
    lan.do(f"bam {unit}")
    time.sleep(PAINTED_S)
    pictures.shot(lan, "map-follow-vi-light")
    lan.do("bam")
    lan.do("ra")
    lan.do("den bando")
    lan.key("Escape")
    lan.do("den dong")
    lan.do(f"map {pictures.crash}")


def _at_work(lan: Console) -> str:
    """A crew that is on its way to the crash, or there."""
    for incident in list(lan.incidents.values()):
        for leg in incident["legs"].values():
            if leg["units"]:
                return str(leg["units"][0])
    return "A1"


def _hospital(pictures: Pictures, lan: Console) -> None:
    lan.do(pictures.crash)
    ambulance = next(
        str(leg["units"][0])
        for incident in list(lan.incidents.values())
        for service, leg in incident["legs"].items()
        if service == "ambulance" and leg["units"] and incident["owner"] == "lan"
    )
    lan.do(f"bv {ambulance}")
    time.sleep(2 * SETTLED_S)
    _both(pictures, lan, "hospital", NIGHT_AND_DAY)
    lan.do(f"bv {ambulance}")  # it has the keyboard again
    time.sleep(SETTLED_S)
    lan.key("Escape")


def _large_texts(pictures: Pictures, lan: Console) -> None:
    lan.do("co ratlon")
    _both(pictures, lan, "large-texts", (("vi", "light"),))
    lan.do("co vua")
    time.sleep(2 * SETTLED_S)
    _until(lan, lambda: not lan.report()["away"], BACK_WITHIN_S, "the window made anew")


def _shift(pictures: Pictures, lan: Console, minh: Console) -> None:
    """Handed over by lan, seen where it is to be taken; then taken back."""
    lan.do("nb B03 người nhà đứng đón ở đầu hẻm")
    lan.do("bg @minh xe thang chưa tới, gọi lại trạm")
    time.sleep(SETTLED_S)
    for language in ("vi", "en"):
        look(minh, language, "light")
        time.sleep(SETTLED_S)
        pictures.shot(minh, f"handed-{language}-light")
        minh.key("Ctrl+G")
        time.sleep(SETTLED_S)
        pictures.shot(minh, f"shift-sheet-{language}-light")
        minh.key("Escape")
    lan.do("bg-")
    minh.do("doc")


def _late(pictures: Pictures, thao: Console) -> None:
    thao.do("sl 1")
    _both(pictures, thao, "figure", NIGHT_AND_DAY)
    thao.do("sl")


def _wall(pictures: Pictures, thao: Console) -> None:
    thao.do("tuong")
    _both_by_key(pictures, thao)


def _both_by_key(pictures: Pictures, thao: Console) -> None:
    """The wall has no line to type into: the language is chosen before it stands."""
    time.sleep(SETTLED_S)
    pictures.shot(thao, "wall-en-light")
    thao.key("Escape")
    look(thao, "vi", "dark")
    thao.do("tuong")
    time.sleep(SETTLED_S)
    pictures.shot(thao, "wall-vi-dark")
    thao.key("Escape")


def _cut_off(pictures: Pictures, lan: Console) -> None:
    """Redis is gone and comes back; nothing is sent before somebody says so."""
    look(lan, "vi", "light")
    lan.do(pictures.crash)
    pictures.system.redis.kill9()
    _until(lan, lambda: lan.report()["away"], TOLD_WITHIN_S, "the console knowing that it is cut off")
    for line in (f"n {pictures.crash} Người nhà đứng đón ở đầu hẻm", f"p 1 {pictures.crash}"):
        lan.post(line)
    time.sleep(CUT_OFF_S)
    pictures.shot(lan, "cut-off-vi-light")
    pictures.system.redis.start()
    _until(lan, lambda: not lan.report()["away"], BACK_WITHIN_S, "the console in step again")
    time.sleep(SETTLED_S)
    pictures.shot(lan, "back-vi-light")
    _both(pictures, lan, "back", NIGHT_AND_DAY)
    for _ in range(2):
        lan.do("bo")


def _until(console: Console, held: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not held():
        if time.monotonic() > deadline:
            console.wait(lambda: False, 0.0, what)
        time.sleep(0.2)


def _same(pictures: Pictures, lan: Console, breathless: Caller, another: Caller) -> None:
    """A second caller about the crash: the form proposes that it is the same."""
    lan.do(f"h {breathless.number}")
    pictures.ended(lan, breathless)
    incident = pictures.answer(lan, another)
    lan.do(f"t tngt_ket {incident}")
    lan.do(f"@ ngã tư Hàng Xanh {incident}")
    _until(lan, partial(_proposed, lan), TOLD_WITHIN_S, "the proposal")
    time.sleep(SETTLED_S)
    _both(pictures, lan, "same", NIGHT_AND_DAY)


def _proposed(lan: Console) -> bool:
    return bool(lan.report()["alike"])
