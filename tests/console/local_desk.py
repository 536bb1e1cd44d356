"""A desk without a network: a ``Night`` decides at once what the desk asks, and shows it what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console_gui.changes import difference
from console_gui.desk import Desk
from console_gui.questions import Answer, Question
from console_gui.reading import TOLD, Health, Update
from console_gui.translations.language import Words
from dispatch_core.domain.commands import Actor, ActorKind
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.state import State
from dispatch_core.domain.views import VIEW_OF_ROLE, shown_event
from dispatch_core.domain.vocabulary import Role, Suggestion
from dispatch_core.wire.callers import CallerHistory
from dispatch_core.wire.envelopes import LiveValue, Order, RedisAccess, Reply, SignedIn, decode
from dispatch_core.wire.https_client import CoreRefused
from dispatch_core.wire.ways import HereShown
from tests.console.doors import HandDoor
from tests.console.local_trunk import LocalTrunk
from tests.console.scenario import PLACES, Night
from tests.console.turns_taken import all_turns_taken

SUGGESTIONS = tuple(
    Suggestion(label=label, lat=lat, lon=lon, kind="place", ward="26956", uncertainty_m=31.0, score=97.0 - 5 * number)
    for number, (label, lat, lon) in enumerate(PLACES)
)


class LocalLink(QObject):
    """Stands where ``Link`` stands. ``holding`` keeps orders unanswered."""

    updated = Signal(object)
    health_changed = Signal(object)
    replied = Signal(object)
    live_changed = Signal(object)
    unsent = Signal(str)

    def __init__(self, night: Night, role: Role, user: str) -> None:
        super().__init__()
        self.night, self.user, self.view = night, user, VIEW_OF_ROLE[role]
        self.shown = State()
        self.seen = 0
        self.orders: list[Order] = []
        self.holding = False
        self.holds = 0
        self.held: list[bytes] = []
        self.deaf = False  # orders arrive, and their replies are lost
        self.outcomes: dict[str, Reply] = {}
        self.after: Callable[[Order], None] = lambda order: None

    def hold(self) -> None:
        self.holds += 1

    def send(self, ident: str, data: bytes) -> None:
        if self.holding:
            self.held.append(data)
            return
        order = decode(data, Order)
        if order.settle:
            told = self.outcomes.setdefault(order.id, Reply(id=order.id, refusal=refuse("never_came")))
            self.replied.emit(told)
            return
        self.orders.append(order)
        refusal = self.night.ask(Actor(ActorKind.PERSON, self.user), order.body, order.id)
        if refusal is None:
            self.after(order)
        self.show()
        seq = self.night.state.seq if refusal is None else 0
        reply = self.outcomes.setdefault(order.id, Reply(id=order.id, seq=seq, refusal=refusal))
        if self.deaf:
            return
        self.replied.emit(reply)

    def let_go(self) -> None:
        self.holding, held, self.held = False, self.held, []
        for data in held:
            self.send("", data)

    def show(self) -> None:
        """What happened in the night since the last time, on the screen."""
        state = self.night.shown(self.view)
        told = [shown_event(self.view, it) for it in self.night.story if it.seq > self.seen]
        kept = tuple(it for it in told if it is not None and type(it.event) in TOLD)
        before, self.shown, self.seen = self.shown, state, state.seq
        self.updated.emit(Update(state, difference(before, state), kept))

    def pulse(self, heard_at: float, **changes: Any) -> None:
        values: dict[str, Any] = {
            "connected": True, "needs_snapshot": "", "generation": self.night.generation, "epoch": 1,
            "seq": self.night.state.seq, "beat_at": self.night.now, "heard_at": heard_at,
            "order_limit_s": 60,
        }  # fmt: skip
        self.health_changed.emit(Health(**{**values, **changes}))

    def live(self, *values: LiveValue) -> None:
        self.live_changed.emit(values)


class LocalQuestions(QObject):
    """Answers suggestions from a list and zones from a table, at once or when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.suggestions: tuple[Suggestion, ...] = SUGGESTIONS
        self.ward = HereShown(
            ward="Phường Thạnh Mỹ Tây", former=tuple(f"Phường {n}, Quận Bình Thạnh" for n in (19, 22, 25))
        )
        self.history = CallerHistory()
        self.zone_files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.waiting: list[tuple[Question, Answer]] = []
        self.holding = False
        self.trunk = LocalTrunk()

    def beside(self, patience_s: float) -> LocalQuestions:
        return self

    def fetch(self, path: str, kind: Any) -> Any:
        return self._trunk("GET", path, b"", kind)

    def send(self, path: str, wanted: Any, kind: Any, *, once: bool = False) -> Any:
        return self._trunk("POST", path, msgspec.json.encode(wanted) if wanted is not None else b"{}", kind)

    def _trunk(self, method: str, path: str, body: bytes, kind: Any) -> Any:
        status, data = self.trunk.answer(method, path, body)
        if status >= 400:
            said = msgspec.json.decode(data)
            raise CoreRefused(status, said["code"], said["vi"], said["en"])
        return msgspec.json.decode(data, type=kind)

    def ask(self, question: Question, answer: Answer) -> None:
        self.waiting.append((question, answer))
        if not self.holding:
            self.let_go()

    def let_go(self) -> None:
        waiting, self.waiting = self.waiting, []
        for question, answer in waiting:
            try:
                result, problem = question(self), None  # type: ignore[arg-type]
            except DispatchError as error:
                result, problem = None, error
            answer(result, problem)

    def suggest(self, text: str, near: tuple[float, float] | None = None) -> tuple[Suggestion, ...]:
        self.asked.append(text)
        return self.suggestions

    def caller(self, call: str) -> CallerHistory:
        return self.history

    def here(self, lat: float, lon: float) -> HereShown:
        return self.ward

    def zones(self, service: str, version: str = "") -> tuple[bytes, str] | None:
        if service not in self.zone_files:
            raise DispatchError("none", "không có", "none")
        return self.zone_files[service], "1"


class LocalDesk:
    """Everything that a window needs, for one person of a night."""

    def __init__(self, night: Night, user: str, language: str = "vi") -> None:
        person = night.state.people[user]
        self.night, self.door, self.words = night, HandDoor(), Words(language)
        self.link = LocalLink(night, person.role, user)
        self.questions = LocalQuestions()
        signed_in = SignedIn(
            wire=1, session=person.session, user=user, name=person.name, role=person.role,
            view=VIEW_OF_ROLE[person.role].value,
            redis=RedisAccess(host="", port=0, user="", password="", tls=False),
        )  # fmt: skip
        self.desk = Desk(signed_in, self.link, self.questions, self.words, self.door)  # type: ignore[arg-type]

    def begin(self) -> LocalDesk:
        self.link.pulse(self.door.at)
        self.link.show()
        return self

    def happen(self, act: Callable[[Night], object]) -> None:
        act(self.night)
        self.link.pulse(self.door.at)
        self.link.show()

    def wait(self, seconds: float) -> None:
        """Time passes, with a pulse at its end."""
        self.night.wait(seconds)
        self.door.at += seconds
        self.link.pulse(self.door.at)
        self.desk.ticked.emit()
        all_turns_taken()
