"""Clocks that colour, then sound, for whom; the twin on the screen; and a device that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console_gui import clocks
from console_gui.clocks import Stage, rings, stage
from console_gui.models.positions import PositionsTable
from console_gui.notice import told
from console_gui.sounds.bell import AGAIN_S, LEAST, TOLD_S, USUAL
from console_gui.sounds.waves import PEAK, RATE, seconds, wave
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import AlarmLevel, ClockRule, DeskClocks
from tests.console.scenario import CORE, SWITCH, Night, busy_night
from tests.console.turns_taken import all_turns_taken

CRITICAL, HIGH = wave(AlarmLevel.CRITICAL), wave(AlarmLevel.HIGH)
PARKED = c.MessageParked(node="hcm1", why="x")
SILENT = ClockRule(level=AlarmLevel.LOW)
NO_CLOCKS = DeskClocks(ringing=SILENT, unconfirmed=SILENT, no_unit=SILENT)


def quiet(night: Night) -> Night:
    """No clock sounds: what does is what the test makes."""
    night.state = replace(night.state, site=replace(night.state.site, clocks=NO_CLOCKS))
    for key in list(night.state.alarms):
        night.must(night.person("hung"), c.HandleAlarm(key=key))
    return night


def keys(night: Night, user: str) -> list[str]:
    return [it.key.partition(":")[0] for it in rings(night.state, night.state.people[user], night.now)]


@pytest.fixture
def bell(open_window: Any, night: Night) -> Iterator[Any]:
    quiet(night)
    local, window = open_window("hung")
    yield local, window, window.bell, window.bell._device


def tick(local: Any, s: float) -> None:
    local.door.at += s
    local.night.wait(s)
    local.pulse() if hasattr(local, "pulse") else local.link.pulse(local.door.at)
    local.desk.ticked.emit()
    all_turns_taken()


def alarm(local: Any, node: str = "hcm1", level: str = "critical") -> None:
    body: c.Command = c.ForgerySeen(node=node, trunk="") if level == "critical" else PARKED
    local.night.must(SWITCH, body)
    local.link.show()


# --- how late ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 200_000), st.integers(0, 120), st.floats(0.05, 1.0))
def test_a_clock_only_ever_gets_later(age: int, limit_s: int, share: float) -> None:
    limit = limit_s * 1000
    now, soon = stage(age, limit, share), stage(age + 1_000, limit, share)
    assert now <= soon
    assert (now is Stage.LATE) == (limit > 0 and age > limit)
    assert limit or now is Stage.CALM


def test_calls_colour_at_the_share_and_at_the_limit(night: Night) -> None:
    ident = night.ring("115", "0900000000")
    call = night.state.calls[ident]
    for after, expected in ((9_800, Stage.CALM), (10_000, Stage.ATTENTION), (15_001, Stage.LATE)):
        assert clocks.of_call(night.state, call, call.arrived_at + after) is expected
    slow = replace(night.state.site.clocks, ringing=replace(night.state.site.clocks.ringing, limit_s=0))
    state = replace(night.state, site=replace(night.state.site, clocks=slow))
    assert clocks.of_call(state, call, call.arrived_at + 90_000) is Stage.CALM


def test_only_the_most_urgent_wait_for_their_first_unit(night: Night) -> None:
    ident = night.ring("115", "0900000001")
    incident = night.state.incidents[night.state.calls[ident].incident]
    urgent = replace(incident, priority=1)
    at = incident.received_at
    assert clocks.of_incident(night.state, incident, at + 999_000) is Stage.CALM
    assert clocks.of_incident(night.state, urgent, at + 100_000) is Stage.ATTENTION
    assert clocks.of_incident(night.state, urgent, at + 120_001) is Stage.LATE
    at_work = night.state.incidents["20261123-00001"]
    assert clocks.of_incident(night.state, at_work, at_work.received_at + 999_000) is Stage.CALM


# --- for whom ---------------------------------------------------------------------------------------------------------


def test_a_waiting_call_sounds_where_it_is_served_and_for_who_leads(night: Night) -> None:
    quiet(night)
    night.state = replace(night.state, site=replace(night.state.site, clocks=DeskClocks()))
    night.wait(100)
    (fire,) = [it for it in night.state.calls.values() if it.state.waiting and it.services == ("fire",)]
    for overflowed in (False, True):
        calls = {**night.state.calls, fire.id: replace(fire, overflowed=overflowed)}
        state = replace(night.state, calls=calls)
        for user, hears in (("lan", True), ("minh", overflowed), ("hung", True), ("quan", False)):
            found = {it.key for it in rings(state, state.people[user], night.now)}
            assert (f"ringing:{fire.id}" in found) is hears, user


def test_that_nobody_is_ready_for_a_service_is_everybodys(night: Night) -> None:
    quiet(night)
    night.must(CORE, c.NobodyReady(service="fire"))
    assert [keys(night, it) for it in ("lan", "minh", "hung", "quan")] == [["alarm"]] * 4


def test_what_belongs_to_somebody_sounds_for_him_and_who_leads(night: Night) -> None:
    quiet(night)
    night.state = replace(night.state, site=replace(night.state.site, clocks=DeskClocks()))
    (a4,) = [it for it in rings(night.state, night.state.people["lan"], night.now) if it.key == "unconfirmed:A4"]
    assert a4.sentence("vi") == "A4 chưa xác nhận đi, vụ #1" and a4.level is AlarmLevel.HIGH
    assert "unconfirmed:A4" not in {it.key for it in rings(night.state, night.state.people["minh"], night.now)}
    assert "unconfirmed:A4" in {it.key for it in rings(night.state, night.state.people["hung"], night.now)}
    assert keys(night, "quan") == []


def test_alarms_sound_for_those_who_can_do_something(night: Night) -> None:
    quiet(night)
    night.must(SWITCH, PARKED)
    assert [keys(night, it) for it in ("lan", "hung", "quan")] == [[], ["alarm"], ["alarm"]]
    night.must(night.person("hung"), c.HandleAlarm(key="message_parked:hcm1"))
    night.must(night.person("lan"), c.HandShift(to="minh"))
    night.wait(301)
    night.must(CORE, c.ShiftWaits(user="lan"))
    assert [keys(night, it) for it in ("lan", "minh", "hung")] == [["alarm"], ["alarm"], ["alarm"]]
    assert "Nguyễn Thị Ngọc Lan" in rings(night.state, night.state.people["hung"], night.now)[0].sentence("vi")


def test_nothing_sounds_twice_for_one_crew(night: Night) -> None:
    """The core's alarm sounds, and the order that is not confirmed does not sound beside it."""
    night.state = replace(night.state, site=replace(night.state.site, clocks=DeskClocks()))
    lan = night.state.people["lan"]
    assert "unconfirmed:A4" in {it.key for it in rings(night.state, lan, night.now)}
    safety = replace(night.state.site.safety, offered_s=60)
    night.state = replace(night.state, site=replace(night.state.site, safety=safety))
    night.must(CORE, c.UnitOverdue(unit="A4", status=night.state.units["A4"].status))
    found = {it.key for it in rings(night.state, night.state.people["lan"], night.now)}
    assert "unconfirmed:A4" not in found and any(it.startswith("alarm:unit_not_moving:A4") for it in found)


