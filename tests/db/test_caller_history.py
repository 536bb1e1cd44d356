"""What a number called for before, also where the incident has long left the live state."""

from __future__ import annotations

from db.caller_history import NEWEST, CallerHistories
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import EndedBy
from dispatch_core.ports import NumberPast
from tests.contracts.night import LAN, SWITCH, Night
from tests.db.journals import written


def test_calls_and_incidents_of_a_number(migrated: str) -> None:
    made: list[tuple[str, str]] = []

    def work(night: Night) -> None:
        call, incident = night.dispatched("A2")
        night.finish(call, incident)
        night.archive(incident)
        made.append((call, incident))
        made.append(night.dispatched("A1"))

    night = written(migrated, work)
    (old_call, old), (call, incident) = made
    number = night.state.calls[call].number
    ask = CallerHistories(migrated)
    told = ask.before(number, call, incident)
    assert (told.calls, told.incidents, told.without_content) == (1, 1, 0)
    [row] = told.newest
    assert (row.incident, row.state, row.type, row.place) == (old, "closed", "crash", "Ngã tư Hàng Xanh")
    assert row.disposition and row.at > 0 and old not in night.state.incidents
    assert ask.before(number, old_call, old).newest[0].incident == incident
    assert ask.before("0900000000", call, incident) == ask.before("", call, incident) == NumberPast()


def test_what_was_without_content_is_counted_and_the_list_is_bounded(migrated: str) -> None:
    count = NEWEST + 3

    def work(night: Night) -> None:
        for _ in range(count):
            call, incident = night.call()
            night.must(SWITCH, c.CallQueuedAt(call=call, queue="ambulance", at=night.now))
            night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
            night.must(LAN, c.CloseEmpty(incident=incident))
            night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.US, cause=16))

    written(migrated, work)
    told = CallerHistories(migrated).before("0903123456", "another", "another")
    assert (told.calls, told.incidents, told.without_content, len(told.newest)) == (count, count, count, NEWEST)
    assert [it.at for it in told.newest] == sorted((it.at for it in told.newest), reverse=True)
