"""The digit that reports each status where a unit is chosen."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import UnitStatus

STATUS_KEYS = {
    "1": UnitStatus.ACKNOWLEDGED,
    "2": UnitStatus.EN_ROUTE,
    "3": UnitStatus.ON_SCENE,
    "4": UnitStatus.TRANSPORTING,
    "5": UnitStatus.AT_HOSPITAL,
    "6": UnitStatus.RETURNING,
    "0": UnitStatus.AVAILABLE,
    "9": UnitStatus.OUT_OF_SERVICE,
}
