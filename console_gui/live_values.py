"""Last values outside the journal: trunks, phones, queues, the core. Newest by ``at`` wins; bad bytes are dropped."""

from __future__ import annotations

from console_gui.limits import LIVE_VALUES
from dispatch_core.wire.envelopes import GONE, LiveValue, WireError, decode


class LiveBoard:
    """The newest value of each (kind, key). ``take`` gives the value when it is news."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], LiveValue] = {}
        self.dropped: list[str] = []

    def take(self, data: bytes) -> LiveValue | None:
        try:
            value = decode(data, LiveValue)
        except WireError as problem:
            self._drop(problem.en)
            return None
        place = (value.kind, value.key)
        known = self.values.get(place)
        if value.value == GONE:
            return None if known is None or known.at > value.at else self._gone(place, value)
        if known is None and len(self.values) >= LIVE_VALUES:
            self._drop(f"more than {LIVE_VALUES} live values")
            return None
        if known is not None and (known.at > value.at or known == value):
            return None
        self.values[place] = value
        return value

    def _gone(self, place: tuple[str, str], value: LiveValue) -> LiveValue:
        del self.values[place]
        return value

    def of(self, kind: str) -> dict[str, LiveValue]:
        return {key: value for (known, key), value in self.values.items() if known == kind}

    def _drop(self, what: str) -> None:
        self.dropped = [*self.dropped[-9:], what]
