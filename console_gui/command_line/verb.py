"""One command: what is typed, what it says in the help sheet, who does it, what follows when typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console_gui.command_line.outcomes import Context, Outcome
from console_gui.command_line.tokens import Line
from dispatch_core.domain.vocabulary import Role

DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR})
ADMIN = frozenset({Role.TELEPHONY_ADMIN})
WATCH = LEAD | ADMIN
ALL = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Verb:
    """``names`` are typed, the first is shown; ``syntax`` and ``help`` are (Vietnamese, English); ``arguments`` are the
    kinds of words that may follow, the last of them again and again. Its key stands in ``console_gui.keys``."""

    names: tuple[str, ...]
    syntax: tuple[str, str]
    help: tuple[str, str]
    parse: Callable[[Line, Context], Outcome]
    roles: frozenset[Role] = DESK
    arguments: tuple[str, ...] = ()
