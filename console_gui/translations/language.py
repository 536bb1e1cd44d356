"""The language of the screens, changed at run time: whatever was put on a widget is put again in the new one."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console_gui.translations.tables import LANGUAGES, say


class Words(QObject):
    """``words("key", name=value)`` is the text; ``words.put(label, "setText", "key")`` keeps a widget's text right."""

    changed = Signal()

    def __init__(self, language: str = "vi", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language if language in LANGUAGES else "vi"
        self._put: dict[tuple[int, str], tuple[weakref.ref[QObject], str, str, dict[str, object]]] = {}

    def __call__(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def pick(self, vi: str, en: str) -> str:
        """For things that carry both names themselves."""
        return vi if self.language == "vi" else en

    def put(self, widget: QObject, setter: str, key: str, **values: object) -> None:
        """Set a text now, and again whenever the language changes."""
        place = (id(widget), setter)
        self._put[place] = (weakref.ref(widget, lambda _: self._put.pop(place, None)), setter, key, values)
        getattr(widget, setter)(self(key, **values))

    def set_language(self, language: str) -> None:
        if language not in LANGUAGES or language == self.language:
            return
        self.language = language
        for reference, setter, key, values in list(self._put.values()):
            widget = reference()
            if widget is not None:
                _set(getattr(widget, setter), self(key, **values))
        self.changed.emit()


def _set(setter: Callable[[str], object], text: str) -> None:
    try:
        setter(text)
    except RuntimeError as problem:  # Qt deleted the widget before Python did
        if "already deleted" not in str(problem):
            raise
