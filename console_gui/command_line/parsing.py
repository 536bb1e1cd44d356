"""What a typed line means: its command is found in the table, and reads the rest of the line."""

from __future__ import annotations

from difflib import get_close_matches

from console_gui.command_line import tokens, verbs_macros
from console_gui.command_line.macros import NAME_LENGTH, Macro
from console_gui.command_line.outcomes import Context, Outcome, Wrong, wrong
from console_gui.command_line.table import VERBS
from console_gui.command_line.tokens import Line
from console_gui.command_line.verb import Verb
from console_gui.command_line.verbs_macros import KeepMacro
from console_gui.folding import fold
from console_gui.limits import LINE_LENGTH
from console_gui.translations.tables import WORDS
from dispatch_core.domain.vocabulary import Role

BY_NAME: dict[str, Verb] = {fold(name): verb for verb in VERBS for name in verb.names}


def read(text: str) -> Line:
    """The line in its parts. A verb of two words ("trả lời", "nói tiếp") goes before one that is its first word."""
    line = tokens.read(text)
    second, _, rest = line.rest.partition(" ")
    both = f"{line.verb} {fold(second)}"
    return Line(both, rest.strip()) if both in BY_NAME else line


def parse(text: str, context: Context) -> Outcome:
    """What a typed line means. Never raises; the core still decides whether it may be done."""
    if not text.strip():
        return wrong("empty")
    if len(text) > LINE_LENGTH:
        return wrong("too_long", length=len(text), limit=LINE_LENGTH)
    line = read(text)
    if not line.verb:
        return wrong("empty")
    verb = BY_NAME.get(line.verb)
    if verb is None and line.verb in context.macros:
        return verbs_macros.run(context.macros[line.verb], line.rest)
    if verb is None:
        return wrong("verb", verb=line.verb, near=", ".join(_near(line.verb, context.role)))
    outcome = verb.parse(line, context)
    if isinstance(outcome, Wrong) and context.role not in verb.roles:
        return wrong("role", verb=line.verb, near=tuple(_who(verb.roles, which) for which in (0, 1)))
    return _only_commands(outcome.macro) or outcome if isinstance(outcome, KeepMacro) else outcome


def _only_commands(macro: Macro) -> Wrong | None:
    """What stands against keeping the macro: a command's name, or a step that is none."""
    if fold(macro.name) in BY_NAME:
        return wrong("macro_name", text=macro.name, most=NAME_LENGTH)
    for step in macro.steps:
        verb = BY_NAME.get(read(step).verb)
        if verb is None or verb.parse in (verbs_macros.keep, verbs_macros.drop):
            return wrong("macro_step", text=step)
    return None


def _near(word: str, role: Role) -> list[str]:
    """Commands of this role that read like the word, else its first ones."""
    own = [fold(name) for verb in offered(role) for name in verb.names]
    return get_close_matches(word, own, 3, 0.4) or [verb.names[0] for verb in offered(role)][:5]


def _who(roles: frozenset[Role], which: int) -> str:
    return ", ".join(WORDS[f"role.{role.value}"][which] for role in sorted(roles))


def offered(role: Role) -> list[Verb]:
    """The commands that a person of this role may give, in the order of the help sheet."""
    return [verb for verb in VERBS if role in verb.roles]
