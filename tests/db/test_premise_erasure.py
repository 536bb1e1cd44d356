"""What was written about a place is gone from every table, and the journal still loads, verifies and replays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from db.audit import verify
from db.engine import engine
from db.errors import ErasureRefused
from db.place_store import PlaceStore
from db.premise_erasure import PremiseErased, erase_premise
from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.commands import Asked
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import PremiseFound
from dispatch_core.main.cli import main
from dispatch_core.ports import Entry, Outcome
from tests.contracts.night import CORE, HUNG, LAN, SWITCH, Night
from tests.db.journals import ask, led, loaded, run
from tests.db.test_erasure import everything
from tests.db.test_zones_command import SAMPLES, SETTINGS

LABEL, WORDS, LATER = "Nhà ông Bảy Búa", "tâm thần, hay cầm dao", "đã đi viện, con trai giữ chìa khoá"
OTHER = "kho gas của người khác"
TRACES = (LABEL, WORDS, LATER)
NUMBER = "0901888777"
AT = 1_900_000_000_000


def write(night: Night, words: str, premise: str = "", label: str = LABEL) -> str:
    night.must(
        LAN, c.WritePremise(premise=premise, kind="hazard", lat=10.8, lon=106.7, radius_m=30.0, label=label, text=words)
    )
    return premise or f"P{night.state.premise_count}"


def note(premise: str, words: str, label: str = LABEL) -> PremiseFound:
    return PremiseFound(id=premise, kind="hazard", label=label, text=words, lat=10.8, lon=106.7)


def tell(night: Night, incident: str, *notes: PremiseFound) -> None:
    version = night.state.incidents[incident].location_version
    night.must(CORE, c.PremisesTold(incident=incident, location_version=version, notes=notes, hydrants=(), history=()))


class Scene:
    """P1 written twice and removed, P2 of somebody else; an archived incident and an open one had been told of both.
    The second of the snapshots shows it."""

    def __init__(self) -> None:
        self.night = Night().begin()
        self.archived = self.open = ""

    def live(self) -> None:
        night = self.night
        assert write(night, WORDS) == "P1" and write(night, OTHER, label="kho") == "P2"
        write(night, LATER, "P1")
        call, self.archived = night.call(NUMBER)
        night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
        _, self.open = night.call("0902")
        for incident in (self.archived, self.open):
            night.locate(incident)
            tell(night, incident, note("P1", LATER), note("P2", OTHER, "kho"))
        odd = c.WritePremise(premise="", kind="x", lat=1.0, lon=1.0, radius_m=1.0, until=0, label="", text=WORDS)
        said = Asked(id=night.ids.new(), actor=LAN, body=odd)
        refused = Outcome(seq=0, refusal=Refusal("unknown_premise_kind", {"kind": WORDS}))
        night.entries.append(Entry(asked=said, at=night.now, outcome=refused, events=()))
        night.finish(call, self.archived)

    def over(self) -> None:
        night = self.night
        night.must(LAN, c.RemovePremise(premise="P1"))
        tell(night, self.open, note("P2", OTHER, "kho"))
        night.archive(self.archived)


@pytest.fixture
def scene(migrated: str) -> Scene:
    made = Scene()

    async def play() -> None:
        async with led(migrated) as (journal, loaded):
            for step in (lambda: None, made.live):
                step()
                await journal.append(made.night.batch(loaded.epoch))
                await journal.keep_snapshot(loaded.epoch, made.night.state)
            made.over()
            await journal.append(made.night.batch(loaded.epoch))

    run(play)
    return made


def erased(dsn: str, premise: str = "P1", reason: str = "gia đình yêu cầu") -> PremiseErased:
    return erase_premise(dsn, premise=premise, at=AT, by="cli:hung", reason=reason)


def test_no_table_holds_the_words(migrated: str, scene: Scene) -> None:
    before = everything(migrated)
    for trace in TRACES:
        assert trace in before, f"{trace} was never there: the test shows nothing"
    assert ask(migrated, "SELECT count(*) FROM snapshots")[0][0] >= 1
    done = erased(migrated)
    assert done == PremiseErased(4, 3, tuple(sorted((scene.archived, scene.open))))
    after = everything(migrated)
    for trace in TRACES:
        assert trace not in after
    assert OTHER in after and "gia đình yêu cầu" in after
    assert [(it.id, it.text) for it in PlaceStore(migrated).notes()] == [("P2", OTHER)]


def test_the_chain_verifies_the_journal_replays_and_a_second_time_changes_nothing(migrated: str, scene: Scene) -> None:
    before = checksum(loaded(migrated).state)
    first = erased(migrated)
    found = verify(migrated)
    assert found.intact and found.erased == 4
    assert checksum(loaded(migrated).state) == before
    there = everything(migrated)
    assert erased(migrated, reason="nữa") == PremiseErased(0, 0, ())
    assert everything(migrated) == there and first.events == 4


def test_only_snapshots_that_hold_it_go(migrated: str, scene: Scene) -> None:
    """Without any, the next start folds the whole journal."""
    before = ask(migrated, "SELECT seq FROM snapshots ORDER BY seq")
    erased(migrated)
    assert len(before) == 2 and ask(migrated, "SELECT seq FROM snapshots") == before[:1]


def test_an_undo_brings_nothing_back(migrated: str, scene: Scene) -> None:
    erased(migrated)

    async def undo() -> None:
        async with led(migrated) as (journal, loaded):
            scene.night.must(LAN, c.UndoPremise(premise="P1"))
            await journal.append(scene.night.batch(loaded.epoch))

    run(undo)
    assert [it.id for it in PlaceStore(migrated).notes()] == ["P2"]


def refusal_of(work: Callable[[], object]) -> str:
    with pytest.raises(ErasureRefused) as no:
        work()
    assert no.value.vi and no.value.en
    return no.value.code


def test_what_cannot_be_erased_now(migrated: str) -> None:
    made = Scene()

    async def play(*steps: Callable[[], None]) -> None:
        async with led(migrated) as (journal, loaded):
            for step in steps:
                step()
                await journal.append(made.night.batch(loaded.epoch))

    run(lambda: play(made.live))
    there = everything(migrated)
    assert refusal_of(lambda: erased(migrated)) == "still_live", "it is in force"
    assert refusal_of(lambda: erased(migrated, "P9")) == "unknown_premise"
    assert refusal_of(lambda: erased(migrated, "hydrants:7")) == "unknown_premise"
    assert refusal_of(lambda: erased(migrated, reason=" ")) == "reason_missing"
    assert everything(migrated) == there

    def hold() -> None:
        made.night.must(HUNG, c.HoldRecording(incident=made.archived, reason="toà"))
        made.night.must(LAN, c.RemovePremise(premise="P1"))

    run(lambda: play(hold))
    assert refusal_of(lambda: erased(migrated)) == "still_live", "incidents show it"
    night = made.night
    told = note("P2", OTHER, "kho")
    run(lambda: play(lambda: tell(night, made.open, told), lambda: night.archive(made.archived)))
    assert refusal_of(lambda: erased(migrated)) == "recording_held"
    run(lambda: play(lambda: night.must(HUNG, c.ReleaseHold(incident=made.archived, reason="xong")) and None))
    with engine(migrated, "test").begin() as connection:  # of one of its calls alone
        connection.execute(text("UPDATE calls SET incident = :it"), {"it": made.open})
        held = "INSERT INTO recording_holds SELECT id, '', id, 1, 'person:hung', 'toà' FROM calls LIMIT 1"
        connection.execute(text(held))
    assert refusal_of(lambda: erased(migrated)) == "recording_held"
    with engine(migrated, "test").begin() as connection:
        connection.execute(text("DELETE FROM recording_holds"))
    assert erased(migrated).versions == 3


def test_the_command(migrated: str, scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "dispatch.toml"
    settings.write_text(SETTINGS.format(database=migrated, samples=SAMPLES), encoding="utf-8")

    def typed(*words: str) -> int:
        return main(["--settings", str(settings), "erase", *words])

    assert typed("premise", "P1", "--reason", "gia đình yêu cầu") == 0
    assert scene.archived in capsys.readouterr().out and WORDS not in everything(migrated)
    assert typed("premise", "P2", "--reason", "x") == 1
    assert "remove it at a console first" in capsys.readouterr().err
    assert typed("incident", scene.archived, "--reason", "hết hạn lưu") == 0
    assert NUMBER not in everything(migrated)
    assert typed("call", "none", "--reason", "x") == 1
    assert ask(migrated, "SELECT DISTINCT left(erased_by, 4) FROM erasures") == [("cli:",)]
    with pytest.raises(SystemExit):
        typed("premise", "P1")
