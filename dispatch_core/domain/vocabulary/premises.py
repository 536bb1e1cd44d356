"""What is known of places: notes with their kinds, hospitals with beds, and how soon each service shall be anywhere."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.values import Instant, as_floats


class PremiseGroup(StrEnum):
    """What a kind of note is for; in this order they are read."""

    HAZARD = "hazard"
    ACCESS = "access"
    HISTORY = "history"
    OTHER = "other"
    HYDRANT = "hydrant"  # only the nearest few are told, to those who fight fires


class Term(Struct, frozen=True, kw_only=True):
    """A word of the site's own tables."""

    code: str
    vi: str
    en: str


class PremiseKind(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    group: PremiseGroup = PremiseGroup.OTHER


class ReachRule(Struct, frozen=True, kw_only=True):
    """A unit of ``service`` that has ``capability`` ("" = any) shall be anywhere within ``minutes``."""

    service: str
    capability: str = ""
    minutes: int = 10


class PremiseFound(Struct, frozen=True, kw_only=True):
    """A note that touches an incident's place. ``metres``: from the place to what the note is about."""

    id: str
    kind: str
    label: str = ""  # personal, as the text
    text: str = ""
    lat: float
    lon: float
    radius_m: float = 0.0
    metres: float = 0.0
    until: Instant = 0  # 0 = until somebody removes it
    at: Instant = 0
    by: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon", "radius_m", "metres")


class PastIncident(Struct, frozen=True, kw_only=True):
    """What happened here before."""

    incident: str
    type: str
    at: Instant
    metres: float = 0.0
    disposition: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "metres")


class Premises(Struct, frozen=True, kw_only=True):
    """All that is known about one version of an incident's place; hazards first."""

    version: int
    notes: tuple[PremiseFound, ...] = ()
    hydrants: tuple[PremiseFound, ...] = ()
    history: tuple[PastIncident, ...] = ()


class Beds(Struct, frozen=True, kw_only=True):
    """Free beds of one kind; ``at`` 0: as the list has it, nobody has told."""

    free: int
    at: Instant = 0
    by: str = ""


class Divert(Struct, frozen=True, kw_only=True):
    """A hospital asks to be spared; ``until`` 0: until it says otherwise."""

    at: Instant
    by: str
    until: Instant = 0
    reason: str = ""  # personal

    def holds(self, now: Instant) -> bool:
        return not self.until or now < self.until


class Hospital(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    lat: float
    lon: float
    skills: tuple[str, ...] = ()
    beds: dict[str, Beds] = {}
    divert: Divert | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon")


class PlaceRules(Struct, frozen=True, kw_only=True):
    """The site's numbers and words about places; ``delivered`` is the kind of bed that a patient takes on arrival."""

    kinds: dict[str, PremiseKind] = {}
    beds: dict[str, Term] = {}
    skills: dict[str, Term] = {}
    covers: tuple[ReachRule, ...] = ()
    delivered: str = "emergency"
    history_m: int = 100
    history_most: int = 5
    hydrants_m: int = 500
    hydrants_most: int = 3
    hydrant_service: str = "fire"


def _terms(*rows: tuple[str, str, str]) -> dict[str, Term]:
    return {code: Term(code=code, vi=vi, en=en) for code, vi, en in rows}


def _kinds(*rows: tuple[str, PremiseGroup, str, str]) -> dict[str, PremiseKind]:
    return {code: PremiseKind(code=code, group=group, vi=vi, en=en) for code, group, vi, en in rows}


USUAL_PLACE_RULES = PlaceRules(
    kinds=_kinds(
        ("hazard", PremiseGroup.HAZARD, "nguy hiểm", "hazard"),
        ("gas", PremiseGroup.HAZARD, "gas, hoá chất", "gas, chemicals"),
        ("violence", PremiseGroup.HAZARD, "người hung dữ", "violent person"),
        ("access", PremiseGroup.ACCESS, "lối vào", "access"),
        ("history", PremiseGroup.HISTORY, "lưu ý", "history"),
        ("other", PremiseGroup.OTHER, "ghi chú", "note"),
        ("hydrant", PremiseGroup.HYDRANT, "trụ nước", "hydrant"),
    ),
    beds=_terms(
        ("emergency", "cấp cứu", "emergency"), ("icu", "hồi sức", "intensive care"), ("burns", "bỏng", "burns"),
        ("paediatric", "nhi", "paediatric"), ("maternity", "sản", "maternity"),
    ),
    skills=_terms(
        ("trauma", "chấn thương", "trauma"), ("stroke", "đột quỵ", "stroke"), ("cardiac", "can thiệp tim", "cardiac"),
        ("burns", "bỏng", "burns"), ("paediatric", "nhi", "paediatric"), ("maternity", "sản khoa", "maternity"),
    ),
    covers=(
        ReachRule(service="ambulance", minutes=12),
        ReachRule(service="fire", capability="pumper", minutes=15),
        ReachRule(service="police", minutes=12),
    ),
)  # fmt: skip
"""In force where the site's files say nothing else."""
