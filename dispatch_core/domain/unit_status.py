"""Which unit status follows which: a table, because crews skip steps but do not go back in time."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import UnitStatus as S

FOLLOWS: dict[S, tuple[S, ...]] = {
    S.AVAILABLE: (S.OUT_OF_SERVICE,),
    S.OFFERED: (S.ACKNOWLEDGED, S.EN_ROUTE, S.ON_SCENE, S.AVAILABLE),
    S.ACKNOWLEDGED: (S.EN_ROUTE, S.ON_SCENE, S.AVAILABLE),
    S.EN_ROUTE: (S.ON_SCENE, S.RETURNING, S.AVAILABLE),
    S.ON_SCENE: (S.TRANSPORTING, S.RETURNING, S.AVAILABLE),
    S.TRANSPORTING: (S.AT_HOSPITAL, S.RETURNING, S.AVAILABLE),
    S.AT_HOSPITAL: (S.RETURNING, S.AVAILABLE),
    S.RETURNING: (S.AVAILABLE,),
    S.OUT_OF_SERVICE: (S.AVAILABLE,),
}
"""``AVAILABLE`` from a status at work also frees the unit from its leg."""

NOT_THERE_YET = frozenset({S.OFFERED, S.ACKNOWLEDGED, S.EN_ROUTE})
GOES_AWAY = frozenset({S.RETURNING, S.AVAILABLE})
"""A crew that reports the latter out of the former turns back."""


def may_follow(was: S, to: S) -> bool:
    return to in FOLLOWS[was]
