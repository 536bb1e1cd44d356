"""The public, through the carrier: one sipp that calls as a list says, and takes calls back on the same port.

The carrier stays on the line (OPTIONS, call-backs) until it is stopped, also when its list is done. Guarded
here: what is known of a call (asked, connected, how it ended) is the carrier's own log and nothing of ours;
every stamp is in seconds of this host's CLOCK_MONOTONIC, or the run is refused (see `clocks`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.stage.clocks import ClockBridge
from scripts.stage.media_sink import MediaSink
from scripts.stage.phones import Habit, write_phone
from scripts.stage.processes import Child
from scripts.stage.progress import StageError
from scripts.stage.sipp_program import EVER, LOOPBACK, await_sip, fill, sipp_child, write_scenario

REFUSALS = (400, 401, 403, 404, 406, 408, 415, 420, 480, 484, 486, 488, 500, 501, 502, 503, 504, 600, 603)
READ_EVERY = 0.02  # seconds between two looks at the log
PATIENCE = 30.0  # seconds beyond what the callers' own patience takes
ANSWERS = Habit(lift_after=1.0, talk=3.0)  # somebody who is called back
STAY = "stay"  # the pseudo-call that keeps the carrier on the line


@dataclass(frozen=True, slots=True)
class Caller:
    """One call. `patience`: seconds after the centre took the call until the caller hangs up, if not before.

    `location`: latitude, longitude (degrees), radius (metres), sent as PIDF-LO with the INVITE.
    """

    dial: str
    number: str
    name: str = ""
    patience: float = 60.0
    location: tuple[float, float, float] | None = None

    def line(self, word: str) -> str:
        """The call's line of the injection file. ValueError for a text that would break it."""
        where = [f"{value:.6f}" for value in self.location] if self.location else ["", "", ""]
        fields = [self.dial, self.number, self.name, *where, word]
        for text in fields:
            if any(character in text for character in ';\r\n"[]'):
                raise ValueError(f"not for an injection file: {text!r}")
        return ";".join(fields)


class Ending(StrEnum):
    """How a call ended, as the carrier saw it."""

    RELEASED = "released"  # the centre hung up
    HUNG_UP = "hung-up"  # the caller did
    REFUSED = "refused"  # never connected: an error response
    UNANSWERED = "unanswered"  # never connected: silence


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """One call in the carrier's log. Times: monotonic seconds; None: not (yet)."""

    sip_call_id: str
    dial: str
    number: str
    invited: float
    connected: float | None = None
    ended: float | None = None
    ending: Ending | None = None


