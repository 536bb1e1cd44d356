"""One person's desk: the state on the screen, the incident that is open, and everything that can be asked from here.

Guards: the form pops with the call that my position answered, and only there; what was typed is never lost (a refused
line comes back with its reason); every command passes through one outbox. Windows listen to this object's signals and
ask through ``run`` and ``ask``; they hold no state of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.about import as_seen_now, changed, facts
from console_gui.alike import Alike
from console_gui.callers import Callers
from console_gui.changes import Changes, difference
from console_gui.command_line.macros import Macro
from console_gui.command_line.outcomes import Context, FindPlace, Outcome, Screen, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.command_line.seen import as_seen
from console_gui.door import Door
from console_gui.kept_orders import KeptOrders
from console_gui.limits import HICCUP_S, STALE_S
from console_gui.link import Link
from console_gui.notice import Kind, Notice
from console_gui.outbox import Fate, Outbox, Pending
from console_gui.places import first_place, location_of
from console_gui.questions import Questions
from console_gui.reading import Health, Update
from console_gui.tidings import tidings
from console_gui.translations import sentences
from console_gui.translations.commands import called
from console_gui.translations.formats import one_line
from console_gui.translations.language import Words
from console_gui.translations.tables import say, sentence_of
from console_gui.wards import Wards
from dispatch_core.domain.commands import Command, Locate, TellSound
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call, Person, State
from dispatch_core.domain.vocabulary import CallState, Instant, Role, Suggestion
from dispatch_core.settings import ORDER_BYTES
from dispatch_core.wire.envelopes import GONE, LiveValue, Reply, SignedIn

log = logging.getLogger(__name__)

TICK_MS = 1_000


class Desk(QObject):
    updated = Signal(object)  # Changes; the state is the new one already
    health_changed = Signal()
    live_changed = Signal(object)  # tuple[LiveValue, ...]
    current_changed = Signal(str)
    popped = Signal(str)  # a call that was answered here opened its incident over this one
    noticed = Signal(object)  # Notice
    pending_changed = Signal()
    settled = Signal(object, object)  # Pending, Reply
    came_back = Signal(str)  # a line that was refused
    acted = Signal(object)  # Screen
    ticked = Signal()
    away_changed = Signal()  # cut off, or back
    withdrawn = Signal(object)  # Pending: a command that waited and is not sent

    def __init__(
        self, signed_in: SignedIn, link: Link, questions: Questions, words: Words, door: Door,
        parent: QObject | None = None, kept: KeptOrders | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.user, self.name, self.role = signed_in.user, signed_in.name, signed_in.role
        self.words, self.door, self.questions = words, door, questions
        self.state = State()
        self._own: Call | None = None
        self._own_in: Mapping[str, Call] | None = None
        self._own_at = ""
        self.health = Health()
        self.current = ""
        self.question = ""  # of the triage card, where the person went to one
        self.live: dict[tuple[str, str], LiveValue] = {}
        self.alike = Alike()
        self.wards = Wards(questions, self)
        self.callers = Callers(questions, self)
        self.macros: dict[str, Macro] = {}
        self._kept = kept or KeptOrders()
        self.outbox = Outbox(signed_in.session, door, self._kept.load())
        self.away = bool(self.outbox.pending)  # cut off: what is asked is held until a person confirms it
        self._began = door.monotonic()
        self._lost_at: float | None = None
        self._kept_failing = False
        self.looking_up: dict[int, str] = {}
        self._looked = 0
        self._link = link
        link.updated.connect(self.take_update)
        link.health_changed.connect(self.take_health)
        link.replied.connect(self.take_reply)
        link.live_changed.connect(self.take_live)
        link.unsent.connect(self.take_unsent)
        if self._kept.unreadable:
            QTimer.singleShot(0, self._tell_unreadable)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(TICK_MS)

    # --- what is known ------------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person | None:
        return self.state.people.get(self.user)

    @property
    def position(self) -> str:
        return self.person.position if self.person is not None else ""

    @property
    def supervising(self) -> bool:
        return self.role is Role.SUPERVISOR

    def now(self) -> Instant:
        """The core's wall clock: its last pulse, carried on by our monotonic clock."""
        if self.health.heard_at is None:
            return 0
        return self.health.beat_at + int((self.door.monotonic() - self.health.heard_at) * 1000)

    def age(self) -> float | None:
        """Seconds since the last pulse."""
        heard = self.health.heard_at
        return None if heard is None else max(0.0, self.door.monotonic() - heard)

    def stale(self) -> bool:
        """Whether what the screen shows may not be the truth."""
        age, health = self.age(), self.health
        behind = bool(health.needs_snapshot) or health.wrong_version is not None
        return age is None or age >= STALE_S or behind

    def context(self) -> Context:
        return Context(
            self.state, self.user, self.role, self.current, self.now(), self.macros, self.question
        )  # fmt: skip

    def own_call(self) -> Call | None:
        """The call that my position talks in. Every part of the screen asks, so it is looked for once in each state."""
        mine, calls = self.position, self.state.calls
        if self._own_in is not calls or self._own_at != mine:
            found = (it for it in calls.values() if it.position == mine and it.state.live)
            self._own, self._own_in, self._own_at = next(found, None) if mine else None, calls, mine
        return self._own

    # --- what can be asked --------------------------------------------------------------------------------------------

    def run(self, line: str, *, about: str = "", then: State | None = None) -> Outcome:
        """Carry a typed line out. ``Wrong`` is also told as a notice; the line stays where it was typed. ``about``: the
        incident that was open when it was typed, ``then``: what stood on the screen."""
        context = self.context()
        outcome = as_seen(parse(line, replace(context, current=about) if about else context), then)
        if isinstance(outcome, Send):
            self.ask(outcome.body, line)
        elif isinstance(outcome, FindPlace):
            self._look_up(outcome, line)
        elif isinstance(outcome, Screen):
            self.acted.emit(outcome)
        else:
            self._tell_wrong(outcome, line)
        return outcome

    def ask(self, body: Command, typed: str = "") -> Pending | None:
        """Send a command; cut off, hold it in sight. None, with a notice, where too many are unanswered."""
        self._look_at_the_line()  # what the screen says of its age already holds for what is given now
        told = facts(self.state, body)
        pending = self.outbox.put(body, typed, at=self.now(), facts=told, hold=self.away)
        if pending is None or len(pending.data) > ORDER_BYTES:  # the core drops a longer one without a word
            why = "full" if pending is None else "long"
            if pending is not None:
                del self.outbox.pending[pending.id]
            self.noticed.emit(Notice(Kind.WRONG, why, sentence_of(f"line.{why}"), typed, self.now()))
            if typed:
                self.came_back.emit(typed)
            return None
        self._keep_orders()
        if not self.away:
            self._link.send(pending.id, pending.data)
        self.pending_changed.emit()
        return pending

    # --- what waits ---------------------------------------------------------------------------------------------------

    def confirm(self, ident: str) -> bool:
        """Send a command that was held, as seen now. False while cut off, or where it is not held."""
        held = self.outbox.pending.get(ident)
        if held is None or self.away:
            return False
        pending = self.outbox.confirm(ident, as_seen_now(self.state, held.body), self.now())
        if pending is None:
            return False
        self._keep_orders()
        self._link.send(pending.id, pending.data)
        self.pending_changed.emit()
        return True

    def withdraw(self, ident: str) -> bool:
        """A command that waits is not to be sent."""
        pending = self.outbox.withdraw(ident)
        if pending is None:
            return False
        self._keep_orders()
        self.pending_changed.emit()
        self.withdrawn.emit(pending)
        return True

    def differs(self, pending: Pending, language: str) -> list[str]:
        """What has changed about the things of a command since it was given."""
        return changed(pending.facts, facts(self.state, pending.body), language)

    def _tell_unreadable(self) -> None:
        sentence = sentence_of("waiting.unreadable", why=self._kept.unreadable)
        self.noticed.emit(Notice(Kind.TOLD, "not_kept", sentence, at=self.now()))

    def _keep_orders(self) -> None:
        try:
            self._kept.save(list(self.outbox.pending.values()))
            self._kept_failing = False
        except OSError as problem:
            if not self._kept_failing:
                self._kept_failing, why = True, str(problem)
                sentence = sentence_of("waiting.not_kept", why=why)
                self.noticed.emit(Notice(Kind.TOLD, "not_kept", sentence, at=self.now()))

    def _look_at_the_line(self) -> None:
        """Notice that we are cut off, and that we are back."""
        if not self.away and self._cut_off():
            self.away = True
            self.outbox.cut()
            self._link.hold()
            self._keep_orders()
            self.pending_changed.emit()
            self.away_changed.emit()
        elif self.away and self._back():
            self.away = False
            for pending in self.outbox.doubtful(settles=self.health.order_limit_s > 0):
                self._link.send(pending.id, pending.data)
            self._keep_orders()
            self.pending_changed.emit()
            self.away_changed.emit()
            count = len(self.outbox.waiting)
            if count:
                sentence = sentence_of("waiting.back", count=count)
                self.noticed.emit(Notice(Kind.TOLD, "waiting", sentence, at=self.now()))

    def _cut_off(self) -> bool:
        """Longer than a hiccup without Redis, or without the core's pulse."""
        now, age = self.door.monotonic(), self.age()
        if age is None:
            return now - self._began >= HICCUP_S
        return age >= STALE_S or (self._lost_at is not None and now - self._lost_at >= HICCUP_S)

    def _back(self) -> bool:
        age = self.age()
        fresh = age is not None and age < STALE_S
        return fresh and self.health.connected and not self.health.needs_snapshot

    def show(self, incident: str) -> None:
        """Open an incident in the form."""
        if incident != self.current:
            self.current = incident
            self.current_changed.emit(incident)

    def place(self, incident: str, seen: int, suggestion: Suggestion, typed: str = "") -> None:
        self.ask(Locate(incident=incident, location=location_of(suggestion, self.now()), seen=seen), typed)

    def _look_up(self, wanted: FindPlace, line: str) -> None:
        self._looked += 1
        ticket = self._looked
        self.looking_up[ticket] = line
        self.pending_changed.emit()

        def found(suggestion: Suggestion | None, problem: DispatchError | None) -> None:
            del self.looking_up[ticket]
            self.pending_changed.emit()
            if suggestion is not None:
                self.place(wanted.incident, wanted.seen, suggestion, line)
                return
            sentence = sentence_of("line.no_place_found", text=wanted.text)
            if problem is not None:
                sentence = partial(_in_language, problem=problem)
            self.noticed.emit(Notice(Kind.WRONG, "no_place_found", sentence, line, self.now()))
            self.came_back.emit(line)

        first_place(self.questions, wanted.text, None, found, self)

    def _tell_wrong(self, outcome: Wrong, line: str) -> None:
        self.noticed.emit(Notice(Kind.WRONG, outcome.code, outcome.sentence, line, self.now()))

    # --- what arrives -------------------------------------------------------------------------------------------------

    def take_update(self, update: Update) -> None:
        before, self.state = self.state, update.state
        self._pop(before, update.changes)
        if self.current in update.changes.of("incidents").removed:
            self.show("")
        self.updated.emit(update.changes)
        for notice in tidings(before, update.state, update.changes, update.told, self.user):
            self.noticed.emit(notice)

    def _pop(self, before: State, changes: Changes) -> None:
        """The form follows the call that my own position has just answered, and no other."""
        for ident in changes.of("incidents").changed:
            made = self.state.incidents[ident]
            new = ident not in before.incidents and before.seq > 0
            if new and made.owner == self.user and sentences.entered_afterwards(self.state, made):
                self.show(ident)
        mine = self.position
        if not mine:
            return
        for ident in changes.of("calls").changed:
            call, known = self.state.calls[ident], before.calls.get(ident)
            answered_here = call.position == mine and call.state is CallState.ANSWERED
            if answered_here and (known is None or known.position != mine) and call.incident:
                was = self.current
                self.show(call.incident)
                if was and was != self.current:
                    self.popped.emit(was)

    def tell_all(self) -> None:
        """To a window that was made later: everything that is on the desk, as if it came now."""
        self.updated.emit(difference(State(), self.state))
        self.live_changed.emit(tuple(self.live.values()))
        self.health_changed.emit()
        self.current_changed.emit(self.current)

    def take_health(self, health: Health) -> None:
        back = health.connected and not self.health.connected
        if health.connected:
            self._lost_at = None
        elif self._lost_at is None:
            self._lost_at = self.door.monotonic()
        if health.dropped > self.health.dropped:
            log.warning("dropped (%d so far): %s", health.dropped, health.last_dropped)
        self.health = health
        self._look_at_the_line()
        if back and not self.away:
            for pending in self.outbox.everything():
                self._link.send(pending.id, pending.data)
        self.health_changed.emit()

    def take_unsent(self, ident: str) -> None:
        self.outbox.unsent(ident)
        self._keep_orders()
        self.pending_changed.emit()

    def take_reply(self, reply: Reply) -> None:
        known = self.outbox.pending.get(reply.id)
        settled = self.outbox.take(reply)
        pending = settled.pending
        if settled.held is not None:
            self._keep_orders()
            self.pending_changed.emit()
        if pending is None:
            return
        self._keep_orders()
        self.pending_changed.emit()
        by_itself = isinstance(pending.body, TellSound)  # nobody gave it, nobody waits for it
        if reply.refusal is None and known is not None and known.fate is not Fate.SENT and not by_itself:
            key = "waiting.too_late" if known.withdrawn else "waiting.took_effect"
            sentence = partial(_took_effect, key=key, typed=pending.typed, body=pending.body, state=self.state)
            self.noticed.emit(Notice(Kind.TOLD, "took_effect", sentence, at=self.now(), quiet=not known.withdrawn))
        if reply.refusal is not None:
            self._refuse(pending, reply.refusal)
        self.settled.emit(pending, reply)

    def _refuse(self, pending: Pending, refusal: Refusal) -> None:
        state = self.state
        sentence = partial(_refusal_sentence, state, refusal)
        self.noticed.emit(Notice(Kind.REFUSED, refusal.code, sentence, pending.typed, self.now()))
        if pending.typed:
            self.came_back.emit(pending.typed)

    def take_live(self, values: tuple[LiveValue, ...]) -> None:
        for value in values:
            if value.value == GONE:
                self.live.pop((value.kind, value.key), None)
            else:
                self.live[value.kind, value.key] = value
        self.live_changed.emit(values)

    def _tick(self) -> None:
        self._look_at_the_line()
        if not self.away:
            for pending in self.outbox.overdue():
                self._link.send(pending.id, pending.data)
        self.ticked.emit()


def _took_effect(language: str, key: str, typed: str, body: Command, state: State) -> str:
    return say(language, key, typed=one_line(typed, 90) or called(state, body, language))


def _in_language(language: str, problem: DispatchError) -> str:
    return problem.vi if language == "vi" else problem.en


def _refusal_sentence(state: State, refusal: Refusal, language: str) -> str:
    return sentences.refusal(state, refusal, language)
