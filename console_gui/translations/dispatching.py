"""How recommendations read: who is proposed, who is passed over and why, what is lacking, crews. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from console_gui.translations.formats import ago, decimal, metres, one_line, wall_clock
from console_gui.translations.tables import WORDS, say
from dispatch_core.domain.state import Incident, Note, State, Unit
from dispatch_core.domain.vocabulary import (
    Candidate,
    CrewState,
    Measured,
    Need,
    Override,
    Passed,
    Reach,
    UnitStatus,
)

FRESH_MS = 60_000
"""The age of a position is told from here on."""

NB = "\u00a0"


def travel(seconds: float, language: str) -> str:
    """``45 s``, ``3,5 phút``, ``12 phút``, ``1,5 giờ``."""
    if seconds < 60:
        return f"{round(seconds)} s"
    minutes = seconds / 60
    if minutes >= 90:
        return f"{_short_decimal(minutes / 60, language)} {'giờ' if language == 'vi' else 'h'}"
    text = _short_decimal(minutes, language) if minutes < 10 else str(round(minutes))
    return f"{text} {'phút' if language == 'vi' else 'min'}"


def _short_decimal(value: float, language: str) -> str:
    return decimal(value, language).removesuffix(",0").removesuffix(".0")


def capability(state: State, code: str, language: str) -> str:
    known = state.capabilities.get(code)
    return code if known is None else known.vi if language == "vi" else known.en


def abilities(state: State, codes: Iterable[str], language: str) -> str:
    return ", ".join(capability(state, it, language) for it in codes)


def need(state: State, it: Need, language: str) -> str:
    """``2 xe chữa cháy``; of any capability, ``1 đơn vị``."""
    what = capability(state, it.capability, language) if it.capability else WORDS["reassign.unit"][language != "vi"]
    return f"{it.count} {what}"


def needs(state: State, lines: Iterable[Need], language: str) -> str:
    return ", ".join(need(state, it, language) for it in lines)


def soon(it: Candidate | Reach, language: str) -> str:
    """``3,5 phút``; a straight line is told by ``≈``."""
    about = say(language, "leg.straight") if it.measured is Measured.STRAIGHT else ""
    return about + travel(it.seconds, language)


def how_far(it: Candidate | Reach, language: str) -> str:
    """``3,5 phút 1,2 km``; a straight line is told by ``≈``; then what else there is to know: metres on foot, why no
    road was taken, the age of an old position."""
    text = f"{soon(it, language)} {metres(it.metres, language)}"
    more = []
    if it.walk_m >= 1:
        more.append(say(language, "leg.walk", metres=metres(it.walk_m, language)))
    if f"leg.{it.note}" in WORDS:
        more.append(say(language, f"leg.{it.note}"))
    if it.age_ms is not None and it.age_ms >= FRESH_MS:
        more.append(ago(it.age_ms, language))
    if more:
        text += f" ({', '.join(more)})"
    return text.replace(" ", NB)


def passed(state: State, it: Passed, language: str) -> str:
    """Why a unit is not proposed."""
    first, second, *_ = (*it.about, "", "")
    at = _clock(state, first)
    match it.why:
        case "at_work":
            return say(language, "passed.at_work", incident=_short(first))
        case "not_staffed":
            return say(language, "passed.not_staffed", at=at)
        case "resting":
            return say(language, "passed.resting_until", at=at) if first not in ("", "0") else say(
                language, "passed.resting"
            )
        case "exhausted" if first == "runs":
            return say(language, "passed.exhausted_runs", count=second)
        case "exhausted":
            return say(language, "passed.exhausted_work", time=travel(_number(second) / 1000, language))
        case "position_stale":
            return say(language, "passed.position_stale", ago=ago(int(_number(first)), language))
        case "out_of_radius":
            return say(language, "passed.out_of_radius", km=first)
        case "not_capable":
            return say(language, "passed.not_capable", what=abilities(state, filter(None, it.about), language))
        case why if why in list(UnitStatus):
            status = say(language, f"status.{why}")
            known = first not in ("", "0")
            return say(language, "passed.status_since", status=status, at=at) if known else status
        case why:
            return say(language, f"passed.{why}") if f"passed.{why}" in WORDS else why


def crew(state: State, unit: Unit, language: str) -> str:
    """What is said beside the status; "" where the unit is manned as usual."""
    it = unit.crew
    if it.state is CrewState.STAFFED:
        return ""
    if it.state is CrewState.RESTING and it.until:
        return say(language, "crew.resting_until", at=_clock(state, str(it.until)))
    return say(language, f"crew.{it.state.value}")


# --- the narrative ----------------------------------------------------------------------------------------------------


def level_note(line: Note, language: str) -> str:
    level, was, *_ = (*line.about, "", "")
    key = "note.alarm_raised" if _number(level) > _number(was) else "note.alarm_lowered"
    return say(language, key, level=level, was=was, reason=_reason(line.text, language))


def override_note(state: State, line: Note, language: str) -> str:
    unit, instead, sooner, *lacks = (*line.about, "", "", "")[: max(3, len(line.about))]
    why = _why(state, unit, _number(sooner), tuple(filter(None, lacks)), language)
    reason = _reason(line.text, language) if line.text else say(language, "note.no_reason")
    return say(language, "note.overridden", unit=unit, instead=instead, why=why, reason=reason)


def explained_note(line: Note, language: str) -> str:
    unit, instead, *_ = (*line.about, "", "")
    return say(language, "note.override_explained", unit=unit, instead=instead, reason=one_line(line.text))


def override(state: State, it: Override, language: str) -> str:
    """Under the leg: the reason, or how to give it."""
    why = _why(state, it.unit, it.sooner_s, it.lacks, language)
    key = "leg.explained" if it.reason else "leg.unexplained"
    return say(language, key, unit=it.unit, instead=it.instead, why=why, reason=one_line(it.reason))


def unexplained(incident: Incident) -> list[str]:
    """Units of which nobody has said yet why they were sent."""
    return [it.unit for leg in incident.legs.values() for it in leg.overrides if not it.reason]


def _why(state: State, unit: str, sooner: float, lacks: Iterable[str], language: str) -> str:
    text = say(language, "note.sooner", time=travel(sooner, language)) if sooner else ""
    lacks = tuple(lacks)
    return text + (say(language, "note.lacks", unit=unit, what=abilities(state, lacks, language)) if lacks else "")


def _reason(text: str, language: str) -> str:
    return say(language, "note.reason", reason=one_line(text)) if text else ""


def _clock(state: State, at: str) -> str:
    return wall_clock(int(_number(at)), state.site.utc_offset_min, "%H:%M")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _short(incident: str) -> str:
    number = incident.rpartition("-")[2]
    return f"#{int(number)}" if number.isdecimal() else incident
