"""What concerns this screen alone: show an incident, help, language, theme, filter, map, sign out."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.folding import fold

LANGUAGES = {"vi": "vi", "en": "en", "tieng viet": "vi", "viet": "vi", "english": "en", "anh": "en"}
THEMES = {"dark": "dark", "light": "light", "toi": "dark", "sang": "light"}

GO_SYNTAX = ("den diachi | loai | uutien | ghichu | cuocgoi | vuviec | donvi | nhanh | canhbao | bando | nguoi | dong",
             "go place | type | priority | note | calls | incidents | units | legs | alarms | map | people | line",
             )  # fmt: skip
SPOTS = {
    "diachi": "place", "loai": "type", "ghichu": "note", "cuocgoi": "calls", "vuviec": "incidents", "donvi": "units",
    "nhanh": "legs", "canhbao": "alarms", "bando": "map", "dong": "line", "themban": "add_position", "nguoi": "people",
    "uutien": "priority",
}  # fmt: skip
"""Where the keyboard may go, by its Vietnamese word."""


def show(line: Line, context: Context) -> Outcome:
    named = target(f"#{line.rest}")
    if named is None:
        return wrong("usage", syntax="#42")
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else Screen(Act.SHOW, incident.id)


def show_help(line: Line, context: Context) -> Outcome:
    return Screen(Act.HELP, line.rest)


def language(line: Line, context: Context) -> Outcome:
    code = LANGUAGES.get(fold(line.rest))
    return Screen(Act.LANGUAGE, code) if code else wrong("choice", text=line.rest, near="lang vi, lang en")


def theme(line: Line, context: Context) -> Outcome:
    name = THEMES.get(fold(line.rest))
    near = ("theme toi, theme sang", "theme dark, theme light")
    return Screen(Act.THEME, name) if name else wrong("choice", text=line.rest, near=near)


def filter_units(line: Line, context: Context) -> Outcome:
    return Screen(Act.FILTER, line.rest)


def map_view(line: Line, context: Context) -> Outcome:
    """``map`` shows everything, ``map #42`` an incident, ``map A12`` a unit."""
    if not line.rest:
        return Screen(Act.MAP)
    named = target(line.rest)
    if named is not None:
        incident = resolve.incident(context, named)
        return incident if isinstance(incident, Wrong) else Screen(Act.MAP, incident.id)
    unit = resolve.unit(context.state, line.rest)
    return unit if isinstance(unit, Wrong) else Screen(Act.MAP, unit.call_sign)


def go(line: Line, context: Context) -> Outcome:
    """``den diachi``: the keyboard goes there."""
    asked = fold(line.rest).replace(" ", "")
    spot = SPOTS.get(asked) or (asked if asked in SPOTS.values() else "")
    near = (GO_SYNTAX[0], GO_SYNTAX[1])
    return Screen(Act.GO, spot) if spot else wrong("choice", text=line.rest, near=near)


def full_screen(line: Line, context: Context) -> Outcome:
    return Screen(Act.FULL_SCREEN)
