"""How the core sends sound to a console: a WAV file with a header of 44 bytes, whatever the switch wrote before it."""

from __future__ import annotations

import struct

from msgspec import Struct

HEADER = 44
_LAYOUT = struct.Struct("<4sI4s4sIHHIIHH4sI")
MOST = 0xFFFF_FFFF - 36

STATE = "X-Recording"  # header: LIVE while the call is still recorded, else FINAL
LIVE, FINAL = "live", "final"
FROM = "X-Sound-From"  # header: at which byte of the whole recording's sound this answer's begins


class SoundFormat(Struct, frozen=True):
    """Linear PCM, little endian; ``width`` is bytes of one sample."""

    rate: int
    channels: int
    width: int

    @property
    def second(self) -> int:
        """Bytes of one second."""
        return self.rate * self.channels * self.width


def wav_header(form: SoundFormat, sound: int) -> bytes:
    """The header before ``sound`` bytes of sound."""
    sound = min(sound, MOST)
    frame = form.channels * form.width
    return _LAYOUT.pack(
        b"RIFF", 36 + sound, b"WAVE", b"fmt ", 16, 1, form.channels, form.rate, form.second, frame, form.width * 8,
        b"data", sound,
    )  # fmt: skip


def read_wav_header(data: bytes) -> tuple[SoundFormat, int]:
    """Format and bytes of sound. Raises ValueError for anything but ``wav_header``'s."""
    if len(data) < HEADER:
        raise ValueError(f"{len(data)} bytes are no header")
    riff, _, wave, fmt, size, kind, channels, rate, _, _, bits, name, sound = _LAYOUT.unpack_from(data)
    if (riff, wave, fmt, size, kind, name) != (b"RIFF", b"WAVE", b"fmt ", 16, 1, b"data"):
        raise ValueError("not a header of ours")
    if not channels or not rate or bits not in (8, 16, 24, 32):
        raise ValueError(f"{channels} channels, {rate} a second, {bits} bits")
    return SoundFormat(rate, channels, bits // 8), sound


class RecordingShown(Struct, frozen=True, kw_only=True):
    """One file of a call, as a console lists it. ``number`` names it in a question; 0 is the first."""

    call: str
    number: int
    incident: str
    state: str
    began_at: int
    ended_at: int
    ms: int
    held: str
    faults: tuple[str, ...] = ()


class EvidenceMade(Struct, frozen=True, kw_only=True):
    """What was put together: ``ident`` is asked for part by part within some minutes."""

    ident: str
    bytes: int
    sha256: str
    calls: int
    recordings: int
    missing: int


class EvidenceWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``since``: milliseconds UTC, 0 = from the beginning."""

    number: str
    since: int = 0
