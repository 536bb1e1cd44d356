"""The supervisor's figures, what stands behind them, what is told after a gap, and formats of odd values."""

from __future__ import annotations

import pytest

from console_gui.changes import difference
from console_gui.supervising.figures import Figure, figures
from console_gui.tidings import new_notes, tidings
from console_gui.translations import formats
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import State
from tests.console.scenario import Night, busy_night


def by_key(night: Night) -> dict[str, Figure]:
    return {it.key.removeprefix("figure."): it for it in figures(night.state, night.now)}


def behind(night: Night, figure: Figure) -> list[str]:
    return [ident[-1] for ident, it in night.state.incidents.items() if figure.wanted(it)]


def test_each_figure_and_the_list_behind_it() -> None:
    night = busy_night()
    found = by_key(night)
    assert {key: (it.text, it.more) for key, it in found.items()} == {
        "waiting.police": ("0", ""), "waiting.fire": ("1", "0:12"), "waiting.ambulance": ("1", "0:29"),
        "within_15": ("80%", "80%"), "within_20": ("80%", "80%"), "missed": ("1", ""), "given_up": ("1", "1"),
        "called_back": ("0/1", "0/1"), "unsent": ("0", ""), "late_offers": ("3", ""), "unsaid": ("1", ""),
        "unexplained": ("2", ""), "open": ("6", ""), "free": ("29/36", ""),
    }  # fmt: skip
    assert [key for key, it in found.items() if it.late] == ["waiting.ambulance"]
    assert [key for key, it in found.items() if it.broken] == [
        "within_15", "within_20", "late_offers", "unsaid", "unexplained",
    ]  # fmt: skip
    lists = {key: behind(night, it) for key, it in found.items()}
    assert (lists["waiting.ambulance"], lists["waiting.fire"]) == (["5"], ["6"])
    assert lists["missed"] == lists["called_back"] == lists["unsaid"] == ["3"]
    assert lists["late_offers"] == ["1", "2"]
    assert lists["unexplained"] == ["1", "2"]
    assert lists["open"] == ["1", "2", "3", "5", "6", "7"]
    late = [it.call for it in night.state.late_calls.values() if found["given_up"].calls(it)]  # type: ignore[misc]
    assert late == [night.state.incidents["20261123-00003"].calls[0]]


def test_an_incident_without_units_is_counted_until_one_is_sent() -> None:
    night = busy_night()
    lan = night.person("lan")
    night.must(lan, c.SetType(incident="20261123-00007", type="cardiac", seen=""))
    assert by_key(night)["unsent"].text == "1"
    assert behind(night, by_key(night)["unsent"]) == ["7"]
    night.must(lan, c.AssignUnits(incident="20261123-00007", units=("A1",)))
    assert by_key(night)["unsent"].text == "0"


def test_a_quiet_centre_breaks_no_promise() -> None:
    night = Night().begin()
    found = by_key(night)
    assert found["within_15"].text == "—" and not any(it.late or it.broken for it in found.values())


def test_a_reassignment_inside_a_gap_is_still_told_and_once() -> None:
    night = busy_night()
    before = night.state
    for reason in ("một", "hai"):
        to = "lan" if reason == "một" else "minh"
        night.must(night.person("hung"), c.ReassignIncident(incident="20261123-00002", to=to, reason=reason))
    said = [it.sentence("vi") for it in tidings(before, night.state, difference(before, night.state), (), "lan")]
    assert len(said) == 2 and "một" in said[0] and "hai" in said[1]
    assert not list(tidings(night.state, night.state, difference(night.state, night.state), (), "lan"))
    assert not list(tidings(State(), night.state, difference(State(), night.state), (), "lan")), "no old news at start"


def test_new_lines_of_a_story_that_was_cut() -> None:
    night = busy_night()
    old = night.state.incidents["20261123-00001"]
    for number in range(600):
        night.must(night.person("lan"), c.AddNote(incident=old.id, text=f"dòng {number}"))
    new = night.state.incidents[old.id]
    assert len(new.notes) == 500
    assert len(new_notes(old, new)) == 500
    assert new_notes(new, new) == ()


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0:00"), (-5000, "0:00"), (7_900, "0:07"), (65_000, "1:05"), (3_725_000, "1:02:05"), (10**15, "—")],
)
def test_durations(milliseconds: int, text: str) -> None:
    assert formats.duration(milliseconds) == text


def test_odd_values_read_as_a_dash_and_do_no_harm() -> None:
    for at in (0, -1, 2**62, 10**30):
        assert formats.wall_clock(at, 420) == "—"
    assert formats.wall_clock(1_795_442_400_000, 420) == "21:00:00"
    assert formats.metres(float("nan"), "vi") == formats.metres(-1, "vi") == formats.metres(1e12, "vi") == "—"
    assert formats.metres(1234, "vi") == "1,2 km" and formats.metres(1234, "en") == "1.2 km"
    assert formats.phone("0903123456") == "0903 123 456"
    assert formats.phone("02838291147") == "028 3829 1147"
    for odd in ("", "113", "+84903123456", "٠٩٠٣١٢٣٤٥٦", "0903<b>", "anonymous"):
        assert formats.phone(odd) == odd
    assert formats.one_line("a\r\nb\x00c\u202ed") == "a b c d"
    assert len(formats.one_line("x" * 1000, 50)) == 50
