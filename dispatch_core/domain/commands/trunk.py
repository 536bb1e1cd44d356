"""What somebody did to the trunk, or tried to: for the journal alone, nothing follows from it."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class NoteTrunk(Body, frozen=True, tag=True):
    """``kind``: look, check, apply, rollback, secret, restart, test_call, stop, start, drift. ``outcome``: denied (the
    role may not), refused (nothing was touched), asked, or how it ended. ``version``: of the history, 0 = none.
    ``why``: in the person's own words; ``vi`` and ``en``: the reason of an end that was not wished."""

    kind: str
    by: str
    outcome: str
    version: int = 0
    why: str = ""
    vi: str = ""
    en: str = ""
