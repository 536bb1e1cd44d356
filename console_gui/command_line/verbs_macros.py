"""Keeping, dropping and reading a person's macros."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.command_line import macros, resolve
from console_gui.command_line.macros import MOST, NAME_LENGTH, STEP_LENGTH, STEPS, Macro
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, wrong
from console_gui.command_line.tokens import Line

SYNTAX = ("mc TÊN [Ctrl+F5] = LỆNH ; LỆNH", "macro NAME [Ctrl+F5] = LINE ; LINE")


@dataclass(frozen=True, slots=True)
class KeepMacro(Screen):
    macro: Macro = Macro("", ())


@dataclass(frozen=True, slots=True)
class RunMacro(Screen):
    """``lines`` are carried out one after the other, each when the one before is confirmed."""

    lines: tuple[str, ...] = ()


def keep(line: Line, context: Context) -> Outcome:
    """``mc baodong Ctrl+F5 = cap 2 ; n báo động cấp 2``; ``mc`` alone lists them in the sheet.

    Whether each step begins with a command is seen by ``parsing``, which has the table."""
    if not line.rest:
        return Screen(Act.HELP, "mc")
    macro = macros.read(line.rest)
    if macro is None:
        return wrong("usage", syntax=SYNTAX)
    if not macros.well_named(macro.name):
        return wrong("macro_name", text=macro.name, most=NAME_LENGTH)
    if len(macro.steps) > STEPS or (macro.name not in context.macros and len(context.macros) >= MOST):
        return wrong("macro_long", steps=STEPS, most=MOST)
    for step in macro.steps:
        if len(step) > STEP_LENGTH:
            return wrong("macro_step", text=step)
    return KeepMacro(Act.KEEP_MACRO, macro.name, macro)


def drop(line: Line, context: Context) -> Outcome:
    name = line.rest.casefold()
    if name in context.macros:
        return Screen(Act.DROP_MACRO, name)
    return wrong("macro_none", text=line.rest, near=resolve.listed(context.macros))


def run(macro: Macro, rest: str) -> Outcome:
    """What a macro's name in the line means."""
    if len(rest.split()) < macro.words:
        return wrong("macro_word", text=macro.name, count=macro.words)
    return RunMacro(Act.MACRO, macro.name, tuple(macro.lines(rest)))

