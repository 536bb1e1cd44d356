"""What happened to the trunk, told to its admins and to supervisors: what came back by itself, what somebody else did,
what was changed outside, who tried and may not. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from console_gui.notice import Kind, Notice
from console_gui.translations import sentences
from console_gui.translations.formats import one_line
from console_gui.translations.tables import WORDS, say
from dispatch_core.domain.events import Recorded, TrunkTouched
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Role

WITH_REASON = ("rolled_back", "broken", "refused", "stopped")
SOUNDED = ("rolled_back", "broken", "found")
LOOK = frozenset({Role.TELEPHONY_ADMIN, Role.SUPERVISOR})


def trunk_tidings(state: State, recorded: Recorded, me: str) -> Iterator[Notice]:
    event, someone = recorded.event, state.people.get(me)
    if not isinstance(event, TrunkTouched) or someone is None or someone.role not in LOOK:
        return
    mine, ended_well = event.by == me, event.outcome == "done"
    if event.outcome == "asked" or (mine and (ended_well or event.outcome in ("refused", "denied", "stopped"))):
        return  # its own screen says so
    if event.outcome == "denied" and someone.role is not Role.TELEPHONY_ADMIN:
        return
    if f"told.trunk_{event.outcome}" in WORDS:
        quiet = event.outcome not in SOUNDED
        yield Notice(Kind.TOLD, f"trunk_{event.outcome}", partial(_said, state, event), at=recorded.at, quiet=quiet)


def _said(state: State, event: TrunkTouched, language: str) -> str:
    what = f"trunk_act.{event.kind}"
    return say(
        language,
        f"told.trunk_{event.outcome}",
        who=one_line(sentences.person(state, event.by, language), 60),
        what=say(language, what) if what in WORDS else one_line(event.kind, 40),
        version=event.version,
        why=one_line(event.vi if language == "vi" else event.en, 400),
    )
