"""One call with the AMI connection cut at a chosen message: what the core then holds, beside an uninterrupted run.

A run is the product's own link, translation, look and rules on a real Asterisk, with real callers and phones; between
them stands a proxy that cuts and counts. Whoever presses keys in it does as a person does: an order that was refused
unsent is given again, one whose outcome is unknown only when the call is seen to wait still.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any

from dispatch_core.domain import effects as x
from dispatch_core.domain.commands import Command, NodeDown, SwitchLooked
from dispatch_core.domain.effects import SwitchOrder
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import TargetKind
from dispatch_core.ports import ActionFailed
from scripts.stage.ami_cutter import AmiCutter
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.phones import Habit
from telephony.simulator.streams import stamp_of
from telephony.translate.naming import endpoint_of
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Voice

ONCE = ("Redirect", "Hangup", "Originate", "BlindTransfer")
"""Actions that do something to a call."""

WITHIN_S = 30.0
PICKS_UP_S = 1.0
"""So long a person waits for a phone before pressing again, where nobody knows what came of the first time."""

LIFTS = ("B03", "B04")
"""Positions of other services, where somebody lifts the phone at once."""

SLACK_MS = 200
"""A moment may differ from the switch's own by this much; one that fell into a blind time, until the look after it."""


class CutBoard(Board):
    """Knows when it was blind: from the link's end until the first look after it, milliseconds since 1970."""

    def __init__(self, voice: Voice, port: int) -> None:
        self.blind: list[list[int]] = []
        super().__init__(voice.site, SECRET, port)

    def _fact(self, fact: Command) -> None:
        if isinstance(fact, NodeDown):
            self.blind.append([self._clock.now(), 0])
        super()._fact(fact)
        if isinstance(fact, SwitchLooked) and self.blind and not self.blind[-1][1]:
            self.blind[-1][1] = self._clock.now()

    def seen_by(self, at: int) -> int:
        """When what happened at this moment could be known at the latest."""
        return next((until for since, until in self.blind if since - SLACK_MS <= at <= until), at)


@dataclass
class Run:
    """One call in progress, as the scenario sees it."""

    voice: Voice
    board: CutBoard
    cutter: AmiCutter
    number: str
    hang_up: Callable[[], None]  # as the caller does
    lived: list[str] = field(default_factory=list)  # differences from Asterisk's own list

    @property
    def call(self) -> Call | None:
        return next((call for call in self.board.calls if call.number == self.number), None)

    def until(self, held: Callable[[Call], object], what: str) -> Call:
        """Wait until it is true of the call."""

        def true() -> bool:
            call = self.call
            return call is not None and bool(held(call))

        self.board.wait(true, WITHIN_S, say=lambda: f"{what}: {self.call}, cut at {self.cutter.cut_at}")
        call = self.call
        assert call is not None
        return call

    def press(self, order: Callable[[Call], Any], done: Callable[[Call], object], what: str) -> Call:
        """Give an order, as a person: until it is done, again only where it certainly was not."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            call = self.until(lambda call: self.board.up, "a link")
            try:
                order(call)
                return self.until(done, what)
            except ActionFailed as problem:
                unknown, why = problem.unknown, problem.en
            if unknown and self._seen_done(done):
                return self.until(done, what)
            assert time.monotonic() < deadline, f"{what}: never taken, {why}; {call}; cut at {self.cutter.cut_at}"
            time.sleep(0.02)

    def order(self, order: SwitchOrder) -> None:
        self.board.run(self.board.board.carry_out(order))

    def _seen_done(self, done: Callable[[Call], object]) -> bool:
        """After an unknown outcome: look at the switch again, and give it the time that a phone takes."""
        looks = self.looks
        self.board.wait(lambda: self.looks > looks, WITHIN_S)
        deadline = time.monotonic() + PICKS_UP_S
        while time.monotonic() < deadline:
            call = self.call
            if call is not None and done(call):
                return True
            time.sleep(0.02)
        return False

    @property
    def looks(self) -> int:
        return sum(type(fact).__name__ == "SwitchLooked" for fact in self.board.facts)

    def channels(self) -> dict[str, str]:
        """Asterisk's own list: channel name to bridge, "" in none."""
        text = self.voice.asterisk.ask("core show channels concise")
        fields = [line.split("!") for line in text.splitlines() if line.startswith("PJSIP/")]
        return {one[0]: one[12] for one in fields}

    def as_the_switch_says(self, talking: set[str]) -> None:
        """Who talks by the state must be who shares a bridge in Asterisk's own list."""
        call = self.until(lambda call: _talkers(call) == talking, f"{talking} talking")
        bridged = {endpoint_of(name) for name, bridge in self.channels().items() if bridge}
        if bridged != talking | {call.carrier}:
            self.lived.append(f"the switch has {sorted(bridged)} talking, the state {sorted(talking)}")