class Carrier:
    """Callers on `host`:`port` who call the centre's SIP port `centre` at `rate` calls a second.

    `endless`: begin the list again when it is done. `called`: how those behave who are called back.
    """

    def __init__(
        self,
        home: Path,
        port: int,
        centre: int,
        callers: Sequence[Caller] = (),
        rate: float = 1.0,
        endless: bool = False,
        called: Habit = ANSWERS,
        name: str = "carrier",
        host: str = LOOPBACK,
    ) -> None:
        self._home, self._port, self._name, self._host = home, port, name, host
        self._callers, self._centre, self._rate, self._endless = tuple(callers), centre, rate, endless
        self._called = called
        self._child: Child | None = None
        self._media: MediaSink | None = None
        self._calls: dict[str, CarrierCall] = {}
        self._clock = ClockBridge()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._reader: threading.Thread | None = None
        self._read = 0  # bytes of the log

    @property
    def log(self) -> Path:
        """The carrier's own log: event, Call-ID, seconds, microseconds, and for an INVITE the two numbers."""
        return self._home / f"{self._name}.calls"

    def start(self) -> None:
        """Begin to call. StageError when sipp does not start."""
        self._home.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        self._media = MediaSink()
        words = {patience: f"p{at}" for at, patience in enumerate({c.patience: None for c in self._callers})}
        scenario = self._write_callers(words)
        called = write_phone(self._called, self._media.port, self._home / f"{self._name}-called.xml")
        injected = self._home / f"{self._name}.csv"
        stay = [] if self._endless else [Caller("0", "0").line(STAY)]
        lines = ["SEQUENTIAL", *stay, *(caller.line(words[caller.patience]) for caller in self._callers)]
        injected.write_text("\n".join(lines) + "\n", "utf-8")
        arguments = ["-sf", str(scenario), "-oocsf", str(called), "-inf", str(injected)]
        arguments += ["-trace_logs", "-log_file", str(self.log), "-r", f"{self._rate:g}"]
        arguments += [] if self._endless else ["-m", str(len(lines) - 1)]
        child = sipp_child(
            self._name, self._port, self._home, [*arguments, f"{LOOPBACK}:{self._centre}"], self._host
        )
        self._child = child
        child.start()
        await_sip(child, self._port, host=self._host)
        self._stopping.clear()
        self._reader = threading.Thread(target=self._follow, name=f"{self._name}-log", daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Off the line at once; calls that are up are left without a BYE."""
        self._stopping.set()
        if self._reader is not None:
            self._reader.join()
        if self._child is not None:
            self._child.stop()
            self._take_in()
        if self._media is not None:
            self._media.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def calls(self) -> list[CarrierCall]:
        """What the log tells so far, in the order of the INVITEs. StageError: the clock was stepped."""
        with self._lock:
            self._clock.check()
            return list(self._calls.values())

    @property
    def stamps(self) -> dict[str, float]:
        """SIP Call-ID to the moment at which its INVITE was sent, monotonic seconds. StageError as above."""
        return {call.sip_call_id: call.invited for call in self.calls}

    @property
    def finished(self) -> bool:
        """Whether every caller of the list has called and is done. StageError when sipp has died."""
        if self._child is not None and not self._child.alive:
            raise StageError(f"{self._name} ended by itself; {self._child.log} says:\n{self._child.last_words()}")
        calls = self.calls
        return not self._endless and len(calls) == len(self._callers) and all(call.ending for call in calls)

    def wait(self, timeout: float = PATIENCE) -> bool:
        """Wait for `finished`, at most `timeout` seconds; whether it came."""
        deadline = time.monotonic() + timeout
        while not self.finished:
            if time.monotonic() >= deadline:
                return False
            self._stopping.wait(READ_EVERY)
        return True

    def _write_callers(self, words: dict[float, str]) -> Path:
        branches = "".join(_choice(word) for word in words.values())
        branches += "".join(
            fill("caller-patience.xml", {"WORD": word, "PATIENCE_MS": max(1, round(patience * 1000))})
            for patience, word in words.items()
        )
        refusals = "".join(f'<recv response="{code}" optional="true" next="refused"/>' for code in REFUSALS)
        assert self._media is not None
        return write_scenario(
            "caller.xml",
            {
                "STAY": STAY,
                "STAY_MS": EVER,
                "BRANCHES": branches,
                "REFUSALS": refusals,
                "MEDIA_PORT": self._media.port,
            },
            self._home / f"{self._name}.xml",
        )

    def _follow(self) -> None:
        while not self._stopping.wait(READ_EVERY):
            self._take_in()

    def _take_in(self) -> None:
        """Read what the log has more than before; a line that is not finished waits for the next time."""
        if not self.log.exists():
            return
        with self.log.open("rb") as log:
            log.seek(self._read)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        with self._lock:
            self._read += len(whole)
            self._clock.look()
            for line in whole.decode("utf-8", "replace").splitlines():
                self._note(line.split())

    def _note(self, words: list[str]) -> None:
        event, call_id, seconds, microseconds, *more = words
        at = self._clock.monotonic(float(seconds) + float(microseconds) / 1e6)
        if event == "invite":
            self._calls[call_id] = CarrierCall(call_id, more[0], more[1], invited=at)
        elif event == "connected":
            self._calls[call_id] = replace(self._calls[call_id], connected=at)
        else:
            self._calls[call_id] = replace(self._calls[call_id], ended=at, ending=Ending(event))


def _choice(word: str) -> str:
    return (
        f'<nop><action><strcmp assign_to="d" variable="patience" value="{word}"/>'
        f'<test assign_to="is_{word}" variable="d" compare="equal" value="0"/></action></nop>'
        f'<nop next="{word}" test="is_{word}"/>\n'
    )
