"""A person's own macros at the window: kept, dropped, and run by their keys."""

from __future__ import annotations

from console_gui.command_line.command_bar import CommandBar
from console_gui.command_line.macros import Macro, decoded, encoded, kept_with
from console_gui.desk import Desk
from console_gui.macro_run import MacroRun
from console_gui.notice import DONE_S, Kind, Notice
from console_gui.preferences import Preferences
from console_gui.translations.tables import sentence_of

MACRO_KEYS = tuple(f"Ctrl+F{number}" for number in range(1, 13))
"""They belong to a person's macros."""


class OwnMacros:
    def __init__(self, desk: Desk, bar: CommandBar, preferences: Preferences) -> None:
        self._desk, self._bar, self._preferences = desk, bar, preferences
        desk.macros = decoded(preferences.own("macros"))
        self.run = MacroRun(desk, bar.run, bar)

    def press(self, sequence: str) -> None:
        """One that wants words waits in the line; the others run."""
        macro = next((it for it in self._desk.macros.values() if it.key == sequence), None)
        if macro is None:
            sentence = sentence_of("macro.no_key", sequence=sequence)
            self._desk.noticed.emit(Notice(Kind.WRONG, "macro", sentence, "", self._desk.now()))
        elif macro.words:
            self._bar.line.put(f"{macro.name} ")
        else:
            self._bar.run(macro.name)

    def keep(self, macro: Macro) -> None:
        self._are(kept_with(self._desk.macros, macro))
        self._told("macro.kept", name=macro.name, body=macro.body)

    def drop(self, name: str) -> None:
        dropped = self._desk.macros[name]
        self._are({it.name: it for it in self._desk.macros.values() if it.name != name})
        self._told("macro.dropped", name=name, body=dropped.body)

    def _are(self, macros: dict[str, Macro]) -> None:
        self._desk.macros = macros
        self._preferences.keep("macros", encoded(macros))

    def _told(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        told = Notice(Kind.TOLD, "macro", sentence, "", self._desk.now(), quiet=True, goes_s=DONE_S)
        self._desk.noticed.emit(told)
