"""What was done to the trunk stands in the journal, whatever came of it."""

from __future__ import annotations

from dispatch_core.domain.commands import NoteTrunk
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import TrunkTouched
from dispatch_core.domain.plain_text import NOTE_LIMIT, REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal

NAME_LIMIT = 60


@rule(NoteTrunk)
def note_trunk(story: Story, body: NoteTrunk) -> Refusal | None:
    story.happen(
        TrunkTouched(
            kind=one_line(body.kind, NAME_LIMIT), by=one_line(body.by, NAME_LIMIT),
            outcome=one_line(body.outcome, NAME_LIMIT), version=body.version, why=one_line(body.why, REASON_LIMIT),
            vi=one_line(body.vi, NOTE_LIMIT), en=one_line(body.en, NOTE_LIMIT),
        )
    )  # fmt: skip
    return None