# --- the bell ---------------------------------------------------------------------------------------------------------


def test_an_alarm_sounds_is_shown_at_the_same_time_and_comes_again_politely(bell: Any) -> None:
    local, window, ringer, device = bell
    assert ringer.now == [] and not window.band.rings.isVisible()
    alarm(local)
    assert [it[0] for it in device.played] == [CRITICAL]
    assert window.band.rings.isVisible() and window.band.rings.text().startswith("♪ ")
    assert "Ctrl+S" in window.band.rings_key.text()
    repeat = local.night.state.site.clocks.critical_repeat_s
    tick(local, repeat - 1)
    assert len(device.played) == 1
    tick(local, 1)
    assert len(device.played) == 2


def test_each_is_silenced_by_itself_and_stays_listed_until_it_is_handled(bell: Any) -> None:
    local, window, ringer, device = bell
    alarm(local)
    alarm(local, level="high")
    assert len(ringer.now) == 2 and "+1" in window.band.rings.text()
    window.bar.run("tat")
    assert [it.level for it in ringer.now] == [AlarmLevel.HIGH] and device.stopped
    window.bar.run("tat")
    assert ringer.now == [] and not window.band.rings.isVisible()
    played = len(device.played)
    tick(local, 600)
    assert len(device.played) == played, "silenced is silenced"
    assert len(local.night.state.alarms) == 2, "and still listed"
    local.night.must(local.night.person("hung"), c.HandleAlarm(key="message_parked:hcm1"))
    local.link.show()
    tick(local, 1)
    alarm(local, level="high")
    assert len(device.played) == played + 1, "another one of the same kind is another one"


