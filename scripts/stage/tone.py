"""Tones for tests of sound: made, written as G.711 A-law, and found again in samples.

Samples are 16-bit at 8,000 a second. Guarded here: `loudest` measures the one strongest frequency of a stretch, so that
noise, silence and another tone are all told apart from the tone that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8_000
FRAME = 160  # samples in 20 ms
Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Heard:
    """The tone found: its frequency, how long it is the loudest thing (seconds), its share of all power there."""

    hertz: float
    seconds: float
    share: float


def sine(hertz: float, seconds: float, level: float = 0.5) -> Samples:
    """A tone; `level` 1.0 is full scale."""
    at = np.arange(round(seconds * RATE))
    return np.asarray(np.round(np.sin(2 * np.pi * hertz * at / RATE) * level * 32767), dtype=np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def alaw(samples: Samples) -> bytes:
    """G.711 A-law (ITU-T G.711, 13 bits to 8, even bits inverted)."""
    wide = samples.astype(np.int32) >> 3
    negative = wide < 0
    size = np.where(negative, -wide - 1, wide)
    exponent = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent > 0, size >> exponent, size >> 1) & 0x0F
    mantissa = np.where(size < 32, (size >> 1) & 0x0F, mantissa)
    segment = np.where(size < 32, 0, exponent)
    code = (segment << 4) | mantissa
    code = np.where(negative, code, code | 0x80)
    return bytes((code ^ 0x55).astype(np.uint8))


def loudest(samples: Samples, hertz: float, window: float = 0.1, within: float = 15.0) -> Heard:
    """How long `hertz` is the strongest frequency of these samples, in windows of `window` seconds."""
    size = round(window * RATE)
    shape = np.hanning(size)
    found: list[tuple[float, float]] = []
    for start in range(0, len(samples) - size + 1, size):
        power = np.abs(np.fft.rfft(samples[start : start + size].astype(np.float64) * shape, 4 * size)) ** 2
        total = float(power.sum())
        if total < 1e6 * size:  # as good as silent: 30 of 32,767
            continue
        peak = float(np.argmax(power)) * RATE / (4 * size)
        if abs(peak - hertz) <= within:
            near = slice(max(0, round((hertz - 40) * 4 * size / RATE)), round((hertz + 40) * 4 * size / RATE) + 1)
            found.append((peak, float(power[near].sum()) / total))
    if not found:
        return Heard(0.0, 0.0, 0.0)
    peaks, shares = zip(*found, strict=True)
    return Heard(float(np.median(peaks)), len(found) * window, float(np.median(shares)))
