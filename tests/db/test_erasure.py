"""What was personal is gone from every table, and the journal still loads, verifies and replays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from db.audit import verify
from db.engine import engine
from db.erasure import Erased, erase
from db.errors import ErasureRefused
from db.queries import Queries
from db.tables import metadata
from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.commands import Asked
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import EndedBy, MemoTo
from dispatch_core.ports import Entry, Outcome
from tests.contracts.night import CORE, HUNG, LAN, PLACE, SWITCH, Night
from tests.db.journals import ask, led, loaded, run, written

NUMBER, NAME, WORDS, REASON = "0987654321", "Trần Thị Bưởi", "chồng đánh, đang trốn", "chị ấy quen Lan"
TRACES = (NUMBER, NAME, WORDS, REASON, "12/3 hẻm Bưởi")


def private(night: Night) -> str:
    """An incident full of things that are nobody's business, closed and archived."""
    early = type(PLACE)(label="12/3 hẻm Bưởi", source=PLACE.source, lat=10.7612345, lon=106.6912345, at=1)
    night.must(SWITCH, c.LocationCame(ident="before", number=NUMBER, at=night.now, location=early))
    night.must(SWITCH, c.LocationCame(ident="nobody's", number="0911222333", at=night.now, location=early))
    night.must(CORE, c.ForgetLocation(ident="nobody's"))
    call, incident = night.call(NUMBER, NAME)
    home = type(PLACE)(label="12/3 hẻm Bưởi", source=PLACE.source, lat=10.7612345, lon=106.6912345)
    night.must(SWITCH, c.CallPlaced(call=call, location=home))
    night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
    night.locate(incident, home)
    night.must(LAN, c.AddNote(incident=incident, text=WORDS))
    night.must(HUNG, c.ReassignIncident(incident=incident, to="hung", reason=REASON))
    night.call("0900000000", "Người khác")
    indiscreet(night, c.Locate(incident=incident, location=PLACE, seen=0), "12/3 hẻm Bưởi")
    indiscreet(night, c.AnswerCall(call="another"), f"bàn B01 đang nói với {NUMBER} 100%")
    night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.CALLER, cause=16))
    night.must(LAN, c.CloseIncident(incident=incident, disposition="done"))
    return incident


def indiscreet(night: Night, body: c.Command, said: str) -> None:
    """A refused command whose sentence names a number or a place, as a rule might one day let it."""
    asked = Asked(id=night.ids.new(), actor=LAN, body=body)
    outcome = Outcome(seq=0, refusal=Refusal("position_busy", {"position": "B01", "call": said}))
    night.entries.append(Entry(asked=asked, at=night.now, outcome=outcome, events=()))


def everything(dsn: str) -> str:
    """All that every table holds, as text; bytes too."""
    parts = []
    with engine(dsn, "test").connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                parts.append(
                    " ".join(
                        bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview) else str(value)
                        for value in row
                    )
                )
    return "\n".join(sorted(parts))


@pytest.fixture
def incident(migrated: str) -> str:
    """The private incident's id, in a journal that also has a snapshot from when it was live."""
    found: list[str] = []
    night = Night().begin()

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            found.append(private(night))
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)
            night.archive(found[0])
            night.busy(2)
            await journal.append(night.batch(loaded.epoch))

    run(scene)
    return found[0]


def test_nothing_personal_is_left_anywhere(migrated: str, incident: str) -> None:
    before = everything(migrated)
    for trace in (*TRACES, "10.7612345"):
        assert trace in before, f"{trace} was never there: the test shows nothing"
    done = erase(migrated, incident=incident, at=1_900_000_000_000, by="cli:hung", reason="hết hạn lưu")
    assert done.events == 8 and len(done.calls) == 1
    after = everything(migrated)
    for trace in (*TRACES, "10.7612345"):
        assert trace not in after
    assert "0900000000" in after, "what belongs to others stays"
    assert "hết hạn lưu" in after


def test_the_chain_still_verifies_and_the_journal_still_replays(migrated: str, incident: str) -> None:
    before = loaded(migrated)
    erase(migrated, incident=incident, at=1, by="hung", reason="x")
    found = verify(migrated)
    assert found.intact and found.erased == 8
    again = loaded(migrated)
    assert checksum(again.state) == checksum(before.state), "it had left the live state: nothing there changes"
    story = Queries(migrated).story_of(incident)
    assert [type(recorded.event).__name__ for recorded in story][:2] == ["CallArrived", "IncidentReceived"]
    assert NUMBER not in str(story)
    file = Queries(migrated).incident(incident)
    assert file is not None and file.calls[0].number == "" and file.incident.location_label == ""


def test_what_was_folded_waits_for_what_it_is_part_of(migrated: str) -> None:
    """Its notes are read there: the live state has them, and every snapshot since."""
    night = Night().begin()

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            call, source = night.call(NUMBER)
            night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
            night.must(LAN, c.AddNote(incident=source, text=WORDS))
            other, into = night.call("0900000000")
            night.must(LAN, c.FoldIncident(incident=source, into=into))
            night.archive(source)
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)
            with pytest.raises(ErasureRefused, match=into) as refused:
                erase(migrated, incident=source, at=1, by="hung", reason="x")
            assert refused.value.code == "still_live" and WORDS in everything(migrated)
            night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.CALLER, cause=16))
            night.finish(other, into)
            night.archive(into)
            await journal.append(night.batch(loaded.epoch))
            assert erase(migrated, incident=source, at=1, by="hung", reason="x").events > 0
            assert WORDS not in everything(migrated)

    run(scene)


