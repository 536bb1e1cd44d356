"""Listening at the console: played as soon as the first part is there, followed while it grows, every trouble said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from console_gui.command_line.outcomes import Act, Context, Wrong
from console_gui.command_line.parsing import parse
from console_gui.command_line.verbs_recordings import Export, Listen
from console_gui.core_client import CoreRefused, SoundPart
from console_gui.listening import evidence
from console_gui.listening.player import Player, Stage, Wish
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Role
from dispatch_core.wire.sound import EvidenceMade, SoundFormat
from tests.console.conftest import OpenWindow
from tests.console.doors import HandDoor
from tests.console.local_desk import LocalQuestions
from tests.console.scenario import Night

FORM = SoundFormat(8_000, 1, 2)
SECOND = FORM.second
SHIFT = Qt.KeyboardModifier.ShiftModifier


class HandSpeaker:
    """Takes what it is given; ``play`` says how many seconds were heard meanwhile."""

    def __init__(self) -> None:
        self.there = True
        self.given = b""
        self.seconds = 0.0
        self.is_lost = False
        self.paused = False
        self.streams = 0

    def start(self, form: SoundFormat) -> bool:
        self.given, self.seconds, self.paused = b"", 0.0, False
        self.streams += self.there
        return self.there

    def write(self, data: bytes) -> int:
        self.given += data
        return len(data)

    def played(self) -> float:
        return self.seconds

    def lost(self) -> bool:
        return self.is_lost

    def pause(self, on: bool) -> None:
        self.paused = on

    def stop(self) -> None:
        self.given = b""


class Recordings(LocalQuestions):
    """The core's recordings: one call whose sound is ``sound``."""

    def __init__(self, sound: bytes = bytes(20 * SECOND), live: bool = False) -> None:
        super().__init__()
        self.data, self.live = sound, live
        self.parts: list[tuple[int, int, int]] = []
        self.refusal: CoreRefused | None = None

    def sound(
        self, call: str, number: int = 0, *, incident: str = "", last_s: int = 0, first: int = 0, length: int = 0
    ) -> SoundPart:
        self.parts.append((first, length, last_s))
        if self.refusal is not None:
            raise self.refusal
        start = max(0, len(self.data) - last_s * SECOND) if last_s else first
        data = self.data[start:] if last_s else self.data[first : first + length]
        if not data:
            no = CoreRefused(416, "nothing_there", "chưa có", "nothing yet")
            no.live = self.live
            raise no
        return SoundPart(
            call=call or "newest", number=number, form=FORM, data=data, start=start, total=len(self.data),
            live=self.live,
        )  # fmt: skip


class Booth:
    def __init__(self, questions: Recordings) -> None:
        self.questions, self.speaker, self.door = questions, HandSpeaker(), HandDoor()
        self.player = Player(questions, self.speaker, self.door)
        self.started: list[Wish] = []
        self.troubles: list[str] = []
        self.player.started.connect(self.started.append)
        self.player.troubled.connect(lambda problem: self.troubles.append(problem.code))

    def hear(self, seconds: float) -> None:
        self.speaker.seconds += seconds
        self.door.at += seconds
        self.player._feed()


@pytest.fixture
def booth(qapp) -> Iterator[Booth]:  # type: ignore[no-untyped-def]
    made = Booth(Recordings())
    yield made
    made.player.stop()


def test_the_last_seconds_are_played_and_end(booth: Booth) -> None:
    player = booth.player
    player.listen(Wish(call="c1", last_s=3))
    assert player.stage is Stage.PLAYING and booth.questions.parts == [(0, int(16 * SECOND), 3)]
    assert (player.position, player.length) == (17.0, 20.0)
    booth.hear(0.2)
    assert booth.started == [Wish(call="c1", last_s=3)] and player.heard_after == pytest.approx(0.2)
    booth.hear(1.0)
    booth.hear(1.0)
    assert len(booth.speaker.given) == 3 * SECOND and player.stage is Stage.PLAYING
    booth.hear(0.8)
    assert player.stage is Stage.ENDED and player.position == 20.0


def test_a_long_one_is_fetched_ahead_of_what_is_heard(booth: Booth) -> None:
    booth.player.listen(Wish(call="c1"))
    assert [first for first, _, _ in booth.questions.parts] == [0]
    for _ in range(12):
        booth.hear(1.0)
    assert [first for first, _, _ in booth.questions.parts] == [0, 16 * SECOND]
    for _ in range(9):
        booth.hear(1.0)
    assert booth.player.stage is Stage.ENDED


def test_one_that_still_grows_is_followed(qapp) -> None:  # type: ignore[no-untyped-def]
    booth = Booth(Recordings(bytes(2 * SECOND), live=True))
    player = booth.player
    player.listen(Wish(call="c1"))
    for _ in range(5):
        booth.hear(1.0)
    assert player.stage is Stage.PLAYING and player.live, "it waits for more"
    booth.questions.data += bytes(SECOND)
    booth.hear(1.0)
    booth.hear(1.0)
    assert player.length == 3.0
    booth.questions.live = False
    for _ in range(4):
        booth.hear(1.0)
    assert player.stage is Stage.ENDED and not player.live


