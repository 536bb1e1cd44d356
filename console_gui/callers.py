"""What callers' numbers called for before: asked of the core once for each call, joined with what the state knows."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from console_gui.questions import Questions
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Direction
from dispatch_core.wire.callers import CalledFor, CallerHistory

REMEMBERED = 200


class Callers(QObject):
    """``told`` says that an answer came, or that none will."""

    told = Signal(str)  # the call

    def __init__(self, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._known: OrderedDict[str, CallerHistory | DispatchError | None] = OrderedDict()

    def want(self, call: Call) -> None:
        """Ask where nobody has; a withheld number has no history."""
        ident = call.id
        if not call.number or call.direction is not Direction.INCOMING or ident in self._known:
            return
        self._known[ident] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

        def answered(result: CallerHistory | None, problem: DispatchError | None) -> None:
            if ident in self._known:
                self._known[ident] = result if result is not None else problem
                self.told.emit(ident)

        self._questions.ask(lambda client: client.caller(ident), answered)

    def again(self, call: Call) -> None:
        """Ask once more where the core did not answer."""
        if isinstance(self._known.get(call.id), DispatchError):
            del self._known[call.id]
            self.want(call)

    def problem(self, call: Call) -> DispatchError | None:
        known = self._known.get(call.id)
        return known if isinstance(known, DispatchError) else None

    def of(self, state: State, call: Call) -> CallerHistory | None:
        """What is known: the core's answer with what has happened since, else what the state has; None while the
        answer is awaited and the state has nothing."""
        known = self._known.get(call.id)
        live = from_state(state, call)
        if isinstance(known, CallerHistory):
            return joined(known, live)
        return live if live.calls else None


def from_state(state: State, call: Call) -> CallerHistory:
    """Of the calls that are still in the live state."""
    same = [
        it
        for it in state.calls.values()
        if it.number == call.number and it.number and it.id != call.id and it.direction is Direction.INCOMING
    ]
    newest: dict[str, CalledFor] = {}
    for it in sorted(same, key=lambda it: -it.arrived_at):
        incident = state.incidents.get(it.incident)
        if incident is None or incident.id == call.incident or incident.id in newest:
            continue
        label = incident.location.label if incident.location is not None else ""
        newest[incident.id] = CalledFor(
            incident=incident.id, at=it.arrived_at, state=incident.state.value, type=incident.type, place=label,
            disposition=incident.disposition,
        )  # fmt: skip
    empty = sum(it.disposition == "no_content" for it in newest.values())
    return CallerHistory(calls=len(same), incidents=len(newest), without_content=empty, newest=tuple(newest.values()))


def joined(asked: CallerHistory, live: CallerHistory) -> CallerHistory:
    """What the state says of an incident is newer than what was answered."""
    fresh = {it.incident: it for it in live.newest}
    rows = [fresh.pop(it.incident, it) for it in asked.newest]
    rows = sorted([*fresh.values(), *rows], key=lambda it: -it.at)
    return CallerHistory(
        calls=max(asked.calls, live.calls), incidents=max(asked.incidents, live.incidents, len(rows)),
        without_content=max(asked.without_content, sum(it.disposition == "no_content" for it in rows)),
        newest=tuple(rows),
    )  # fmt: skip
