"""The supervisor's figures say what the rows say, over the same hour and the same shift, and after a restart."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.answering import HOUR_MS, hour_began, this_hour, this_shift
from dispatch_core.domain.shifts import shift_began
from dispatch_core.domain.vocabulary import Direction, EndedBy
from tests.contracts.night import CORE, LAN, SWITCH, Night
from tests.db.journals import ask, loaded, written

CALLS = """
    SELECT count(*) FILTER (WHERE answered_at IS NOT NULL),
           count(*) FILTER (WHERE answered_at - arrived_at <= 15000),
           count(*) FILTER (WHERE answered_at - arrived_at <= 20000),
           count(*) FILTER (WHERE answered_at IS NULL)
    FROM calls
    WHERE direction = 'incoming' AND arrived_at >= :since AND (answered_at IS NOT NULL OR ended_at IS NOT NULL)
"""
LINES = """
    SELECT count(*), count(*) FILTER (WHERE ended IN ('called_back', 'rang_again'))
    FROM missed WHERE first_at >= :since AND ended <> 'not_missed'
"""


def one_call(night: Night, number: int) -> None:
    """Every fifth is given up, every tenth of these is reached again; the others are answered after 2 to 29 s."""
    caller = f"09031234{number:02d}"
    call, incident = night.call(number=caller)
    if number % 5 == 0:
        night.must(SWITCH, c.CallOver(call=call, at=night.now + 9_000, by=EndedBy.CALLER, cause=16))
        night.now += 9_000
        if number % 10 == 0:
            night.must(LAN, c.CallBack(missed=call, shown="115"))
            back = next(
                it.id for it in night.state.calls.values() if it.direction is Direction.OUTGOING and it.state.live
            )
            night.must(SWITCH, c.CallBackStarted(call=back, node="hcm1", at=night.now, number=caller))
            night.must(SWITCH, c.CallTakenAt(call=back, position="B01", at=night.now + 4_000))
            night.must(SWITCH, c.CallOver(call=back, at=night.now + 30_000, by=EndedBy.CALLER, cause=16))
    else:
        night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now + (number * 3 % 28 + 2) * 1_000))
        night.must(SWITCH, c.CallOver(call=call, at=night.now + 60_000, by=EndedBy.CALLER, cause=16))
    night.now += 4 * 60_000 - 9_000
    if number % 3:
        night.must(LAN, c.CloseIncident(incident=incident, disposition="done"))
        night.must(CORE, c.ArchiveIncident(incident=incident))


def test_they_agree_with_the_rows_and_survive_a_restart(migrated: str) -> None:
    def before(night: Night) -> None:
        night.must(SWITCH, c.NodeUp(node="hcm1", booted="2026-11-23 20:00:00"))
        night.now += 6 * HOUR_MS  # 03:00, and the shift began at 18:00
        night.now -= night.now % HOUR_MS - 15 * 60_000
        for number in range(1, 31):
            one_call(night, number)

    def after(night: Night) -> None:
        for number in range(31, 41):
            one_call(night, number)

    night = written(migrated, before, after)
    again = loaded(migrated).state
    assert again.answering == night.state.answering and again.late_calls == night.state.late_calls
    assert len(again.calls) < 40, "most have left the state"
    site = again.site
    for sums, since in (
        (this_hour(again, night.now), hour_began(site, night.now)),
        (this_shift(again, night.now), shift_began(site, night.now)),
    ):
        told = [(sums.answered, sums.within_15, sums.within_20, sums.given_up)]
        assert ask(migrated, CALLS, since=since) == told and min(told[0]) > 0
        assert ask(migrated, LINES, since=since) == [(sums.lines, sums.reached)] and sums.reached
    assert this_shift(again, night.now).answered > this_hour(again, night.now).answered
