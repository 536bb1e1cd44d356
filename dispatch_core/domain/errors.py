"""The one base of every error that a person may read. A refusal by the rules is a value (``refusals``)."""

from __future__ import annotations


class DispatchError(Exception):
    """Something outside the rules went wrong: a bad file, a missing server, a deposed core.

    ``code`` is stable and machine-readable; ``vi`` and ``en`` are one sentence each: what, where, what to do instead.
    ``details`` hold safe values only (no secrets, no personal data).
    """

    def __init__(self, code: str, vi: str, en: str, **details: str | int | float) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en
        self.details = details
