"""No English on the Vietnamese screens and no Vietnamese on the English ones, names and typed words apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QTableView, QWidget

import console_gui
from console_gui.command_line.help_sheet import HelpSheet
from console_gui.command_line.table import VERBS
from console_gui.labels import plain_label
from console_gui.sign_in_dialog import SignInDialog
from console_gui.supervising.reassign_dialog import ReassignDialog
from console_gui.translations.language import Words
from console_gui.translations.qt_words import QT_WORDS, QtVietnamese
from console_gui.translations.tables import WORDS
from console_gui.typefaces import ROW
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import AlarmLevel
from dispatch_core.wire.envelopes import LiveValue
from tests.console.local_desk import SUGGESTIONS
from tests.console.scenario import PLACES, STATIONS, SWITCH, Night, busy_night

MARKS = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
WORD = re.compile(r"[^\W\d_]+")


def data_of(night: Night) -> list[str]:
    """Names that stay as they are in every language: people, places, stations, what callers and people typed."""
    state = night.state
    kept = [it.name for it in state.people.values()] + [it[2] for it in STATIONS] + [it[0] for it in PLACES]
    kept += [it.label for it in state.positions.values()] + [state.site.name] + [it.name for it in state.calls.values()]
    kept += [line.text for it in state.incidents.values() for line in it.notes if line.text]
    kept += [it.label for it in SUGGESTIONS] + [it.label for it in state.units.values()] + ["phường Bình Thạnh"]
    kept += [zone.zone_name for it in state.incidents.values() for leg in it.legs.values() if (zone := leg.zone)]
    return sorted((it for it in kept if it), key=len, reverse=True)


def texts_of(widget: QWidget) -> Iterator[str]:
    """Everything that can be read on a widget and under it, hidden pages too."""
    for part in [widget, *widget.findChildren(QWidget)]:
        yield part.windowTitle()
        yield part.toolTip()
        if isinstance(part, QLabel | QAbstractButton | QLineEdit):
            yield part.text()
        if isinstance(part, QLineEdit):
            yield part.placeholderText()
        if isinstance(part, QComboBox):
            yield from (part.itemText(row) for row in range(part.count()))
        if isinstance(part, QTableView):
            yield from _cells(part.model())


def _cells(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount()):
            yield str(model.index(row, column).data() or "")


def words_alone(language: int) -> set[str]:
    """Words that the tables have in this language and not in the other."""
    pairs = [*WORDS.values(), *(verb.help for verb in VERBS)]
    mine, others = (
        {word.casefold() for pair in pairs for word in WORD.findall(re.sub(r"\{.*?\}", "", pair[which]))}
        for which in (language, 1 - language)
    )
    typed = [text for verb in VERBS for text in (*verb.syntax, *verb.names)]
    commands = {word.casefold() for text in typed for word in WORD.findall(text)}
    names = {"lan", "hung", "minh", "quan", "vnpt", "viettel", "mobifone", "hcm", "aml", "esc", "tab", "enter", "https"}
    return {word for word in mine - others - commands - names if len(word) > 2}


def without(text: str, data: list[str]) -> str:
    for name in data:
        text = text.replace(name, " ")
    return text


@pytest.fixture
def full_night() -> Night:
    night = busy_night()
    night.must(SWITCH, c.NodeDown(node="hcm1", why="gone"))
    night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk="vnpt"))
    night.must(night.person("lan"), c.AddNote(incident="20261123-00007", text="Người nhà nói bệnh nhân đã tỉnh"))
    return night


@pytest.mark.parametrize("user", ["lan", "hung", "quan"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_language_at_a_time(open_window: Any, full_night: Night, user: str, language: str) -> None:
    """The window begins in the other language and is switched, so that whatever does not follow is found."""
    other = "en" if language == "vi" else "vi"
    local, window = open_window(user, other, full_night)
    now = full_night.now
    local.link.live(
        LiveValue(kind="trunk", key="vnpt", at=now, value={"reachable": False, "since": now, "node": "hcm1"}),
        LiveValue(kind="phone", key="B01", at=now, value={"state": "UNAVAILABLE", "reachable": False, "since": now}),
        LiveValue(kind="queue", key="q115", at=now, value={"waiting": 1, "members": {"B01": False}}),
    )
    if user != "quan":
        local.desk.show("20261123-00002")
        local.desk.show("20261123-00001")
        window.panels.units.filter_field.setText("khong co")
        window.panels.units.filter_field.clear()
    local.desk.run("d A99")
    local.desk.run("re #2 @lan vì thế")
    local.link.pulse(local.door.at - 9, needs_snapshot="gap")
    window.bar.line.setText("d A1")
    local.words.set_language(language)
    window.bar._tell_hint()
    dialogs: list[QWidget] = [HelpSheet(local.desk, window)]
    if user == "hung":
        dialogs.append(ReassignDialog(local.desk, local.desk.state.incidents["20261123-00001"], window))
    seen = [text for widget in (window, *dialogs) for text in texts_of(widget) if text]
    seen += [" ".join(parts[1:]) for parts in window.bar.notices.lines()]
    assert len(seen) > 60
    foreign = words_alone(1 if language == "vi" else 0)
    data = [*data_of(full_night), "P. Thạnh Mỹ Tây", "Q. Bình Thạnh"]  # as the core tells the ward
    data += ["registration", "digest", "secrets/vnpt.txt"]  # as the description of the site has them
    found = [
        (text, sorted(bad))
        for text in seen
        if (bad := {word.casefold() for word in WORD.findall(without(text, data))} & foreign)
    ]
    assert not found
    if language == "en":
        typed = ("re #2", "toi | sang", "chay nha")
        marked = [it for it in seen if MARKS.search(without(it, data)) and not any(word in it for word in typed)]
        assert not [it for it in marked if "Tab:" not in it]


def test_the_sign_in_follows_too(qapp: QApplication, look: Any) -> None:
    words = Words("vi")
    dialog = SignInDialog(words, "https://core:8443")
    dialog._ask()
    words.set_language("en")
    dialog._ask()
    assert [it for it in texts_of(dialog) if MARKS.search(it)] == ["Tiếng Việt"]
    words.set_language("vi")
    assert dialog.enter.text() == "Đăng nhập"
    dialog.deleteLater()


def test_both_languages_say_everything() -> None:
    for key, (vi, en) in WORDS.items():
        assert vi.strip() and en.strip(), key
        assert set(re.findall(r"\{(\w+)\}", vi)) == set(re.findall(r"\{(\w+)\}", en)), key


def test_every_key_that_is_used_is_in_the_tables() -> None:
    used: set[str] = set()
    for path in Path(console_gui.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'(?:words|say)\(\s*(?:\w+, )?"([a-z_]+\.[a-z_]+)"', text))
        used |= set(re.findall(r'"set\w+", "([a-z_]+\.[a-z_]+)"', text))
        used |= set(re.findall(r'"((?:column|empty|panel|figure|why|phone|told|line|leg|form)\.[a-z_]+)"', text))
    assert len(used) > 100
    assert not used - set(WORDS)


def test_everything_that_the_core_raises_has_words() -> None:
    import dispatch_core.domain.decide as decide

    kinds: set[str] = set()
    for path in Path(decide.__file__).parent.glob("*.py"):
        kinds |= set(re.findall(r'_alarm\(story, "(\w+)"', path.read_text(encoding="utf-8")))
    assert kinds >= {"telephony_blind", "forged_event", "message_parked"}
    assert not {f"alarm.{kind}" for kind in kinds} - set(WORDS)
    assert not {f"level.{level.value}" for level in AlarmLevel} - set(WORDS)
    told: set[str] = set()
    evolve = Path(decide.__file__).parents[1] / "evolve"
    for path in evolve.glob("*.py"):
        told |= set(re.findall(r'recorded, "(\w+)"', path.read_text(encoding="utf-8")))
    assert told >= {"note", "assigned", "leg_reassigned"}
    assert not {f"note.{kind}" for kind in told - {"note"}} - set(WORDS)


def test_qt_itself_speaks_vietnamese(qapp: QApplication) -> None:
    words = Words("vi")
    translator = QtVietnamese(words, qapp)
    try:
        for english in ("Select All", "&Copy", "&Undo", "Cancel"):
            assert QCoreApplication.translate("QLineEdit", english) == QT_WORDS[english]
        assert QCoreApplication.translate("QAny", "%1 of %2") == "%1 of %2"
        words.set_language("en")
        assert QCoreApplication.translate("QLineEdit", "Select All") == "Select All"
        words.set_language("vi")
        field = QLineEdit()
        menu = field.createStandardContextMenu()
        shown = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
        assert shown and all(it in QT_WORDS.values() for it in shown), shown
        field.deleteLater()
        menu.deleteLater()
    finally:
        QCoreApplication.removeTranslator(translator)


def test_a_widget_that_is_gone_is_forgotten(qapp: QApplication) -> None:
    words = Words("vi")
    parent = QWidget()
    label = plain_label(parent, ROW)
    words.put(label, "setText", "panel.calls")
    parent.deleteLater()
    del parent, label
    QApplication.sendPostedEvents(None, 0)
    words.set_language("en")
    assert words("panel.calls") == "CALLS"