def _talkers(call: Call) -> set[str]:
    return ({call.position} if call.position else set()) | set(call.parties)


Script = Callable[[Run], None]
"""Plays a call from its arrival to its end."""


# --- the scenarios ----------------------------------------------------------------------------------------------------


def _answer(run: Run, position: str) -> None:
    run.until(lambda call: call.ringing or call.position, "ringing")
    run.press(
        lambda call: run.board.answer(call.id, position),
        lambda call: call.position == position,
        f"answered at {position}",
    )


def _over(run: Run) -> None:
    run.hang_up()
    run.until(lambda call: not call.state.live, "over")
    run.board.wait(lambda: not run.channels(), WITHIN_S, say=run.channels)


def answered(run: Run) -> None:
    """From a console; the caller hangs up."""
    _answer(run, "B01")
    run.as_the_switch_says({"B01"})
    _over(run)


def transferred(run: Run) -> None:
    """Answered, then handed over to another position; the caller hangs up."""
    _answer(run, "B01")
    run.as_the_switch_says({"B01"})
    run.press(
        lambda call: run.order(
            x.HandOver(node=run.board.node, call=call.id, position="B01", kind=TargetKind.POSITION, to=LIFTS[0])
        ),
        lambda call: call.position == LIFTS[0],
        f"handed over to {LIFTS[0]}",
    )
    run.as_the_switch_says({LIFTS[0]})
    _over(run)


def conferenced(run: Run) -> None:
    """Answered, then a third one is brought in; the caller hangs up."""
    _answer(run, "B01")
    run.as_the_switch_says({"B01"})
    channels = (f"invite-{run.number}.{press}" for press in itertools.count(1))  # a person who asks again asks anew
    run.press(
        lambda call: run.order(
            x.Invite(
                node=run.board.node, call=call.id, position="B01", kind=TargetKind.POSITION, to=LIFTS[1],
                channel=next(channels), shown=call.dialled,
            )
        ),
        lambda call: LIFTS[1] in call.parties,
        f"with {LIFTS[1]}",
    )  # fmt: skip
    run.as_the_switch_says({"B01", LIFTS[1]})
    _over(run)


SCENARIOS: dict[str, Script] = {"answered": answered, "transferred": transferred, "conferenced": conferenced}


# --- runs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """How a run ended. `call`: the fields that must agree."""

    messages: int
    call: dict[str, Any]
    twice: list[str]
    lived: list[str]
    cut_at: str
    cuts: int


def play(voice: Voice, script: Script, number: str, cut: int = 0, *, middle: bool = False) -> Ended:
    """One call, cut behind message `cut` (0: never) or in its middle."""
    cutter = AmiCutter(voice.site.ports.ami)
    try:
        with closing(Ear(voice.site.ports.ami)) as ear, CutBoard(voice, cutter.port) as board, ExitStack() as ends:
            carrier = ends.enter_context(voice.callers())
            run = Run(voice, board, cutter, number, lambda: carrier.dialogs[0].wait("up").hang_up())
            board.wait(lambda: board.up and run.looks, WITHIN_S)
            cutter.arm(cut, middle=middle)
            carrier.dial("113", sender=f"<sip:{number}@carrier>")
            script(run)
            messages = cutter.messages
            call = run.call
            assert call is not None and board.problems == []
            run.lived += _moments(run, call, ear)
            return _ended(run, call, messages)
    finally:
        cutter.close()


