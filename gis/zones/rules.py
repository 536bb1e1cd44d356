"""What a site may change about answers without a new zone set: when two stations are alerted, and whom a place beyond
the border is handed over to. Read from one TOML file, refused whole with the file and the key that is wrong.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import msgspec

from gis.errors import ZoneRulesError

MAX_BYTES = 256 * 1024
Contacts = dict[str, str]
"""The number of their centre, by the code of our service."""


class Neighbour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A province whose centre is called where a place lies there. ``code``: the official one of the province."""

    code: str
    vi: str
    en: str
    contacts: Contacts = {}
    sample: bool = False


class AtSea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is called for a place at sea, outside every zone."""

    vi: str = "Cứu nạn hàng hải"
    en: str = "Maritime rescue"
    contacts: Contacts = {}
    sample: bool = False


class ZoneRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``also_from``: share of an uncertain place (0 to 1) from which a further zone's station is alerted too, at most
    ``also_most`` of them. ``far_m``: a place further than this from every commune is nobody's that we know."""

    also_from: float = 0.2
    also_most: int = 2
    far_m: float = 8_000.0
    neighbours: tuple[Neighbour, ...] = ()
    sea: AtSea = AtSea()

    def __post_init__(self) -> None:
        if not 0.0 < self.also_from <= 1.0:
            raise ValueError("also_from goes from 0 (exclusive) to 1")
        if not 0 <= self.also_most <= 10:
            raise ValueError("also_most goes from 0 to 10")
        if not 0.0 <= self.far_m <= 1e6:
            raise ValueError("far_m goes from 0 to 1000000")


USUAL = ZoneRules()


@lru_cache(maxsize=4)
def read_rules(file: Path) -> ZoneRules:
    """Raises ``ZoneRulesError`` naming the file and the key."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise OSError(f"> {MAX_BYTES} byte")
        rules = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), ZoneRules)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise _wrong(file, str(problem)) from None
    codes = [it.code for it in rules.neighbours]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise _wrong(file, f"neighbours: code {', '.join(twice)} ×2")
    return rules


def _wrong(file: Path, why: str) -> ZoneRulesError:
    return ZoneRulesError(
        "zone_rules",
        f"Tệp {file}: {why}; hãy sửa theo tệp mẫu scripts/demo_data/zone_rules.toml.",
        f"{file}: {why}; mend it after the sample scripts/demo_data/zone_rules.toml.",
        file=str(file),
    )
