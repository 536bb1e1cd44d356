"""Everything the program does can be typed and has a key; the keys, the sheet and the manuals are one table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console_gui import command_line
from console_gui.command_line import macros
from console_gui.command_line.line_history import LineHistory, is_plain
from console_gui.command_line.outcomes import Act, Context, Screen, Wrong
from console_gui.command_line.parsing import BY_NAME, offered, parse
from console_gui.command_line.subjects import SUBJECTS, by_subject
from console_gui.command_line.table import VERBS
from console_gui.command_line.verbs_screen import SPOTS
from console_gui.folding import fold
from console_gui.hands import press, type_into
from console_gui.keys import KEYS, key_of, keys_of, waits
from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.authority import PEOPLE
from dispatch_core.domain.vocabulary import Role
from tests.console.held import held
from tests.console.scenario import busy_night

NIGHT = busy_night()
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
CRASH = "20261123-00001"


def context(role: Role = Role.DISPATCHER, **own: Any) -> Context:
    user = {Role.DISPATCHER: "lan", Role.SUPERVISOR: "thao", Role.TELEPHONY_ADMIN: "hung"}[role]
    return Context(NIGHT.state, user, role, CRASH, macros=own)


def written_verbs() -> str:
    return "".join(it.read_text("utf-8") for it in Path(command_line.__path__[0]).glob("verbs_*.py"))


# --- one table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_no_two_keys_of_a_person_are_the_same(role: Role) -> None:
    counted = Counter(QKeySequence(it.sequence).toString() for it in keys_of(role))
    assert [key for key, count in counted.items() if count > 1] == []
    assert all(not QKeySequence(it.sequence).isEmpty() for it in KEYS)


def test_only_what_moves_or_grows_goes_on_while_its_key_is_held_down(open_window: Any) -> None:
    """Held down, F9 would leave and take the seat, Ctrl+R read every note, a macro be sent thirty times a second."""
    _, window = open_window("lan")
    bound = {it.key().toString() for it in window.findChildren(QShortcut, options=DIRECT) if it.autoRepeat()}
    assert bound - {"Esc"} == {"Alt+Left", "Alt+Up", "Alt+Down", "Ctrl+=", "Ctrl+-"}


def test_a_refused_line_that_came_back_is_not_sent_again_by_the_same_press(open_window: Any) -> None:
    _, window = open_window("lan")
    type_into(window.bar.line, "khongco #1")
    before = len(window.bar.notices.notices)
    held(window.bar.line, Qt.Key.Key_Return)
    assert len(window.bar.notices.notices) == before + 1 and window.bar.line.text() == "khongco #1"


@pytest.mark.parametrize("role", list(Role))
def test_what_a_key_types_is_a_command_of_that_person(role: Role) -> None:
    for key in keys_of(role):
        line = key.typed(context(role))
        outcome = parse(line, context(role))
        assert not (isinstance(outcome, Wrong) and outcome.code in ("verb", "role", "choice", "extra")), (key, line)
        assert set(key.commands()) <= set(offered(role)) and key.commands()
        typed = BY_NAME[line.split(" ")[0]]
        assert typed in key.commands() or typed.names[0] == "den"


def test_no_two_commands_share_a_name() -> None:
    counted = Counter(fold(name) for verb in VERBS for name in verb.names)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_command_stands_once_in_the_sheet() -> None:
    named = [name for _, names in SUBJECTS for name in names]
    assert sorted(id(BY_NAME[name]) for name in named) == sorted(id(verb) for verb in VERBS)


def test_every_act_of_the_screen_is_typed_by_somebody() -> None:
    """An act without a line would be reached by the mouse alone."""
    written = written_verbs()
    assert [act.name for act in Act if f"Act.{act.name}" not in written] == []


def test_every_order_that_a_person_may_give_is_typed_by_somebody() -> None:
    written = written_verbs()
    asked_by_acts = {
        "SignOut": Act.QUIT, "HearRecording": Act.PLAY, "ExportEvidence": Act.EVIDENCE, "DrawClosure": Act.DRAW,
        "TellSound": Act.VOLUME,
    }  # fmt: skip
    assert {kind.__name__ for kind in PEOPLE if kind.__name__ not in written} == set(asked_by_acts)
    assert all(f"Act.{act.name}" in written for act in asked_by_acts.values())


# --- the window -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["lan", "hung", "quan"])
def test_the_window_hears_each_key_of_the_table(user: str, open_window: Any) -> None:
    _, window = open_window(user)
    bound = {it.key().toString() for it in window.findChildren(QShortcut)}
    assert {QKeySequence(it.sequence).toString() for it in keys_of(window.desk.role)} <= bound


@pytest.mark.parametrize("spot", sorted(set(SPOTS.values()) - {"add_position"}))
def test_the_keyboard_goes_where_it_is_sent(spot: str, open_window: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(CRASH)
    window.activateWindow()
    window.bar.run(f"go {spot}")
    wanted = window.panels.spots().get(spot, window.bar.line)
    assert QApplication.focusWidget() is wanted


def test_the_first_command_that_the_sheet_finds_goes_into_the_line(open_window: Any, qtbot: Any) -> None:
    _, window = open_window("lan")
    window.help()
    qtbot.keyClicks(window.dialog.search, "gac may")
    QTest.keyClick(window.dialog.search, Qt.Key.Key_Return)
    assert window.bar.line.text() == "h "


# --- earlier lines ----------------------------------------------------------------------------------------------------


def test_earlier_lines_are_found_by_how_they_begin(open_window: Any) -> None:
    _, window = open_window("lan")
    line = window.bar.line
    for typed in ("st A2 toi", "d A1", "st A1 nhan", "d A1"):
        line.remember(typed)
    type_into(line, "st")
    press(line, Qt.Key.Key_Up)
    assert line.text() == "st A1 nhan"
    press(line, Qt.Key.Key_Up)
    assert line.text() == "st A2 toi"
    press(line, Qt.Key.Key_Up)
    assert line.text() == "st A2 toi"  # there is no older one
    press(line, Qt.Key.Key_Down)
    press(line, Qt.Key.Key_Down)
    assert line.text() == "st"


def test_words_of_callers_are_not_on_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "history.txt"
    history = LineHistory(file)
    said = ["d A1 #42", "n chị Hoa 0903 111 222 kêu cứu", "@ 12 Lê Lợi", "gl 0903111222", "xn 0903111222 thôi",
            "st A1 toi", "nhan", "tn 0903111222 chào", "x bao gia"]  # fmt: skip
    for line in said:
        history.remember(line)
    assert history.lines == said
    assert LineHistory(file).lines == [line for line in said if is_plain(line)]
    assert "d A1 #42" in LineHistory(file).lines and "0903" not in file.read_text("utf-8")
    assert "Hoa" not in file.read_text("utf-8") and file.stat().st_mode & 0o777 == 0o600


def test_a_history_that_is_no_text_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "history.txt"
    file.write_bytes(b"\xff\xfe d A1")
    assert LineHistory(file).lines == []


# --- macros -----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_macros(text: str) -> None:
    for verb in ("mc", "mc-"):
        assert isinstance(parse(f"{verb} {text}", context()), Screen | Wrong)
    assert all(isinstance(it, macros.Macro) for it in macros.decoded(text).values())


@given(
    st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=4, unique=True),
    st.sampled_from(["", "Ctrl+F5", "Ctrl+F12"]),
)
def test_macros_come_back_as_they_were_kept(names: list[str], key: str) -> None:
    kept: dict[str, macros.Macro] = {}
    for name in names:
        macro = macros.read(f"{name} {key} = d $1 ; n tới $*")
        assert macro is not None
        kept = macros.kept_with(kept, macro)
    assert macros.decoded(macros.encoded(kept)) == kept
    assert sum(it.key == "Ctrl+F5" for it in kept.values()) <= 1
    assert kept[names[-1]].lines("A1 B2") == ["d A1", "n tới A1 B2"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("mc x", "usage"), ("mc d = n a", "macro_name"), ("mc a b c = n a", "usage"),
        ("mc thu = khonglenh", "macro_step"),
        ("mc thu = mc a = n b", "macro_step"), ("mc thu =", "usage"), ("mc- thu", "macro_none"),
        ("mc th-u = n a", "macro_name"), ("mc thu = " + " ; ".join(["n a"] * 13), "macro_long"),
    ],
)  # fmt: skip
def test_a_macro_that_cannot_be_is_refused_in_words(typed: str, code: str) -> None:
    outcome = parse(typed, context())
    assert isinstance(outcome, Wrong) and outcome.code == code
    assert outcome.sentence("vi") and outcome.sentence("en")


def test_a_macro_is_a_command_of_its_person() -> None:
    own = macros.read("toi = st $1 toi ; n $* tới nơi")
    assert own is not None
    here = context(toi=own)
    outcome = parse("toi A2", here)
    assert isinstance(outcome, Screen) and outcome.act is Act.MACRO
    missing = parse("toi", here)
    assert isinstance(missing, Wrong) and missing.code == "macro_word"


def test_a_macro_goes_on_when_a_step_is_confirmed_and_stops_where_one_is_refused(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(CRASH)
    said: list[str] = []
    local.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    local.link.holding = True
    type_into(window.bar.line, "mc bao Ctrl+F5 = p 2 ; n báo $* ; d KHONGCO ; n không bao giờ")
    press(window.bar.line, Qt.Key.Key_Return)
    assert local.desk.macros["bao"].key == "Ctrl+F5" and "Đã ghi lệnh gộp “bao”" in said[-1]
    window.bar.run("bao đội một")
    assert len(local.link.held) == 1 and window.macros.run.running  # the next waits for the answer
    local.link.let_go()
    notes = [it.body.text for it in local.link.orders if isinstance(it.body, c.AddNote)]
    assert notes == ["báo đội một"]
    assert not window.macros.run.running and "dừng ở bước 3/4: d KHONGCO" in said[-1]


def test_a_macro_stops_where_the_core_refuses_and_where_it_is_silent(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(CRASH)
    said: list[str] = []
    local.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    window.bar.run("mc hai = p 2 ; p 2 ; n sau")
    local.desk.macros["no"] = macros.Macro("no", ("st A2 khong", "n sau"))
    window.bar.run("no")
    assert not window.macros.run.running and "dừng ở bước 1/2" in said[-1]
    local.link.holding = True
    window.bar.run("hai")
    window.bar.run("hai")
    assert "còn đang chạy" in said[-1]
    window.macros.run._clock.timeout.emit()
    assert not window.macros.run.running and "bước 1/3 chưa được xác nhận" in said[-1]
    local.link.let_go()
    assert not any(isinstance(it.body, c.AddNote) for it in local.link.orders)


def test_a_key_of_a_macro_runs_it_or_says_that_there_is_none(open_window: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(CRASH)
    said: list[str] = []
    local.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    window.macros.press("Ctrl+F3")
    assert "Ctrl+F3 chưa có lệnh gộp" in said[-1]
    window.bar.run("mc uu Ctrl+F3 = p 1")
    QTest.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(local.link.orders[-1].body, c.SetPriority)


def test_macros_are_the_persons_own_and_outlive_the_window(open_window: Any) -> None:
    _, window = open_window("lan")
    window.bar.run("mc uu = p 1")
    assert "uu" in macros.decoded(window._preferences.own("macros"))
    window.help("uu")
    assert any(part[0] == "help.macros" for part in window.dialog._found("uu"))
    window.dialog.accept()
    window.bar.run("mc- uu")
    assert macros.decoded(window._preferences.own("macros")) == {}


def test_a_line_that_waits_is_told_from_one_that_runs() -> None:
    assert waits("pos ") and waits("gop #") and not waits("gop")
    assert key_of(BY_NAME["h"]) == "F10" and key_of(BY_NAME["tach"]) == ""
    assert by_subject(Role.DISPATCHER)
    assert e.__name__
