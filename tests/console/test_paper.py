"""The board on paper: all of it, in both languages, on disk whole or not at all, without holding up the screen."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest

from console_gui.hands import type_into
from console_gui.main_window import MainWindow
from console_gui.notice import Notice
from console_gui.paper import printing, shelf, worker
from console_gui.paper.job import Job, Printed, Waits, pieces, read_job
from console_gui.paper.sheet import as_text, sheet
from console_gui.preferences import paper_folder
from console_gui.theme import Look
from console_gui.translations.tables import LANGUAGES
from dispatch_core.domain.state import State
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night
from tests.lateness import Lateness

CRASH = "20261123-00001"


@pytest.fixture(autouse=True)
def one_application(look: Look) -> None:
    """The worker's part is called in this process too."""


def job(night: Night, folder: Path, language: str = "vi", **more: Any) -> Job:
    values: dict[str, Any] = {
        "state": night.state, "user": "Nguyễn Thị Ngọc Lan", "language": language, "now": night.now, "age_s": 0.4,
        "stale": False, "generation": "g", "folder": str(folder), "keep": 3, "most_bytes": 10**8,
        "waits": (Waits("n #1 khói lan sang nhà bên", night.now - 40_000),),
    }  # fmt: skip
    return Job(**(values | more))


def crowded(state: State, count: int) -> State:
    """So many open incidents."""
    some = [it for it in state.incidents.values() if it.closed_at == 0][:3]
    many = {f"20261123-{n:05d}": msgspec.structs.replace(some[n % 3], id=f"20261123-{n:05d}") for n in range(count)}
    return msgspec.structs.replace(state, incidents=many)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_night_without_screens_needs_is_there(night: Night, tmp_path: Path, language: str) -> None:
    state, asked = night.state, job(night, tmp_path, language)
    text = as_text(asked, sheet(asked))
    for incident in state.incidents.values():
        if incident.closed_at == 0:
            assert f"P{incident.priority} #{int(incident.id[-5:])} " in text
    for sign in state.units:
        assert sign in text.split() or f"{sign};" in text.split()
    for person in state.people.values():
        assert person.name in text
    for words in (
        "Ngã tư Hàng Xanh, phường Thạnh Mỹ Tây", "0903 123 456", "n #1 khói lan sang nhà bên", "21:01:46", "±31 m",
        f"{state.seq}", "23/11/2026 21:04",
    ):  # fmt: skip
        assert words in text, words
    if language == "vi":
        assert text.index("LỆNH CHƯA GỬI") < text.index("CUỘC GỌI ĐANG CÓ") < text.index("P1 #1") < text.index("P3 #3")
        assert "đang chở bệnh nhân" in text and "dữ liệu 0,4 s" in text
    stale = job(night, tmp_path, language, stale=True, age_s=46.0)
    told = as_text(stale, sheet(stale))
    assert ("DỮ LIỆU CŨ 46 s" if language == "vi" else "STALE 46 s") in told.splitlines()[0]


def test_the_card_of_an_incident_has_its_whole_story(night: Night, tmp_path: Path) -> None:
    card = job(night, tmp_path, incident=CRASH)
    text = as_text(card, sheet(card))
    notes = night.state.incidents[CRASH].notes
    assert text.splitlines()[1] == "= Phiếu vụ việc #1" and len(text.splitlines()) > len(notes)
    assert "#2" not in text


def test_what_strangers_wrote_is_words_on_paper_and_no_markup(night: Night, tmp_path: Path) -> None:
    incident = night.state.incidents[CRASH]
    hostile = msgspec.structs.replace(
        incident.notes[-1], kind="note", text="<img src='file:///etc/passwd'><b>đậm</b>\x00\u202e\x1b[2J" + "x" * 5000
    )
    state = msgspec.structs.replace(
        night.state,
        incidents={**night.state.incidents, CRASH: msgspec.structs.replace(incident, notes=(*incident.notes, hostile))},
    )
    told = worker.work(job(night, tmp_path, state=state))
    html = Path(told.file).with_suffix(".html").read_text(encoding="utf-8")
    assert "<img" not in html and "&lt;b&gt;đậm" in html and "\x00" not in html and "\u202e" not in html


