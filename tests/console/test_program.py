"""The real program, off screen, driven by lines: against a real Redis over TLS and HTTPS, with a night for a core."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue
from scripts.stage.certificates import server_certificate
from tests.console.local_core import LocalCore, wait_for
from tests.console.local_https import PASSWORD, LocalHttps
from tests.console.scenario import busy_night

PATIENCE_S = 60.0
SOUND = ("pipewire", "PulseAudioService", "Qt multimedia")
"""What Qt says of a machine without a sound device; the console says it on the screen."""


class Console:
    """One ``python -m console_gui --drill``."""

    def __init__(self, core: str, authority: Path, home: Path, *more: str) -> None:
        home.mkdir(parents=True)
        (home / "password").write_text(PASSWORD + "\n", encoding="utf-8")
        self.home = home
        self.errors = (home / "stderr").open("w+", encoding="utf-8")
        environment = {
            **os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home),
        }  # fmt: skip
        command = [sys.executable, "-m", "console_gui", "--core", core, "--ca", str(authority), "--drill", *more]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=environment, text=True,
            encoding="utf-8",
        )  # fmt: skip
        self.told: list[dict[str, Any]] = []
        self._new: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._new.put(json.loads(line))

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait(self, event: str, fits: Callable[[dict[str, Any]], bool] = lambda it: True) -> Any:
        """The next telling of this kind that fits."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                it = self._new.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                break
            self.told.append(it)
            if it["event"] == event and fits(it):
                return it
        self.errors.seek(0)
        raise AssertionError(f"no {event}; told {self.told[-8:]}; {self.errors.read()[-2000:]}")

    def enter(self, line: str) -> dict[str, Any]:
        """Type a line and wait for what becomes of it."""
        self.say(line)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            it = self._new.get(timeout=PATIENCE_S)
            self.told.append(it)
            if it["event"] in ("accepted", "refused", "wrong", "screen") and it["typed"] == line:
                return it
        raise AssertionError(f"nothing became of {line}")

    def sign_in(self, user: str) -> None:
        self.wait("ready")
        self.say(f"!signin {user} {self.home / 'password'}")
        self.wait("signed_in")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        self.errors.close()


class Place:
    """Redis, HTTPS and a night that serves."""

    def __init__(self, redis_server: Any, tmp_path: Path) -> None:
        self.client = redis.Redis(
            unix_socket_path=str(redis_server.socket), username=redis_server.user, password=redis_server.password
        )
        self.admit("lan", "hung", "quan")
        self.core = LocalCore(busy_night(), self.client).begin().run("lan", "hung", "quan")
        self.https = LocalHttps(self.core.night, server_certificate(tmp_path / "tls", "core"), redis_server.tls_port)
        self.authority = tmp_path / "ca.pem"
        both = (tmp_path / "tls" / "ca.pem").read_text() + redis_server.authority.read_text()
        self.authority.write_text(both)
        self._home = tmp_path
        self.consoles: list[Console] = []

    def admit(self, *users: str) -> None:
        for user in users:
            keys = [f"%R~{key}" for view in View for key in names.readable_keys(view)]
            self.client.execute_command(
                "ACL", "SETUSER", user, "reset", "on", f">{PASSWORD}", *keys, f"%R~{names.replies(user)}",
                f"%W~{names.commands(user)}", "-@all", "+xread", "+xadd", "+get", "+hgetall",
            )  # fmt: skip

    def console(self, name: str, *more: str) -> Console:
        made = Console(self.https.address, self.authority, self._home / name, *more)
        self.consoles.append(made)
        return made

    def end(self) -> None:
        for console in self.consoles:
            console.end()
        self.core.stop()
        self.https.stop()
        self.client.close()


@pytest.fixture
def place(redis_server: Any, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "tls").mkdir()
    made = Place(redis_server, tmp_path)
    yield made
    made.end()


def test_a_shift_by_lines(place: Place, tmp_path: Path) -> None:
    lan = place.console("lan")
    lan.wait("ready")
    (lan.home / "password").write_text("wrong")
    lan.say(f"!signin lan {lan.home / 'password'}")
    assert lan.wait("sign_in_failed")["code"] == "bad_sign_in"
    (lan.home / "password").write_text(PASSWORD)
    lan.say(f"!signin lan {lan.home / 'password'}")
    lan.wait("signed_in")
    assert lan.enter("h")["event"] == "accepted"
    assert lan.enter("xx")["event"] == "accepted"

    rung: list[str] = []
    before = time.monotonic()
    place.core.happen(lambda night: rung.append(night.ring("115", "0909111222")))
    row = lan.wait("call_row", lambda it: it["call"] == rung[0])
    assert row["number"] == "0909111222" and before < row["row_at"] < time.monotonic()
    assert lan.enter("a 0909111222")["event"] == "accepted"
    incident = next(it["incident"] for it in reversed(lan.told) if it["event"] == "form")
    assert incident == place.core.night.state.calls[rung[0]].incident
    for line in ("t tngt", "@ chợ bến thành", "n một xe máy", "d A1 B1", "/st A1 toi"):
        became = lan.enter(line)
        assert became["event"] == "accepted" and became["seq"] > 0, became
    assert lan.enter("@ không có chỗ này")["code"] == "no_place_found"
    assert lan.enter("d A99")["code"] == "unit"
    refused = lan.enter("re #2 @lan em nhận")
    assert (refused["event"], refused["code"]) == ("refused", "not_allowed")
    assert lan.enter("lang en")["act"] == "language"
    lan.say(f"!shot {tmp_path / 'shot.png'}")
    assert Path(lan.wait("shot")["file"]).stat().st_size > 20_000
    lan.say("!key F1")
    lan.say(f"!shot {tmp_path / 'help.png'}")
    lan.wait("shot")
    assert _width(tmp_path / "help.png") == 1600 != _width(tmp_path / "shot.png"), "the sheet is what is seen"
    lan.say("!key Escape")
    lan.enter("h")
    assert lan.enter(f"x resolved #{int(incident[-5:])}")["event"] == "accepted"
    lan.say("!report")
    report = lan.wait("report")
    with place.core.lock:
        assert report["seq"] == place.core.night.state.seq
        assert report["checksum"] == checksum(place.core.night.shown(View.OPERATIONS))
    assert report["in_step"] and not report["stale"] and report["pending"] == 0
    assert report["incidents"]["closed"] == 3 and report["rows"]["units"] == 36
    lan.say("!shown")
    seen = lan.wait("shown")
    assert seen["focus"] == "line" and seen["fields"]["line"] == "" and seen["choices"] == []
    assert len(seen["boards"]["units"]) == 36 and seen["language"] == "en" and seen["dialog"] == ""
    lan.say("!quit")
    lan.wait("bye")
    assert lan.process.wait(PATIENCE_S) == 0
    assert ("POST", "/v1/sign-out", "Bearer s") in place.https.seen
    lan.errors.seek(0)
    said = [line for line in lan.errors.read().splitlines() if not any(word in line for word in SOUND)]
    assert said == []


