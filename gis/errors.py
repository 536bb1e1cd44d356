"""Errors of the geography that a person may read. Each says what, where (file, record, field) and what to do
instead.
"""

from __future__ import annotations

from dispatch_core.domain.errors import DispatchError


class ZoneFileError(DispatchError):
    """A zone file that cannot be taken. ``details`` hold ``file`` and, where known, ``record`` and ``field``.
    """


class DemoDataError(DispatchError):
    """A table of stations, units, hospitals or places that cannot be read. ``details``: ``file``, ``line``,
    ``column``.
    """


class ListFileError(DemoDataError):
    """A list that cannot be read as a table. ``details``: ``file``."""


class ListRefused(DispatchError):
    """A list that the gate did not let in; the sentence has each fault on a line of its own. ``details``: ``file``,
    ``faults`` (how many)."""


class PlaceError(DispatchError):
    """A coordinate that is no place on Earth: NaN, infinite or out of range."""


class WardDataError(DispatchError):
    """The ward names of ``vietnamadminunits`` are missing or changed their form."""


class GazetteerError(DispatchError):
    """The address index of a map cannot be read; import the map again."""

    @classmethod
    def of(cls, path: object, why: str) -> GazetteerError:
        return cls(
            "gazetteer.unreadable",
            f"Chỉ mục địa chỉ {path} không đọc được ({why}); hãy nhập lại bản đồ bằng dispatch map import.",
            f"The address index {path} cannot be read ({why}); import the map again with dispatch map import.",
        )


class GeocodeError(DispatchError):
    """A geocoding service is configured in a way that is not allowed."""


class MapImportError(DispatchError):
    """A map file that cannot be taken, or a version of the map that cannot be read. ``details``: ``file``."""


class EngineError(DispatchError):
    """A routing engine is configured in a way that is not allowed."""


class ZoneRulesError(DispatchError):
    """The file of a site's rules for zones cannot be used. ``details``: ``file``."""


class TilesError(DispatchError):
    """The tiles of the console's map cannot be built from this file."""


class LearnedError(DispatchError):
    """The file of learned speeds cannot be used."""