def test_what_desks_told_one_another_about_it_goes_with_it(migrated: str) -> None:
    """The note, what was not sent, and the words of the hand-over, which the live state has until that is over."""
    night = Night().begin()
    note, draft, handed = "Bưởi gọi lại ở nhà mẹ", "Bưởi còn trong xe", "trông giúp chị Bưởi"

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            places = []
            for number in (NUMBER, "0900000000"):
                call, incident = night.call(number)
                night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
                night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.CALLER, cause=16))
                places.append(incident)
            night.must(LAN, c.SendMemo(kind=MemoTo.PERSON, name="hung", text=note, incident=places[0]))
            night.must(LAN, c.HandShift(to="hung", text=handed, drafts={places[0]: draft}))
            night.must(LAN, c.CloseIncident(incident=places[0], disposition="done"))
            night.archive(places[0])
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)
            with pytest.raises(ErasureRefused, match="lan") as refused:
                erase(migrated, incident=places[0], at=1, by="hung", reason="x")
            assert refused.value.code == "still_live" and handed in everything(migrated)
            night.must(LAN, c.DropShift(user="lan"))
            await journal.append(night.batch(loaded.epoch))
            erase(migrated, incident=places[0], at=1, by="hung", reason="x")
            after = everything(migrated)
            assert not [it for it in (note, draft, handed) if it in after]

    run(scene)
    assert verify(migrated).intact


def test_what_was_taken_apart_again_goes_alone(migrated: str) -> None:
    night = Night().begin()

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            call, source = night.call(NUMBER)
            night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
            night.must(LAN, c.AddNote(incident=source, text=WORDS))
            _, into = night.call("0900000000")
            night.must(LAN, c.FoldIncident(incident=source, into=into))
            night.must(LAN, c.UnfoldIncident(incident=source))
            night.finish(call, source)
            night.archive(source)
            await journal.append(night.batch(loaded.epoch))
            erase(migrated, incident=source, at=1, by="hung", reason="x")
            assert into in night.state.incidents and WORDS not in everything(migrated)

    run(scene)


def test_erasing_again_changes_nothing(migrated: str, incident: str) -> None:
    first = erase(migrated, incident=incident, at=1, by="hung", reason="x")
    before = everything(migrated)
    assert erase(migrated, incident=incident, at=2, by="lan", reason="y") == Erased(0, first.calls)
    assert everything(migrated) == before


def test_one_call_alone(migrated: str, incident: str) -> None:
    file = Queries(migrated).incident(incident)
    assert file is not None
    done = erase(migrated, call=file.calls[0].id, at=1, by="hung", reason="x")
    assert done == Erased(5, (file.calls[0].id,))
    after = everything(migrated)
    assert NUMBER not in after and NAME not in after and WORDS in after
    assert verify(migrated).intact


def test_a_call_that_we_made(migrated: str) -> None:
    """It belongs to no incident: it leaves the live state by itself, and neither is erased with the other."""
    night = Night().begin()
    found: list[str] = []

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night.must(SWITCH, c.CallBackStarted(call="ours", node="hcm1", at=night.now, number=NUMBER))
            night.must(SWITCH, c.CallOver(call="ours", at=night.now, by=EndedBy.CALLER, cause=16))
            call, incident = night.call("0911111111")
            night.finish(call, incident)
            night.must(LAN, c.TakeOffMissed(missed=call, reason="đã gặp"))
            found.append(incident)
            await journal.append(night.batch(loaded.epoch))
            with pytest.raises(ErasureRefused, match="ours"):
                erase(migrated, call="ours", at=1, by="cli:hung", reason="x")
            night.now += CLOSED_KEPT_MS + 60_000
            night.archive(incident)
            night.archive("")
            await journal.append(night.batch(loaded.epoch))

    run(scene)
    erase(migrated, incident=found[0], at=1, by="cli:hung", reason="x")
    assert NUMBER in everything(migrated)
    assert erase(migrated, call="ours", at=2, by="cli:hung", reason="x").calls == ("ours",)
    assert NUMBER not in everything(migrated)
    assert verify(migrated).intact


def test_a_deletion_by_hand_is_no_erasure(migrated: str, incident: str) -> None:
    with engine(migrated, "test").begin() as connection:
        connection.execute(text("DELETE FROM journal_personal"))
    assert {finding.kind for finding in verify(migrated).findings} == {"personal_missing"}


def closed_only(night: Night) -> None:
    private(night)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"incident": "20260101-00001"}, "unknown_incident"),
        ({"call": "none"}, "unknown_call"),
        ({}, "say_one"),
        ({"incident": "a", "call": "b"}, "say_one"),
        ({"incident": "a", "reason": " "}, "reason_missing"),
    ],
)
def test_what_cannot_be_erased_is_said(migrated: str, asked: dict[str, str], code: str) -> None:
    written(migrated, closed_only)
    with pytest.raises(ErasureRefused) as refused:
        erase(migrated, at=1, by="hung", **{"reason": "x", **asked})
    assert refused.value.code == code


@pytest.mark.parametrize("which", [lambda night: {"incident": next(iter(night.state.incidents))},
                                   lambda night: {"call": next(iter(night.state.calls))}])  # fmt: skip
def test_what_is_still_live_is_not_erased(
    migrated: str, which: Callable[[Night], dict[str, str]]
) -> None:
    """A running core would bring it back with its next snapshot."""
    night = written(migrated, closed_only)
    with pytest.raises(ErasureRefused) as refused:
        erase(migrated, at=1, by="hung", reason="x", **which(night))
    assert refused.value.code == "still_live"
    assert NUMBER in everything(migrated)
    assert ask(migrated, "SELECT count(*) FROM erasures") == [(0,)]
