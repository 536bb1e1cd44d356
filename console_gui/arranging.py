"""What a person does with the screen itself: size of the texts, panels on another monitor, layouts by name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console_gui.command_line.outcomes import Act
from console_gui.desk import Desk
from console_gui.monitors import Monitors
from console_gui.notice import DONE_S, Kind, Notice
from console_gui.preferences import Preferences
from console_gui.sizes import SIZES
from console_gui.translations.tables import say, sentence_of
from console_gui.workplace import Workplace


class Arranging(QObject):
    """``acts`` are what the window hands on; ``size_changed`` asks for the window to be made anew."""

    size_changed = Signal(str)

    def __init__(self, desk: Desk, workplace: Workplace, monitors: Monitors, preferences: Preferences) -> None:
        super().__init__(workplace)
        self._desk, self._workplace, self._preferences = desk, workplace, preferences
        self.monitors = monitors
        self.acts: dict[Act, Callable[[str], object]] = {
            Act.SIZE: self.size,
            Act.BESIDE: self.beside,
            Act.LAYOUT: self.wear,
            Act.LAYOUT_KEEP: self.keep,
            Act.LAYOUT_RESET: lambda _: self.reset(),
        }

    def size(self, asked: str) -> None:
        """A size by its name, or the next one; beyond the last one nothing happens."""
        names = list(SIZES)
        now = self._preferences.get("size", "normal")
        if asked in ("+", "-"):
            at = names.index(now if now in names else "normal") + (1 if asked == "+" else -1)
            asked = names[min(len(names) - 1, max(0, at))]
        self._told("size.now", name=sentence_of(f"size.{asked}"))
        if asked != now:
            self._preferences.put("size", asked)
            self.size_changed.emit(asked)

    def beside(self, name: str) -> None:
        monitors = self.monitors
        if not name:
            back = monitors.bring_all()
            self._told("beside.back" if back else "beside.none", panel=self._names(back))
        elif not monitors.has(name):
            self._told("beside.not_here")
        elif monitors.toggle(name):
            screen = monitors.other_screen()
            key = "beside.one" if screen is None else "beside.out"
            self._told(key, panel=self._names([name]), screen=screen.name() if screen is not None else "")
        else:
            self._told("beside.back", panel=self._names([name]))

    # --- layouts ------------------------------------------------------------------------------------------------------

    def keep(self, name: str) -> None:
        self._workplace.keep_layout(name)
        self._told("layout.kept", name=name)

    def wear(self, name: str) -> None:
        if self._workplace.wear_layout(name):
            self._told("layout.worn", name=name)
        else:
            self._told("layout.none", name=name, near=", ".join(self._workplace.layouts()) or "—")

    def reset(self) -> None:
        self.monitors.bring_all()
        self._workplace.reset_layout()
        self._told("layout.reset")

    # --- telling ------------------------------------------------------------------------------------------------------

    def _names(self, panels: list[str]) -> Callable[[str], str]:
        return lambda language: ", ".join(say(language, f"panel.{name}") for name in panels)

    def _told(self, key: str, **values: str | Callable[[str], str]) -> None:
        """``values`` that are functions read otherwise in each language."""

        def sentence(language: str) -> str:
            filled = {name: it if isinstance(it, str) else it(language) for name, it in values.items()}
            return say(language, key, **filled)

        self._desk.noticed.emit(Notice(Kind.TOLD, "layout", sentence, "", self._desk.now(), quiet=True, goes_s=DONE_S))