def test_the_same_again_and_counted_sounds_again(bell: Any) -> None:
    local, _, ringer, device = bell
    alarm(local)
    ringer.silence("all")
    key = next(iter(local.night.state.alarms))
    counted = replace(local.night.state.alarms[key], count=2)
    local.night.state = replace(local.night.state, alarms={key: counted})
    local.link.show()
    assert len(device.played) == 2


def test_of_several_the_worst_sounds_alone(bell: Any) -> None:
    local, _, _, device = bell
    local.night.must(SWITCH, PARKED)
    local.night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk=""))
    local.link.show()
    assert [it[0] for it in device.played] == [CRITICAL]


def test_what_is_told_sounds_once_and_its_twin_goes(bell: Any) -> None:
    local, window, ringer, device = bell
    window.desk.noticed.emit(told("x", "chuyện gì đó", "something"))
    assert [it[0] for it in device.played] == [HIGH] and "chuyện gì đó" in window.band.rings.text()
    tick(local, TOLD_S + 1)
    assert ringer.now == [] and len(device.played) == 1


def test_who_talks_hears_each_once_and_softly(open_window: Any, night: Night) -> None:
    quiet(night)
    local, window = open_window("lan")  # talks with a caller
    assert window.desk.own_call() is not None
    device = window.bell._device
    window.desk.noticed.emit(told("x", "a", "b"))
    assert device.played == [(HIGH, USUAL / 100 * 0.5)]


def test_volume_is_the_persons_and_never_nothing(bell: Any) -> None:
    local, window, ringer, device = bell
    window.bar.run("al 40")
    assert ringer.volume == 40 and device.played[-1] == (CRITICAL, 0.4)
    assert "40%" in window.bar.notices.notices[-1].sentence("vi")
    window.bar.run("al 0")
    assert ringer.volume == LEAST
    assert window._preferences.of("other").own("volume") == ""
    before = len(device.played)
    window.bar.run("al to")
    assert len(device.played) == before


# --- no device --------------------------------------------------------------------------------------------------------


def test_a_device_that_goes_is_said_everywhere_and_comes_back_by_itself(bell: Any) -> None:
    local, window, ringer, device = bell
    assert not window.band.deaf.isVisible()
    tick(local, AGAIN_S)
    device.becomes(there=False)
    assert window.band.deaf.isVisible() and "KHÔNG CÓ ÂM THANH" in window.band.deaf.text()
    assert local.link.orders[-1].body == c.TellSound(works=False)
    assert local.night.state.people["hung"].deaf_since
    tick(local, AGAIN_S)
    device.becomes(there=True)
    assert not window.band.deaf.isVisible() and not local.night.state.people["hung"].deaf_since


def test_a_sound_that_fails_is_no_sound_until_one_can_be_played(bell: Any) -> None:
    local, window, ringer, device = bell
    device.fails = True
    alarm(local)
    assert not ringer.works and window.band.deaf.isVisible() and window.band.rings.isVisible()
    device.fails = False
    tick(local, AGAIN_S)
    assert ringer.works and not window.band.deaf.isVisible()


def test_the_supervisor_sees_whose_console_is_deaf(open_window: Any) -> None:
    local, window = open_window("hung")
    local.night.must(local.night.person("lan"), c.TellSound(works=False))
    local.link.show()
    board = next(it for it in window.panels.boards if isinstance(it.table, PositionsTable))
    row = board.table.row_of("B01")
    assert board.table.index(row, 4).data().startswith("✕ không có âm thanh")


def test_while_cut_off_nothing_is_left_among_what_a_person_asked(bell: Any) -> None:
    local, _, _, device = bell
    local.link.pulse(local.door.at, connected=False)
    local.door.at += AGAIN_S
    before = len(local.link.orders)
    device.becomes(there=False)
    assert len(local.link.orders) == before and not local.desk.outbox.pending


# --- the sounds -------------------------------------------------------------------------------------------------------


def test_the_two_sounds_are_short_soft_at_their_ends_and_unlike() -> None:
    assert wave(AlarmLevel.LOW) == b"" and CRITICAL != HIGH
    for level, data in ((AlarmLevel.CRITICAL, CRITICAL), (AlarmLevel.HIGH, HIGH)):
        samples = memoryview(data).cast("h")
        assert abs(len(samples) / RATE - seconds(level)) < 0.01 and 0.3 < seconds(level) < 1.2
        assert 0.3 < max(map(abs, samples)) / 32_767 <= PEAK
        assert abs(samples[0]) < 200 and abs(samples[-1]) < 1_500


def test_a_state_without_people_rings_for_nobody(night: Night) -> None:
    assert rings(replace(State(), people=night.state.people), night.state.people["lan"], night.now) == []
    assert busy_night().state.people