def test_the_pdf_is_a4_in_greys_with_its_letters_and_its_head_on_every_page(night: Night, tmp_path: Path) -> None:
    told = worker.work(job(night, tmp_path, state=crowded(night.state, 60)))
    data = Path(told.file).read_bytes()
    assert data.startswith(b"%PDF-") and b"Inter" in data and b"/FontFile" in data, "the font is inside"
    document = QPdfDocument()
    assert document.load(told.file) == QPdfDocument.Error.None_ and document.pageCount() == told.pages > 4
    size = document.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    for page in range(told.pages):
        text = document.getAllText(page).text()
        assert f"{page + 1}/{told.pages}" in text and str(night.state.seq) in text and "dữ liệu 0,4 s" in text
        picture = document.render(page, QSize(420, 594))
        shown = QImage(picture.size(), QImage.Format.Format_RGB32)
        shown.fill(Qt.GlobalColor.white)
        painter = QPainter(shown)
        painter.drawImage(0, 0, picture)
        painter.end()
        bytes_ = bytes(shown.constBits())
        assert bytes_[0::4] == bytes_[1::4] == bytes_[2::4], "nothing is told by colour alone"
        assert min(bytes_[0::4]) < 90, "and black enough to be read"
    words = document.getAllText(0).text()
    assert "Tai nạn giao thông, có người mắc kẹt" in words and "Ngã tư Hàng Xanh" in words
    assert "Diễn biến" in document.getAllText(told.pages - 1).text(), "cards to be written by hand"


