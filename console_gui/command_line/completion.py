"""What may follow what was typed so far, from the table of commands and the state on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from console_gui.command_line import resolve, tokens
from console_gui.command_line.outcomes import Context
from console_gui.command_line.parsing import BY_NAME, offered, read
from console_gui.command_line.verb import Verb
from console_gui.command_line.verbs_calls import alarms_in_order
from console_gui.command_line.verbs_duty import missed_in_order
from console_gui.command_line.verbs_layout import PANELS
from console_gui.command_line.verbs_offers import name_of, standing
from console_gui.command_line.verbs_screen import SPOTS
from console_gui.command_line.verbs_triage import answers_for
from console_gui.folding import fold
from console_gui.short_words import DISPOSITIONS, STATUS_WORDS
from console_gui.translations.formats import short
from console_gui.type_search import search
from dispatch_core.domain.unit_status import FOLLOWS
from dispatch_core.domain.vocabulary import IncidentState, UnitStatus

SHOWN = 9


@dataclass(frozen=True, slots=True)
class Completion:
    """``line`` is the whole line when it is chosen; ``shown`` stands in the list."""

    line: str
    shown: str


def verb_of(text: str, context: Context) -> Verb | None:
    """The command that is being typed, if its name is complete."""
    verb = BY_NAME.get(read(text).verb) if text.strip() else None
    return verb if verb is not None and context.role in verb.roles else None


def complete(text: str, context: Context, language: str) -> list[Completion]:
    """At most ``SHOWN`` ways to go on; none where anything may follow."""
    verb = verb_of(text, context)
    if verb is None or (" " not in text.strip() and not text.endswith(" ") and len(verb.names[0]) > 1):
        names = [*(name for it in offered(context.role) for name in it.names[:1]), *context.macros]
        typed = fold(text.strip().removeprefix("/"))
        return [Completion(name + " ", name) for name in names if name.startswith(typed) and name != typed][:SHOWN]
    if " " not in text and verb.names[0] not in ("@", "#"):
        return []
    head, last = _split(text)
    done = tokens.words(read(text).rest)
    done = done[:-1] if last else done
    kind = _kind(verb, done, last)
    source = SOURCES.get(kind)
    if source is None:
        return []
    found = [
        Completion(f"{head}{word} ", shown) for word, shown in source(context, language, last, done) if word != last
    ]
    return found[:SHOWN]


def _split(text: str) -> tuple[str, str]:
    """What stays, and the word that is being typed."""
    if text[:1] in "@#" and " " not in text:
        return text[:1], text[1:]
    head, _, last = text.rpartition(" ")
    return head + " ", last


def _kind(verb: Verb, done: list[str], last: str) -> str:
    if verb.names[0] == "#":
        return "number"
    if last.startswith("#"):
        return "incident"
    if last.startswith("@"):
        return "user"
    if not verb.arguments:
        return ""
    return verb.arguments[min(len(done), len(verb.arguments) - 1)]


def _incidents(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    live = [it for it in context.state.incidents.values() if it.state is not IncidentState.CLOSED]
    for incident in sorted(live, key=lambda it: it.id, reverse=True):
        name = short(incident.id)
        if name.startswith(last or "#"):
            place = incident.location.label if incident.location is not None else ""
            yield name, f"{name} {place[:24]}".strip()


def _numbers(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for name, shown in _incidents(context, language, "#" + last, done):
        yield name.removeprefix("#"), shown


def _units(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    taken = {word.upper() for word in done}
    nearest: dict[str, None] = {}
    incident = context.state.incidents.get(context.current)
    for leg in incident.legs.values() if incident is not None else ():
        nearest |= dict.fromkeys(candidate.unit for candidate in leg.candidates)
    begins = last.casefold()
    fits = [sign for sign in context.state.units if sign.casefold().startswith(begins) and sign not in taken]
    known = set(fits)
    for sign in [*(sign for sign in nearest if sign in known), *resolve.natural(set(fits) - set(nearest))]:
        yield sign, sign


def _statuses(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    unit = context.state.units.get(done[0].upper()) if done else None
    possible = FOLLOWS[unit.status] if unit is not None else tuple(UnitStatus)
    for status in possible:
        word = STATUS_WORDS[status][0 if language == "vi" else 1] if status in STATUS_WORDS else ""
        if word and word.startswith(fold(last)):
            yield word, word


def _types(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    if done:
        return
    for _, kind in search(context.state.types.values(), last):
        yield kind.code, kind.vi if language == "vi" else kind.en


def _services(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for number, codes in context.state.site.numbers.items():
        if len(codes) == 1 and codes[0] in context.state.site.services and number.startswith(last):
            service = context.state.site.services[codes[0]]
            yield number, f"{number} {service.vi if language == 'vi' else service.en}"


def _calls(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for call in context.state.calls.values():
        if call.state.live and call.number.startswith(last):
            yield call.number or call.id, call.number or call.id


def _missed(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for line in missed_in_order(context):
        if not done and line.number and line.number.startswith(last):
            yield line.number, line.number


def _reasons(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for reason in context.state.site.reasons.values():
        name = reason.vi if language == "vi" else reason.en
        if not done and fold(name).startswith(fold(last)):
            yield name, name


def _asked(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for incident, offer in standing(context.state):
        name = name_of(offer)
        if fold(name).startswith(fold(last)):
            yield name, f"{name} {short(incident.id)}"


def _declines(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for reason in context.state.site.offers.reasons.values():
        name = reason.vi if language == "vi" else reason.en
        if len(done) == 1 and fold(name).startswith(fold(last)):
            yield name, name


def _people(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for user, it in sorted(context.state.people.items()):
        if f"@{user}".startswith(last or "@"):
            yield f"@{user}", f"@{user} {it.name}"


def _whom(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    """Seats with somebody at them, people, and the supervisors: those whom a note reaches."""
    state = context.state
    for ident in resolve.natural(state.positions):
        user = state.positions[ident].user
        if not done and user and user != context.user and fold(ident).startswith(fold(last)):
            yield ident, f"{ident} {state.people[user].name if user in state.people else user}"
    if not done and last and "tc".startswith(fold(last)):
        yield "tc", "tc " + ("trưởng ca" if language == "vi" else "supervisors")


def _positions(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for ident in resolve.natural(context.state.positions):
        if not context.state.positions[ident].user and fold(ident).startswith(fold(last)):
            yield ident, ident


def _to_ring(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    """Positions where somebody else sits, then the partners."""
    seats = context.state.positions
    for ident in resolve.natural(seats):
        user = seats[ident].user
        if not done and user and user != context.user and fold(ident).startswith(fold(last)):
            yield ident, f"{ident} {context.state.people[user].name if user in context.state.people else user}"
    for code, it in context.state.site.partners.items():
        name = it.vi if language == "vi" else it.en
        if not done and (code.startswith(fold(last)) or (len(last) > 1 and fold(last) in fold(name))):
            yield code, f"{code} {name}"


def _dispositions(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for code, names in DISPOSITIONS.items():
        name = names[0 if language == "vi" else 1]
        if not done and any(fold(it).startswith(fold(last)) for it in (code, name)):
            yield name, name


def _closures(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for ident in resolve.natural(context.state.closures):
        if not done and fold(ident).startswith(fold(last)):
            yield ident, f"{ident} {context.state.closures[ident].reason[:24]}".strip()


def _alarms(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for number, _ in enumerate(alarms_in_order(context.state), 1):
        yield str(number), str(number)


def _hospitals(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for ident, it in sorted(context.state.hospitals.items()):
        if fold(ident).startswith(fold(last)) or (len(last) > 1 and fold(last) in fold(it.name)):
            yield ident, f"{ident} {it.name}"


def _premise_kinds(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for code, it in context.state.place_rules.kinds.items():
        name = it.vi if language == "vi" else it.en
        if fold(name).startswith(fold(last)) or code.startswith(fold(last)):
            yield code, f"{code} {name}"


def _choice(*names: str) -> Source:
    def offer(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
        return ((name, name) for name in names if name.startswith(fold(last)))

    return offer


def _macros(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    if not done:
        for name, it in context.macros.items():
            if name.startswith(fold(last)):
                yield f"{name} = {it.body}", f"{name}: {it.body[:40]}"


def _panels(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for vi, en in PANELS.items():
        name = vi if language == "vi" else en
        if not done and name.startswith(fold(last)):
            yield name, name


def _spots(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    for vi, en in SPOTS.items():
        name = vi if language == "vi" else en
        if not done and (vi.startswith(fold(last)) or en.startswith(fold(last))):
            yield name, name


Source = Callable[[Context, str, str, list[str]], Iterable[tuple[str, str]]]

SOURCES: dict[str, Source] = {
    "incident": _incidents, "number": _numbers, "unit": _units, "status": _statuses, "type": _types,
    "service": _services, "call": _calls, "user": _people, "position": _positions, "to_ring": _to_ring,
    "disposition": _dispositions,
    "closure": _closures, "missed": _missed, "reason": _reasons,
    "asked": _asked, "no": _declines,
    "whom": _whom,
    "card_answer": answers_for, "card_step": _choice("lui", "toi", "back", "next"),
    "hospital": _hospitals, "premise_kind": _premise_kinds,
    "alarm": _alarms, "priority": _choice("1", "2", "3", "4", "5"), "level": _choice("2", "3", "4", "5"),
    "crew": _choice("co", "khong", "nghi", "on", "off", "rest"), "language": _choice("vi", "en"),
    "layer": _choice("duong", "dia ban", "cam", "lo trinh", "tam", "ho", "streets", "zones", "closures", "route",
                     "reach", "holes"),
    "size": _choice("nho", "vua", "lon", "ratlon", "+", "-", "small", "normal", "large", "larger"),
    "panel": _panels, "layout_word": _choice("goc", "luu", "reset", "keep"),
    "macro": _macros, "spot": _spots,
    "theme": _choice("toi", "sang", "dark", "light"),
}  # fmt: skip
