"""The base of every event."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Happened(Struct, frozen=True, kw_only=True, tag_field="t"):
    """Base of every event; ``t`` names its type in the journal and on the wire."""

    VERSION: ClassVar[int] = 1
    PERSONAL: ClassVar[tuple[str, ...]] = ()
