"""Notes about places: written and removed by people; what touches an incident is told by the index."""

from __future__ import annotations

import math
import re

from dispatch_core.domain.commands import PremisesTold, RemovePremise, UndoPremise, WritePremise
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import PremiseRemoved, PremisesFound, PremiseUndone, PremiseWritten
from dispatch_core.domain.plain_text import LABEL_LIMIT, NOTE_LIMIT, one_line, plain
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import IncidentState, Premises

RADIUS_MOST_M = 5_000
NOTES_TOLD = 20
HYDRANTS_TOLD = 10
HISTORY_TOLD = 20
_BY_HAND = re.compile(r"P([1-9][0-9]{0,9})")


def _written(state: State, premise: str) -> bool:
    found = _BY_HAND.fullmatch(premise)
    return found is not None and int(found.group(1)) <= state.premise_count


@rule(WritePremise)
def write_premise(story: Story, body: WritePremise) -> Refusal | None:
    state = story.state
    if body.premise and not _written(state, body.premise):
        return refuse("unknown_premise", premise=body.premise)
    kinds = state.place_rules.kinds
    if body.kind not in kinds:
        return refuse("unknown_premise_kind", kind=body.kind, near=", ".join(sorted(kinds)))
    if not (abs(body.lat) <= 90 and abs(body.lon) <= 180):  # so that NaN fails it
        return refuse("bad_location")
    if not (math.isfinite(body.radius_m) and 1 <= body.radius_m <= RADIUS_MOST_M):
        return refuse("bad_radius", limit=RADIUS_MOST_M)
    if not body.text.strip():
        return refuse("empty_text")
    no = too_long(body.text, NOTE_LIMIT) or too_long(body.label, LABEL_LIMIT)
    if no is not None:
        return no
    if body.until and body.until <= story.now:
        return refuse("premise_past")
    count = state.premise_count if body.premise else state.premise_count + 1
    story.happen(
        PremiseWritten(
            premise=body.premise or f"P{count}", count=count, kind=body.kind, lat=body.lat, lon=body.lon,
            radius_m=body.radius_m, until=max(0, body.until), label=one_line(body.label, LABEL_LIMIT),
            text=plain(body.text, NOTE_LIMIT),
        )
    )  # fmt: skip
    return None


@rule(RemovePremise)
def remove_premise(story: Story, body: RemovePremise) -> Refusal | None:
    if not _written(story.state, body.premise):
        return refuse("unknown_premise", premise=body.premise)
    story.happen(PremiseRemoved(premise=body.premise))
    return None


@rule(UndoPremise)
def undo_premise(story: Story, body: UndoPremise) -> Refusal | None:
    if not _written(story.state, body.premise):
        return refuse("unknown_premise", premise=body.premise)
    story.happen(PremiseUndone(premise=body.premise))
    return None


@rule(PremisesTold)
def premises_told(story: Story, body: PremisesTold) -> Refusal | None:
    """An answer for an older place is ignored; the same answer again changes nothing."""
    incident = story.state.incidents.get(body.incident)
    if incident is None or incident.state is IncidentState.CLOSED:
        return refuse("nothing_new")
    if body.location_version != incident.location_version:
        return refuse("stale_answer")
    found = Premises(
        version=body.location_version, notes=body.notes[:NOTES_TOLD], hydrants=body.hydrants[:HYDRANTS_TOLD],
        history=body.history[:HISTORY_TOLD],
    )  # fmt: skip
    if incident.premises == found:
        return refuse("nothing_new")
    story.happen(PremisesFound(incident=body.incident, location_version=body.location_version, found=found))
    return None
