"""How this person's screen is laid out: size of the texts, panels on another monitor, kept layouts."""

from __future__ import annotations

from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, wrong
from console_gui.command_line.tokens import Line
from console_gui.folding import fold

SIZE_SYNTAX = ("co nho | vua | lon | ratlon | + | -", "size small | normal | large | larger | + | -")
SIZE_WORDS = {"nho": "small", "vua": "normal", "lon": "large", "ratlon": "larger"}
SIZE_STEPS = ("+", "-")

PANELS = {
    "bando": "map", "cuocgoi": "calls", "vuviec": "incidents", "donvi": "units", "phieu": "form", "canhbao": "alarms",
    "tinnhan": "texts", "benhvien": "hospitals", "nguoi": "people", "dophu": "coverage", "tuchoi": "declines",
}  # fmt: skip
"""What can stand on another monitor, by its Vietnamese word."""

BESIDE_SYNTAX = ("ra bando", "beside map")
LAYOUT_SYNTAX = ("bocuc goc | luu TÊN | TÊN", "layout reset | keep NAME | NAME")
LAYOUT_NAME = 24


def size(line: Line, context: Context) -> Outcome:
    asked = fold(line.rest).replace(" ", "")
    name = SIZE_WORDS.get(asked) or (asked if asked in (*SIZE_WORDS.values(), *SIZE_STEPS) else "")
    return Screen(Act.SIZE, name) if name else wrong("choice", text=line.rest, near=SIZE_SYNTAX)


def beside(line: Line, context: Context) -> Outcome:
    """``ra bando``: the panel goes to the other monitor; again, or ``ra`` alone, and it comes back."""
    asked = fold(line.rest).replace(" ", "")
    name = PANELS.get(asked) or (asked if asked in PANELS.values() else "")
    if asked and not name:
        return wrong("choice", text=line.rest, near=(", ".join(PANELS), ", ".join(PANELS.values())))
    return Screen(Act.BESIDE, name)


def layout(line: Line, context: Context) -> Outcome:
    """``bocuc goc`` is the preset; ``bocuc luu đêm`` keeps this one under a name, ``bocuc đêm`` brings it back."""
    word, _, rest = line.rest.partition(" ")
    if not word:
        return wrong("usage", syntax=LAYOUT_SYNTAX)
    if fold(word) in ("goc", "reset") and not rest:
        return Screen(Act.LAYOUT_RESET)
    keeps = fold(word) in ("luu", "keep")
    name = fold(rest if keeps else line.rest).strip()
    if not name or len(name) > LAYOUT_NAME:
        return wrong("layout_name", text=name, most=LAYOUT_NAME)
    return Screen(Act.LAYOUT_KEEP if keeps else Act.LAYOUT, name)