def test_pause_back_and_stop(booth: Booth) -> None:
    player = booth.player
    player.back(5.0)
    player.pause()
    assert player.stage is Stage.SILENT
    player.listen(Wish(call="c1"))
    for _ in range(10):
        booth.hear(1.0)
    player.pause()
    assert booth.speaker.paused and player.stage is Stage.PAUSED
    player.pause()
    assert not booth.speaker.paused and player.stage is Stage.PLAYING
    player.back(4.0)
    assert player.position == pytest.approx(6.0) and booth.speaker.streams == 2
    player.back(100.0)
    assert player.position == 0.0
    player.stop()
    assert player.stage is Stage.SILENT
    player.listen(Wish(call="c1", last_s=2))
    for _ in range(4):
        booth.hear(1.0)
    player.back(1.0)
    assert player.stage is Stage.PLAYING and player.position == pytest.approx(19.0)


def test_an_answer_to_an_earlier_wish_is_left(booth: Booth) -> None:
    booth.questions.holding = True
    booth.player.listen(Wish(call="c1"))
    booth.player.listen(Wish(call="c2", last_s=1))
    booth.questions.let_go()
    assert booth.player.wish.call == "c2" and booth.player.position == 19.0


def test_every_trouble_is_told(booth: Booth) -> None:
    booth.questions.refusal = CoreRefused(410, "recording_removed", "đã xoá", "deleted")
    booth.player.listen(Wish(call="c1"))
    assert booth.troubles == ["recording_removed"] and booth.player.stage is Stage.SILENT
    booth.questions.refusal = None
    booth.speaker.there = False
    booth.player.listen(Wish(call="c1"))
    assert booth.troubles[-1] == "no_sound_device"
    booth.speaker.there = True
    booth.player.listen(Wish(call="c1"))
    booth.speaker.is_lost = True
    booth.hear(1.0)
    assert booth.troubles[-1] == "no_sound_device" and len(booth.troubles) == 3


# --- what is typed ----------------------------------------------------------------------------------------------------


def recorded(night: Night) -> tuple[str, str, str]:
    """(call, incident, number) of the newest recorded call of the night, and the only one of its number."""
    calls = [it for it in night.state.calls.values() if it.incident and it.number and it.recording]
    call = max(calls, key=lambda it: it.arrived_at)
    return call.id, call.incident, call.number


def typed(night: Night, line: str, user: str = "lan", role: Role = Role.DISPATCHER, current: str = "") -> object:
    return parse(line, Context(night.state, user, role, current))


def test_what_may_be_listened_to(night: Night) -> None:
    call, incident, number = recorded(night)
    tag = f"#{int(incident.rpartition('-')[2])}"
    whole = Listen(Act.PLAY, call=call, incident=incident)
    last = Listen(Act.PLAY, call=call, incident=incident, last_s=20)
    assert typed(night, f"nghe {tag}") == typed(night, f"nghe lại {tag}") == typed(night, f"play {number}") == whole
    assert typed(night, f"nghe {tag} 20") == typed(night, f"nghe lai {number} 20") == last
    own = next(it for it in night.state.calls.values() if it.state.live and it.position == "B01")
    assert typed(night, "nghe") == Listen(Act.PLAY, call=own.id, incident=own.incident, last_s=30)
    assert typed(night, "nghe 20", user="thao", current=incident) == last
    old = Listen(Act.PLAY, incident="20200101-00017")
    assert typed(night, "nghe #20200101-17") == old
    for line, code in (("nghe 0999999999", "call"), ("nghe a b", "extra"), ("nghe #99", "incident")):
        outcome = typed(night, line)
        assert isinstance(outcome, Wrong) and outcome.code == code, line


def test_a_call_without_a_recording(night: Night) -> None:
    other = next(it for it in night.state.calls.values() if it.number and not it.recording)
    outcome = typed(night, f"nghe {other.number}")
    assert isinstance(outcome, Wrong) and outcome.code in ("no_recording", "calls")


def test_holding_and_exporting_are_a_supervisors(night: Night) -> None:
    lead = {"user": "thao", "role": Role.SUPERVISOR}
    incident = next(iter(sorted(night.state.incidents)))
    tag = f"#{int(incident.rpartition('-')[2])}"
    held = typed(night, f"giu {tag} toà án yêu cầu", **lead)  # type: ignore[arg-type]
    assert held.body == c.HoldRecording(incident=incident, reason="toà án yêu cầu")  # type: ignore[attr-defined]
    old = typed(night, "giu- #20200101-17 xong", **lead)  # type: ignore[arg-type]
    assert old.body == c.ReleaseHold(incident="20200101-00017", reason="xong")  # type: ignore[attr-defined]
    wrong = ((f"giu {tag}", "usage"), ("giu #99 x", "incident"), ("chungcu", "usage"), ("chungcu abc", "usage"))
    for line, code in wrong:
        outcome = typed(night, line, **lead)  # type: ignore[arg-type]
        assert isinstance(outcome, Wrong) and outcome.code == code, line
    made = typed(night, "chungcu 0912 345 678 2026-10-01", **lead)  # type: ignore[arg-type]
    assert made == Export(Act.EVIDENCE, number="0912345678", since=1_790_787_600_000)
    mine = typed(night, "chungcu 0912345678")
    assert isinstance(mine, Wrong) and "trưởng ca" in mine.sentence("vi"), "nothing is asked of the core in vain"
    call = next(it for it in night.state.calls.values() if it.number and it.incident)
    here = typed(night, "evidence", current=call.incident, **lead)  # type: ignore[arg-type]
    assert isinstance(here, Export) and here.number