def test_files_are_the_persons_own_and_so_many(night: Night, tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    for minute in range(6):
        night.now += 60_000
        worker.work(job(night, folder))
        os.utime(max(folder.iterdir(), key=lambda it: it.name), (minute, minute))
    (folder / "half.pdf.new").write_bytes(b"of a worker that was killed")
    shelf.prune(folder, 3, 10**8)
    assert len({it.stem for it in folder.iterdir()}) == 3 and len(list(folder.iterdir())) == 9
    assert {stat.S_IMODE(it.stat().st_mode) for it in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    shelf.prune(folder, 3, 1)
    assert len({it.stem for it in folder.iterdir()}) == 1, "the newest stays whatever its size"


def test_a_job_crosses_the_pipe_in_bites(night: Night, tmp_path: Path) -> None:
    asked = job(night, tmp_path, state=crowded(night.state, 700))
    bites = list(pieces(asked))
    assert read_job(iter(bites)) == asked
    assert max(map(len, bites)) < 400_000 and bites[-1] == b""


# --- in the window ----------------------------------------------------------------------------------------------------


def enter(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)


def heard(local: LocalDesk) -> list[Notice]:
    told: list[Notice] = []
    local.desk.noticed.connect(told.append)
    return told


def test_by_key_and_by_line(open_window: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    lp = tmp_path / "bin" / "lp"
    lp.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/printed\n')
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    local, window = open_window("lan")
    told = heard(local)
    assert not window.band.paper.isVisible()
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    enter(window, "in #2")  # while the first is still under way
    qtbot.waitUntil(lambda: len(told) == 2 and not window.printing.busy)
    files = sorted(paper_folder("lan").iterdir())
    assert [it.name.split("-")[0] for it in files if it.suffix == ".pdf"] == ["20261123", "board"]
    assert "Đã gửi máy in" in told[0].sentence("vi") and "media=A4" in (tmp_path / "printed").read_text()
    assert window.band.paper.text() == "giấy 21:04" and window.band.paper.isVisible()
    lp.write_text("#!/bin/sh\necho hết giấy >&2; exit 1\n")
    enter(window, "print")
    qtbot.waitUntil(lambda: len(told) == 3)
    assert "hết giấy" in told[-1].sentence("vi") and not window.printing.last.problem
    enter(window, "in 0")
    assert told[-1].code == "minutes"
    enter(window, "in 12")
    assert window.printing.minutes == 12


def test_a_disk_that_says_no_is_said_and_stays_said(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    told = heard(local)
    folder = paper_folder("lan")
    folder.parent.mkdir(parents=True)
    folder.write_text("no folder")
    enter(window, "in")
    qtbot.waitUntil(lambda: bool(told) and not window.printing.busy)
    assert window.band.paper.text() == "GIẤY LỖI" and window.band.paper.objectName() == "late"
    assert "KHÔNG in được" in told[-1].sentence("vi") and not told[-1].quiet
    folder.unlink()
    enter(window, "in")
    qtbot.waitUntil(lambda: window.printing.last_at > 0 and not window.printing.busy)
    assert window.band.paper.text().startswith("giấy ") and window.band.paper.objectName() == "dim"


def _dies(pipe: Any) -> None:
    os._exit(9)


def test_a_worker_that_dies_or_never_comes_back_is_said(
    open_window: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, window = open_window("lan")
    monkeypatch.setattr(worker, "main", _dies)
    enter(window, "in")
    qtbot.waitUntil(lambda: bool(window.printing.last.problem))
    assert window.band.paper.isVisible()
    monkeypatch.undo()
    monkeypatch.setattr(printing, "PAPER_WITHIN_S", 0.0)
    window.printing.last = Printed()
    enter(window, "in")
    qtbot.waitUntil(lambda: bool(window.printing.last.problem) and not window.printing.busy)


def test_by_itself_soon_and_then_every_few_minutes(
    open_window: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    local, window = open_window("lan")
    told = heard(local)
    monkeypatch.setattr(printing, "PAPER_FIRST_S", 0.05)
    window.printing.start()
    assert window.printing._timer.interval() == 300_000
    qtbot.waitUntil(lambda: window.printing.last_at > 0)
    assert told == [], "quietly: it is in the band"
    window.printing._timer.timeout.emit()
    assert window.printing.busy
    qtbot.waitUntil(lambda: not window.printing.busy)
    window.printing.stop()


def test_the_screen_is_not_held_up_by_a_night_of_1500_incidents(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    gaps: list[float] = []
    with Lateness() as late:
        last = [time.monotonic(), late.lost]

        def look() -> None:
            now, lost = time.monotonic(), late.lost
            gaps.append(now - last[0] - (lost - last[1]))
            last[:] = [now, lost]

        watch = QTimer()
        watch.setInterval(1)
        watch.timeout.connect(look)
        local.desk.state = crowded(local.night.state, 1_500)  # the screen itself stays as it is
        watch.start()
        window.printing.print_now()
        qtbot.waitUntil(lambda: not window.printing.busy)
        watch.stop()
    assert not window.printing.last.problem and window.printing.last.pages > 100
    # the sheet is made elsewhere: on this thread one turn would be nearly all of it; milliseconds are the bench's
    assert max(gaps) < sum(gaps) / 4, f"{max(gaps) * 1000:.0f} of {sum(gaps) * 1000:.0f} ms"
    local.desk.state = local.night.state


# --- typed in afterwards ----------------------------------------------------------------------------------------------


def test_a_card_is_typed_in_with_its_time_and_marked_everywhere(open_window: Any) -> None:
    local, window = open_window("lan")
    told = heard(local)
    before = set(local.night.state.incidents)
    enter(window, "ghibu 20:14 12 Lê Lợi, phường Bến Thành; cháy bếp, đã dập")
    (ident,) = local.night.state.incidents.keys() - before
    made = local.night.state.incidents[ident]
    assert local.night.now - 60 * 60_000 < int(made.notes[-2].about[0]) < local.night.now
    assert made.location is not None and made.location.label == "12 Lê Lợi, phường Bến Thành"
    assert local.desk.current == ident, "it is open, for its type and units to be typed"
    enter(window, "t chay nha")
    table = window.panels.incidents.table
    row = [str(table.index(table.row_of(ident), column).data() or "") for column in range(table.columnCount())]
    assert any(it.startswith("GHI BÙ 20:14 · 12 Lê Lợi") for it in row), row
    card = job(local.night, Path("/nowhere"), incident=ident)
    text = as_text(card, sheet(card))
    assert "GHI BÙ 20:14" in text and "việc xảy ra lúc 20:14 23/11" in text
    enter(window, "ghibu 23:50 22/11 cầu Sài Gòn")
    assert not [it for it in told if it.code == "past_time"]
    for wrong in ("ghibu", "ghibu 25:00 đâu đó", "ghibu 20:14", "ghibu 20:14 31/02 đâu đó", "ghibu 20:14 ; lời"):
        told.clear()
        enter(window, wrong)
        assert told and told[-1].code in ("past_time", "usage"), wrong
    enter(window, "ghibu 23:50 quận 1")  # the night before: it is 21:04 now
    newest = max(local.night.state.incidents)
    assert local.night.now - int(local.night.state.incidents[newest].notes[-1].about[0]) > 12 * 3_600_000