def _moments(run: Run, call: Call, ear: Ear) -> list[str]:
    """Where the state's moments are not those of the switch, as an uninterrupted connection of our own heard them."""

    def first(name: str) -> int:
        of_caller = (one for one in ear.heard if one.name == name and one.headers.get("Uniqueid") == call.id)
        return next((stamp_of(f"Timestamp: {one.headers['Timestamp']}".encode()) // 1000 for one in of_caller), 0)

    # The core may know from a look what this connection has not been told yet.
    run.board.wait(lambda: first("Hangup"), WITHIN_S, say=lambda: "no Hangup on a connection that was never cut")
    found = []
    for what, truth, held in (
        ("arrived", first("UserEvent"), call.arrived_at),
        ("answered", first("BridgeEnter"), call.answered_at),
        ("ended", first("Hangup"), call.ended_at),
    ):
        latest = max(run.board.seen_by(truth), truth) + SLACK_MS
        if not truth - (1000 if what == "arrived" else 0) - SLACK_MS <= held <= latest:
            found.append(f"{what} {held - truth} ms after the switch's own moment, {latest - truth} at most")
    return found


def _ended(run: Run, call: Call, messages: int) -> Ended:
    parts = {
        "state": call.state.value,
        "positions": call.positions,
        "ended_by": call.ended_by.value if call.ended_by else "",
        "queue": call.queue,
        "recorded": Path(call.recording).suffix,
        "dialled": call.dialled,
        "carrier": call.carrier,
        "services": call.services,
    }
    twice = [f"{count} x {what}" for what, count in run.cutter.count(*ONCE).items() if count > 1]
    return Ended(messages, parts, twice, run.lived, run.cutter.cut_at, run.cutter.cuts)


def differences(ended: Ended, whole: Ended) -> list[str]:
    """What is not as in the uninterrupted run."""
    found = [*ended.twice, *ended.lived]
    for key, value in whole.call.items():
        if ended.call[key] != value:
            found.append(f"{key} {ended.call[key]!r}, else {value!r}")
    return found


class Stages:
    """Several Asterisks with their phones, so that calls run side by side and each alone on its switch."""

    def __init__(self, prefix: AsteriskPrefix, home: Path, count: int) -> None:
        self._free: Queue[Voice] = Queue()
        self._ends = ExitStack()
        self._count = count
        self._prefix, self._home = prefix, home
        self._numbers = iter(range(10_000))
        self._lock = threading.Lock()

    def __enter__(self) -> Stages:
        for number in range(self._count):  # one after the other, so that each finds its ports free or taken
            voice = Voice(self._prefix, self._home / f"voice{number}")
            self._ends.enter_context(voice)
            for position in LIFTS:
                voice.phones.change(position, Habit(lift_after=0.1))
            voice.look_at_phones()
            self._free.put(voice)
        return self

    def __exit__(self, *problem: object) -> None:
        self._ends.close()

    @contextmanager
    def voice(self) -> Iterator[Voice]:
        voice = self._free.get()
        try:
            yield voice
        finally:
            self._free.put(voice)

    def run(self, name: str, cut: int = 0, *, middle: bool = False) -> Ended:
        with self._lock:
            number = f"0966{next(self._numbers):06d}"
        with self.voice() as voice:
            return play(voice, SCENARIOS[name], number, cut, middle=middle)

    def cut_everywhere(self, name: str, every: int = 1) -> tuple[int, list[str]]:
        """Cut behind (and once in the middle of) every message of the scenario: how many cuts there were, and what
        went wrong."""
        whole = self.run(name)
        wrong = [f"uninterrupted: {it}" for it in (*whole.twice, *whole.lived)]
        cuts = [(at, False) for at in range(1, whole.messages + 1, every)] + [(max(1, whole.messages // 2), True)]

        def one(cut: tuple[int, bool]) -> tuple[int, list[str]]:
            at, middle = cut
            where = f"cut {at}{' (middle)' if middle else ''}"
            try:
                ended = self.run(name, at, middle=middle)
            except (AssertionError, OSError) as problem:
                return 1, [f"{where}: {str(problem)[:1500]}"]
            if not ended.cuts:
                return 0, []  # this run had fewer messages
            return 1, [f"{where} at {ended.cut_at}: {it}" for it in differences(ended, whole)]

        with ThreadPoolExecutor(self._count) as pool:
            found = list(pool.map(one, cuts))
        return sum(made for made, _ in found), wrong + [it for _, all_of_it in found for it in all_of_it]
