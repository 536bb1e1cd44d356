"""The people of a headless run, who act only through the command line of a signed-in console.

Each knows only what that console says. A dispatcher takes a waiting call, works it as its part says, takes the next.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.stage.consoles import Console
from scripts.stage.headless.script import Part, Plan
from scripts.stage.progress import StageError

ROUTED_WITHIN_S = 10.0
TAKEN_WITHIN_S = 25.0
REASON = "chuyển cho người rảnh tay"


@dataclass
class Shift:
    """What the operators share: who is to be served, what was done, what went wrong."""

    parts: dict[str, Part]  # by the caller's number
    handled: dict[str, str] = field(default_factory=dict)  # number to incident
    refused_as_expected: list[str] = field(default_factory=list)
    reassigned: threading.Event = field(default_factory=threading.Event)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._to_reassign: deque[tuple[str, str, str]] = deque()

    def next_for(self, console: Console) -> str | None:
        """The longest waiting caller who is to be answered and whom nobody has taken."""
        with self._lock:
            waiting = [
                call for call in list(console.calls.values())
                if call["state"] in ("arriving", "queued", "ringing") and call["number"] in self.parts
                and call["number"] not in self._taken and self.parts[call["number"]].plan is not Plan.GIVES_UP
            ]  # fmt: skip
            if not waiting:
                return None
            number: str = min(waiting, key=lambda call: console.row_at.get(call["call"], 0.0))["number"]
            self._taken.add(number)
            return number

    def give_back(self, number: str) -> None:
        with self._lock:
            self._taken.discard(number)

    @property
    def done(self) -> bool:
        return len(self.handled) == len(self.parts) or bool(self.problems)

    def ask_supervisor(self, incident: str, service: str, to: str) -> None:
        self._to_reassign.append((incident, service, to))

    def asked_of_supervisor(self) -> tuple[str, str, str] | None:
        return self._to_reassign.popleft() if self._to_reassign else None


def call_of(console: Console, number: str) -> dict[str, Any]:
    return next(call for call in list(console.calls.values()) if call["number"] == number)


def short(incident: str) -> str:
    return f"#{int(incident.rpartition('-')[2])}"


class Dispatcher(threading.Thread):
    """Takes calls until all are handled."""

    def __init__(self, console: Console, shift: Shift, colleague: str) -> None:
        super().__init__(name=f"operator-{console.user}", daemon=True)
        self._console = console
        self._shift = shift
        self._colleague = colleague

    def run(self) -> None:
        try:
            while not self._shift.done:
                number = self._shift.next_for(self._console)
                if number is None:
                    self._close_abandoned()
                    time.sleep(0.02)
                elif self._answer(number):
                    self._work(self._shift.parts[number])
        except (StageError, KeyError, StopIteration) as error:
            self._shift.problems.append(f"{self._console.name}: {type(error).__name__}: {error}")

    def _answer(self, number: str) -> bool:
        """Whether this position has the call now. One that somebody else got, or that went, is left."""
        if not self._console.type(f"a {number}").accepted:
            self._shift.give_back(number)
            time.sleep(0.1)
            return False
        self._console.wait(
            lambda: call_of(self._console, number)["state"] in ("answered", "ended", "abandoned"), TAKEN_WITHIN_S,
            f"{number} to be answered",
        )  # fmt: skip
        return True

    def _work(self, part: Part) -> None:
        number = part.caller.number
        incident = self._console.wait(lambda: call_of(self._console, number)["incident"], 5.0, "the incident")
        tag = short(incident)
        if part.plan is Plan.NOTHING:
            self._console.do(f"xx {tag}")
        else:
            self._dispatch(part, incident, tag)
            self._console.do(f"h {number}")
            self._console.wait(lambda: call_of(self._console, number)["state"] == "ended", 10.0, f"the end of {number}")
            if part.plan is Plan.THREE_LEGS:
                self._three_legs_more(incident, tag)
            self._console.do(f"x done {tag}")
        self._console.wait(lambda: call_of(self._console, number)["state"] == "ended", 10.0, f"the end of {number}")
        self._shift.handled[number] = incident

    def _dispatch(self, part: Part, incident: str, tag: str) -> None:
        """Type, place, units: for each leg the nearest that the console proposes and shows as free."""
        self._console.do(f"@ {part.place} {tag}")
        self._console.do(f"t {part.type} {tag}")
        self._console.do(f"n {tag} người gọi: {part.caller.name}, {part.place}")
        legs = self._console.wait(lambda: self._proposed(incident), ROUTED_WITHIN_S, f"proposals for {incident}")
        for attempt in range(5):
            units = [self._free_unit(leg, attempt) for leg in legs]
            if self._console.type(f"d {' '.join(units)} {tag}").accepted:
                break
        else:
            raise StageError(f"no free units for {incident}")
        for unit in units:
            for status in ("nhan", "di", "toi"):
                self._console.do(f"/st {unit} {status}")

    def _proposed(self, incident: str) -> Sequence[dict[str, Any]]:
        legs = list(self._console.incidents[incident]["legs"].values())
        ready = legs and all(leg["zone"] and leg["candidates"] for leg in legs)
        return legs if ready else ()

    @staticmethod
    def _free_unit(leg: dict[str, Any], attempt: int) -> str:
        candidates = leg["candidates"]
        chosen: str = candidates[min(attempt, len(candidates) - 1)]
        return chosen

    def _three_legs_more(self, incident: str, tag: str) -> None:
        """A dispatcher may not reassign; the supervisor does it, with a reason."""
        service = next(iter(self._console.incidents[incident]["legs"]))
        answer = self._console.type(f"re {tag}/{service} @{self._colleague} {REASON}")
        if answer.accepted or answer.code != "not_allowed":
            raise StageError(f"a dispatcher's reassignment was not refused: {answer}")
        self._shift.refused_as_expected.append(answer.sentence)
        self._shift.ask_supervisor(incident, service, self._colleague)
        if not self._shift.reassigned.wait(20.0):
            raise StageError("the supervisor did not reassign")

    def _close_abandoned(self) -> None:
        for call in list(self._console.calls.values()):
            part = self._shift.parts.get(call["number"])
            if part is None or part.plan is not Plan.GIVES_UP or call["state"] != "abandoned":
                continue
            if call["number"] in self._shift.handled:
                continue
            with self._shift._lock:
                if call["number"] in self._shift._taken:
                    continue
                self._shift._taken.add(call["number"])
            self._console.do(f"x abandoned {short(call['incident'])}")
            self._shift.handled[call["number"]] = call["incident"]


class Supervisor(threading.Thread):
    """Reassigns what is asked for."""

    def __init__(self, console: Console, shift: Shift) -> None:
        super().__init__(name=f"operator-{console.user}", daemon=True)
        self._console = console
        self._shift = shift

    def run(self) -> None:
        try:
            while not self._shift.done:
                asked = self._shift.asked_of_supervisor()
                if asked is None:
                    time.sleep(0.05)
                    continue
                incident, service, to = asked
                self._console.do(f"re {short(incident)}/{service} @{to} {REASON}")
                self._shift.reassigned.set()
        except StageError as error:
            self._shift.problems.append(str(error))