def _width(picture: Path) -> int:
    return int.from_bytes(picture.read_bytes()[16:20], "big")


def test_late_restarted_and_old_consoles_agree_and_both_sides_are_told(place: Place) -> None:
    lan, hung = place.console("lan"), place.console("hung", "--language", "en")
    lan.sign_in("lan")
    hung.sign_in("hung")
    assert hung.enter("re #1 @hung takes it himself")["event"] == "accepted"
    told = lan.wait("notice", lambda it: it["code"] == "reassigned")
    assert "chuyển vụ việc #1 của bạn" in told["sentence"]
    hung.process.send_signal(signal.SIGTERM)
    assert hung.process.wait(PATIENCE_S) == 0, "SIGTERM closes cleanly"
    assert ("POST", "/v1/sign-out", "Bearer s") not in place.https.seen, "and keeps the session"
    place.core.happen(lambda night: [night.ring("113", f"09{n}") for n in range(20)])
    again = place.console("hung-again")
    again.sign_in("hung")
    admin = place.console("quan")
    place.core.live(LiveValue(kind="trunk", key="vnpt", at=1, value={"reachable": True, "since": 1, "node": "hcm1"}))
    admin.sign_in("quan")
    reports: list[Any] = []
    sums: list[str] = []

    def agreed() -> bool:
        """All of them at one number: a console without a sound device tells so meanwhile."""
        with place.core.lock:
            seq = place.core.night.state.seq
            ops, tel = (checksum(place.core.night.shown(view)) for view in (View.OPERATIONS, View.TELEPHONY))
        reports[:], sums[:] = [_reports(console) for console in (lan, again, admin)], [ops, ops, tel]
        return all(it["seq"] == seq for it in reports)

    wait_for(agreed)
    assert [it["checksum"] for it in reports] == sums
    assert again.enter("d A99 #1")["event"] == "wrong"


def _reports(console: Console) -> Any:
    console.say("!report")
    return console.wait("report")


def test_commands_given_while_redis_is_down_wait_and_are_confirmed(place: Place, redis_server: Any) -> None:
    lan = place.console("lan")
    lan.sign_in("lan")
    place.core.stop()
    redis_server.server.kill9()
    lan.wait("health", lambda it: not it["connected"])
    lan.say("n gõ lúc mất kết nối")
    lan.say("!report")
    assert lan.wait("report")["pending"] in (1, 2)  # and what a console without a sound device tells by itself
    wait_for(lambda: _reports(lan)["stale"])
    lan.say("n gõ thêm một dòng")
    redis_server.server.start()
    place.admit("lan")
    night = place.core.night
    night.generation = "night-2"
    place.core = LocalCore(night, place.client).begin().run("lan")
    back = lan.wait("notice", lambda it: it["code"] == "waiting")
    assert "Đã nối lại" in back["sentence"]
    assert [it.body for it in place.core.orders if not it.settle] == [], "nothing is sent before a person confirms it"
    for words in ("gõ lúc mất kết nối", "gõ thêm một dòng"):
        wait_for(lambda: all(it["fate"] == "held" for it in _reports(lan)["waiting"]))
        lan.say("gui")
        assert lan.wait("accepted", lambda it: it["typed"])["typed"] == f"n {words}"
    lines = [it.text for it in night.state.incidents[lan_incident(place)].notes]
    assert [lines.count(it) for it in ("gõ lúc mất kết nối", "gõ thêm một dòng")] == [1, 1]
    lan.say("!report")
    report = lan.wait("report")
    assert report["generation"] == "night-2" and not report["stale"] and report["pending"] == 0


def lan_incident(place: Place) -> str:
    return next(it.incident for it in place.core.night.state.calls.values() if it.position == "B01")


@pytest.mark.parametrize(
    "given",
    [
        ["--core", "http://127.0.0.1:1", "--ca", "/nonexistent.pem"],
        ["--core", "https://127.0.0.1:1", "--ca", "/nonexistent.pem"],
        ["--core", "https://127.0.0.1:1"],
    ],
)
def test_wrong_calls_are_refused_at_once(given: list[str]) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-m", "console_gui", *given], capture_output=True, text=True, env=environment, timeout=90,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr and ended.stderr.strip()
