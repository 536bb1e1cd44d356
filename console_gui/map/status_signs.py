"""The sign of each unit status: one character that stands beside the call sign, all of them in the bundled letters."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import UnitStatus as S

SIGNS: dict[S, str] = {
    S.AVAILABLE: "",
    S.OFFERED: "?",
    S.ACKNOWLEDGED: "✓",
    S.EN_ROUTE: "→",
    S.ON_SCENE: "●",
    S.TRANSPORTING: "↑",
    S.AT_HOSPITAL: "H",
    S.RETURNING: "←",
    S.OUT_OF_SERVICE: "×",
}


def unit_words(call_sign: str, status: S) -> str:
    return f"{call_sign} {SIGNS[status]}" if SIGNS[status] else call_sign
