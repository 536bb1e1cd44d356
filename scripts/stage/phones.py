"""The call takers' phones: one sipp for each position, on the port of its fixed contact.

A phone answers OPTIONS, rings, and picks up by itself when the INVITE asks it to (`answer-after=0`, as the
console's answer does); otherwise it rings on until a habit says that somebody lifts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.stage.media_sink import MediaMirror, MediaSink
from scripts.stage.processes import Child
from scripts.stage.sipp_program import EVER, await_sip, sipp_child, write_scenario
from scripts.stage.soft_phone import SoftPhone
from telephony.trunk.site import Site


@dataclass(frozen=True, slots=True)
class Habit:
    """How a phone behaves. Seconds; None: never.

    `lift_after`: somebody lifts it. `talk`: it hangs up by itself. `auto_answer`: it obeys answer-after=0.
    `busy`: it refuses every call.
    """

    lift_after: float | None = None
    talk: float | None = None
    auto_answer: bool = True
    busy: bool = False


WAITS = Habit()


def write_phone(habit: Habit, media_port: int, to: Path) -> Path:
    """Write the scenario of a phone with this habit to `to`."""
    return write_scenario(
        "phone.xml",
        {
            "BUSY": '<nop next="busy"/>' if habit.busy else "",
            "PICKS_UP": "answer-after=0" if habit.auto_answer else "no INVITE asks for this",
            "LIFT_MS": _milliseconds(habit.lift_after),
            "TALK_MS": _milliseconds(habit.talk),
            "MEDIA_PORT": media_port,
        },
        to,
    )


class Phones:
    """The phones of the positions with a fixed contact. `habits`: for some positions another one than `habit`."""

    def __init__(
        self, site: Site, home: Path, habit: Habit = WAITS, habits: Mapping[str, Habit] | None = None
    ) -> None:
        self._home = home
        self._habits = {
            position.id: (habits or {}).get(position.id, habit)
            for position in site.positions
            if isinstance(position.phone, str)
        }
        self._usual = dict(self._habits)
        self._ports = {
            position.id: int(position.phone.rpartition(":")[2])
            for position in site.positions
            if isinstance(position.phone, str)
        }
        self._children: dict[str, Child] = {}
        self._media: MediaSink | None = None

    def start(self) -> None:
        """Start every phone and wait until each answers SIP. StageError when one does not."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._media = self._media or MediaSink()
        for position in self._ports:
            self._begin(position)
        for position, child in self._children.items():
            await_sip(child, self._ports[position])

    def mirror(self) -> None:
        """Phones that are started from now on send back whatever they hear, as sipp by itself does not."""
        self._media = MediaMirror()

    def stop(self) -> None:
        for child in self._children.values():
            child.stop()
        self._children.clear()
        if self._media is not None:
            self._media.close()
            self._media = None

    def unplug(self, position: str) -> None:
        """Take one phone away at once."""
        self._children.pop(position).kill9()

    def change(self, position: str, habit: Habit) -> None:
        """Give one phone another habit, by starting it anew."""
        if position in self._children:
            self.unplug(position)
        self._habits[position] = habit
        self._begin(position)
        await_sip(self._children[position], self._ports[position])

    def changed(self) -> list[str]:
        """The positions whose phones are not, or not with the habits, as they were made."""
        return [it for it, habit in self._habits.items() if habit != self._usual[it] or not self._alive(it)]

    def change_back(self, position: str) -> None:
        self.change(position, self._usual[position])

    @contextmanager
    def habit(self, position: str, habit: Habit) -> Iterator[None]:
        """Another habit for one phone, until left."""
        before = self._habits[position]
        self.change(position, habit)
        try:
            yield
        finally:
            self.change(position, before)

    def _alive(self, position: str) -> bool:
        return position in self._children and self._children[position].alive

    @contextmanager
    def soft(self, position: str, centre: int, picks_up: bool = False) -> Iterator[SoftPhone]:
        """In place of one phone another that transfers and holds, until left. `centre`: the SIP port."""
        self.unplug(position)
        try:
            with SoftPhone(position, self._ports[position], centre, picks_up) as phone:
                yield phone
        finally:
            self.change(position, self._habits[position])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _begin(self, position: str) -> None:
        assert self._media is not None
        scenario = write_phone(
            self._habits[position], self._media.port, self._home / f"phone-{position}.xml"
        )
        child = sipp_child(f"phone-{position}", self._ports[position], self._home, ["-sf", str(scenario)])
        child.start()
        self._children[position] = child


def _milliseconds(seconds: float | None) -> int:
    return EVER if seconds is None else max(1, round(seconds * 1000))
