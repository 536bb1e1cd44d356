"""The alphabets in which a site is written, and the base of its sections.

Guarded here: text that ends up in Asterisk's configuration (names, ids, numbers, addresses) is held to alphabets that
cannot break out of a configuration line.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
SoundName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}$")]
PositionId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,15}$")]
ServiceNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2,15}$")]
# An address, never a name: carriers are recognised by it, and a name could be answered by somebody else.
Address = Annotated[
    str, msgspec.Meta(pattern=r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$", max_length=60)
]
Contact = Annotated[
    str, msgspec.Meta(pattern=r"^sip:[A-Za-z0-9._-]{1,32}@[^@\s;<>]+:[0-9]{1,5}$", max_length=100)
]
Listen = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$")]
Codec = Literal["alaw", "ulaw", "g722", "gsm", "opus"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every section: immutable, and an unknown key is an error."""