# --- the window -------------------------------------------------------------------------------------------------------


def test_the_bar_says_what_is_heard_and_the_keys_work(open_window: OpenWindow, night: Night, qtbot) -> None:  # type: ignore[no-untyped-def]
    call, incident, _ = recorded(night)
    local, window = open_window()
    speaker, questions = HandSpeaker(), Recordings(bytes(30 * SECOND), live=True)
    window.booth.player._speaker, window.booth.player._questions = speaker, questions
    assert not window.listening.isVisible()
    window.bar.run(f"nghe #{int(incident.rpartition('-')[2])}")
    assert window.listening.isVisible() and window.booth.player.stage is Stage.PLAYING
    assert "Đang nghe" in window.listening.state.text() and window.listening.live.isVisible()
    assert window.listening.times.text() == "0:00 / 0:30"
    assert f"#{int(incident.rpartition('-')[2])}" in window.listening.what.text()
    qtbot.keyClick(window.bar.line, Qt.Key.Key_F3, SHIFT)
    assert window.booth.player.stage is Stage.PAUSED and "Tạm dừng" in window.listening.state.text()
    qtbot.keyClick(window.bar.line, Qt.Key.Key_F3, SHIFT)
    local.words.set_language("en")
    assert "Playing" in window.listening.state.text()
    qtbot.keyClick(window.bar.line, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert speaker.streams == 2
    qtbot.keyClick(window.bar.line, Qt.Key.Key_F4, SHIFT)
    assert not window.listening.isVisible()
    assert call == window.booth.player.wish.call
    speaker.there = False
    window.bar.run(f"nghe #{int(incident.rpartition('-')[2])}")
    assert "no sound device" in " ".join(" ".join(parts) for parts in window.bar.notices.lines())
    window.bar.run("lui x")
    window.bar.run("nghe-")


def test_a_hold_is_shown_on_the_incident(open_window: OpenWindow, night: Night) -> None:
    call, incident, _ = recorded(night)
    local, window = open_window()
    local.desk.show(incident)
    assert window.panels.form is not None
    assert "Giữ ghi âm" not in window.panels.form.caller.recording.text()
    lead = next(user for user, person in night.state.people.items() if person.role is Role.SUPERVISOR)
    local.happen(lambda it: it.must(it.person(lead), c.HoldRecording(incident=incident, reason="toà án")))
    assert "Giữ ghi âm" in window.panels.form.caller.recording.text()


# --- evidence ---------------------------------------------------------------------------------------------------------


class EvidenceCore(LocalQuestions):
    def __init__(self, data: bytes, sha256: str = "") -> None:
        super().__init__()
        self.data = data
        self.made = EvidenceMade(
            ident="abcdefgh", bytes=len(data), sha256=sha256 or hashlib.sha256(data).hexdigest(), calls=2, recordings=1,
            missing=1,
        )  # fmt: skip

    def make_evidence(self, number: str, since: int) -> EvidenceMade:
        return self.made

    def evidence(self, ident: str, first: int) -> bytes:
        return self.data[first : first + 1_000]


def test_evidence_comes_part_by_part_into_a_file(tmp_path: Path) -> None:
    done: list[Path] = []
    core = EvidenceCore(b"zip" * 1_000)
    evidence.fetch(core, "+84912", 0, tmp_path, lambda file, made: done.append(file), pytest.fail)
    (file,) = done
    assert file.parent == tmp_path and file.read_bytes() == core.data and file.stat().st_mode & 0o777 == 0o600
    failed: list[str] = []
    evidence.fetch(core, "+84912", 0, tmp_path, lambda file, made: None, lambda it: failed.append(it.code))
    assert failed == ["evidence_file"], "a file of that name is not written over"


def test_evidence_that_is_not_what_was_made_is_thrown_away(tmp_path: Path) -> None:
    failed: list[str] = []
    for core in (EvidenceCore(b"zip", sha256="00"), EvidenceCore(b"")):
        evidence.fetch(core, "0912", 0, tmp_path, lambda file, made: None, lambda it: failed.append(it.code))
    assert failed == ["evidence_broken"] * 2 and list(tmp_path.iterdir()) == []


def test_where_a_person_looks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path))
    assert evidence.downloads() == tmp_path
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "none"))
    assert evidence.downloads() == Path.home()
