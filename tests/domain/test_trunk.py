"""What was done to the trunk stands in the journal and changes nothing."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.plain_text import NOTE_LIMIT, REASON_LIMIT
from tests.domain.world import World


def test_every_touch_of_the_trunk_stands_in_the_journal_and_changes_nothing(world: World) -> None:
    before = world.state
    asked = c.NoteTrunk(
        kind="apply", by="tuan", outcome="rolled_back", version=7, why="thêm\nnhà mạng" + "x" * 1000, vi="v" * 9000,
        en="It answers 403.\x00",
    )  # fmt: skip
    (told,) = world.core(asked)
    assert told == e.TrunkTouched(
        kind="apply", by="tuan", outcome="rolled_back", version=7,
        why=("thêm\ufffdnhà mạng" + "x" * 1000)[:REASON_LIMIT], vi="v" * NOTE_LIMIT, en="It answers 403.\ufffd",
    )  # fmt: skip
    assert world.state == evolve(before, world.story[-1])
    assert world.state.positions == before.positions and world.state.site == before.site


def test_no_person_writes_into_it(world: World) -> None:
    assert world.person_no("tuan", c.NoteTrunk(kind="apply", by="lan", outcome="done")) == "not_allowed"
