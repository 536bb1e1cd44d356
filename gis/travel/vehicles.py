"""Travel profiles as data: what drives, where it fits, how fast."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from gis.errors import DemoDataError
from gis.travel.classes import CLASSES

ORDINARY = "patrol_car"
"""The profile of a unit whose vehicle is not said, or that no table knows."""

Positive = Annotated[float, Meta(gt=0, le=10_000)]
NotNegative = Annotated[float, Meta(ge=0, le=10_000)]
Hours = Annotated[tuple[Annotated[float, Meta(gt=0.05, lt=20)], ...], Meta(min_length=24, max_length=24)]


class Walking(Struct, frozen=True, forbid_unknown_fields=True):
    kmh: Positive = 4.5
    most_m: NotNegative = 600.0


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of vehicle. Metres, tonnes, km/h by street class; ``data/vehicles.toml`` says what each means."""

    kind: Literal["car", "motorcycle", "boat"]
    width_m: NotNegative = 2.0
    height_m: NotNegative = 2.0
    weight_t: NotNegative = 2.0
    over: Positive = 1.0
    against_m: NotNegative = 0.0
    against: Annotated[float, Meta(ge=1, le=100)] = 4.0
    kmh: dict[str, Annotated[float, Meta(gt=0, le=150)]] = {}

    @property
    def drives(self) -> bool:
        """Whether it uses streets at all."""
        return self.kind != "boat"


class Vehicles(Struct, frozen=True, forbid_unknown_fields=True):
    """Every profile of a site, and what all of them share."""

    vehicle: dict[str, Profile]
    walking: Walking = Walking()
    width: dict[str, NotNegative] = {}
    hours: dict[str, Hours] = {}
    hours_of: dict[str, tuple[str, ...]] = {}

    def profile(self, vehicle: str) -> Profile:
        return self.vehicle.get(vehicle) or self.vehicle[ORDINARY]

    def named(self, vehicle: str) -> str:
        """The profile's name that a vehicle goes by."""
        return vehicle if vehicle in self.vehicle else ORDINARY


def read_vehicles(file: Path | None = None) -> Vehicles:
    """The table in ``file``, else the one that comes with the product. Raises DemoDataError naming what is wrong."""
    name = str(file) if file is not None else "gis/data/vehicles.toml"
    try:
        data = file.read_bytes() if file is not None else (files("gis") / "data" / "vehicles.toml").read_bytes()
        vehicles = msgspec.convert(tomllib.loads(data.decode("utf-8")), Vehicles)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise DemoDataError(
            "vehicles",
            f"Không dùng được bảng loại xe {name}: {problem}.",
            f"The table of vehicles {name} cannot be used: {problem}.",
            file=name,
        ) from None
    _check(vehicles, name)
    return vehicles


def _check(vehicles: Vehicles, name: str) -> None:
    groups: Mapping[str, object] = {**vehicles.width, **{it: 0 for row in vehicles.hours_of.values() for it in row}}
    speeds = {it for profile in vehicles.vehicle.values() for it in profile.kmh}
    unknown = sorted(({*groups} | speeds) - {*CLASSES})
    missing = sorted(set(vehicles.hours_of) - set(vehicles.hours))
    if unknown or missing or ORDINARY not in vehicles.vehicle:
        wrong = ", ".join(unknown + missing) or ORDINARY
        raise DemoDataError(
            "vehicles",
            f"Bảng loại xe {name}: không hiểu “{wrong}”; các loại đường: {', '.join(CLASSES)}; phải có {ORDINARY}.",
            f"The table of vehicles {name}: “{wrong}” is not known; street classes: {', '.join(CLASSES)}; "
            f"{ORDINARY} must be there.",
            file=name,
        )
