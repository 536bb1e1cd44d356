"""The exchange's part in what people ask of a call that talks: hold, hand over, ask somebody, talk as three, call back.

Whoever is rung picks up or does not; a caller whom nobody takes waits again. An order that does not fit the call as it
is at that moment is refused, as the real dialplan's would be.
"""

from __future__ import annotations

from dispatch_core.domain.vocabulary import TargetKind
from scripts.simulation.exchange import Call, Exchange, NoSuchCall
from telephony.dialplan_contexts import service_queue

OUTSIDE = "outside"
"""What a party is called that is no position."""


class SteeredExchange(Exchange):
    """``who`` is the core that orders. Every order raises NoSuchCall where it cannot be done."""

    def _steered(self, who: str, act: str, ident: str, position: str) -> Call:
        self._ordered(who, "steer", act, ident, position)
        call = self.calls.get(ident)
        if call is None or call.place != "talking" or call.position != position:
            raise NoSuchCall(ident)
        return call

    # --- hold ---------------------------------------------------------------------------------------------------------

    def hold(self, who: str, ident: str, position: str) -> None:
        call = self._steered(who, "hold", ident, position)
        if call.held or call.parties:
            raise NoSuchCall(ident)
        self._after(0.01, 0.2, self._hold, call, True)

    def resume(self, who: str, ident: str, position: str) -> None:
        call = self._steered(who, "resume", ident, position)
        if not call.held or call.parties:
            raise NoSuchCall(ident)
        self._after(0.01, 0.2, self._hold, call, False)

    # --- handing over -------------------------------------------------------------------------------------------------

    def hand_over(self, who: str, ident: str, position: str, kind: TargetKind, to: str) -> None:
        call = self._steered(who, "transfer", ident, position)
        if call.parties or call.outgoing or (kind is TargetKind.POSITION and to not in self.positions):
            raise NoSuchCall(ident)
        self._after(0.01, 0.1, self._handed_over, call, position, kind, to)

    def _handed_over(self, call: Call, position: str, kind: TargetKind, to: str) -> None:
        if call.place != "talking" or call.position != position or call.parties:
            return
        call.held, call.position = False, ""
        call.place = "queued" if kind is TargetKind.SERVICE else "offered"
        self._tell("let go", call, position=position)
        if kind is TargetKind.SERVICE:
            self._queue(call, service_queue(to), False)
            return
        call.ringing.append(to)
        self._tell("rings", call, position=to)
        taken = self._chance.happens(0.7) and self._free(to)
        self._after(0.2, 1.5, self._taken if taken else self._untaken, call, to)

    def _taken(self, call: Call, position: str) -> None:
        if call.place == "offered" and self._free(position):
            self._answered(call, position)
        else:
            self._untaken(call, position)

    def _untaken(self, call: Call, position: str) -> None:
        if call.place == "offered":
            self._stop_ringing(call)
            call.place = "queued"
            self._queue(call, call.queue, False)

    # --- asking somebody ----------------------------------------------------------------------------------------------

    def consult(self, who: str, ident: str, position: str, kind: TargetKind, to: str) -> None:
        call = self._steered(who, "consult", ident, position)
        if call.parties:
            raise NoSuchCall(ident)
        party = to if kind is TargetKind.POSITION else OUTSIDE
        self._hold(call, True)
        self._after(0.2, 2.0, self._asked, call, position, party, self._chance.happens(0.7))

    def _asked(self, call: Call, position: str, party: str, picks_up: bool) -> None:
        if call.place != "talking" or call.position != position or not call.held or call.parties:
            return
        if picks_up and (party == OUTSIDE or self._free(party)):
            call.parties.append(party)
            self._tell("joined", call, position=party)
        else:
            self._tell("not reached", call)

    def _consulting(self, who: str, act: str, ident: str, position: str) -> Call:
        call = self._steered(who, act, ident, position)
        if not call.held or not call.parties:
            raise NoSuchCall(ident)
        return call

    def complete(self, who: str, ident: str, position: str) -> None:
        call = self._consulting(who, "complete", ident, position)
        (heir,) = call.parties
        call.parties.clear()
        call.position = ""
        if heir == OUTSIDE:
            self._tell("let go", call, position=position)
            self.end(call, "caller")
            return
        call.held = False
        self._tell("let go", call, position=position)
        self._answered(call, heir)

    def back(self, who: str, ident: str, position: str) -> None:
        call = self._steered(who, "back", ident, position)
        if not call.held:
            raise NoSuchCall(ident)
        self._part(call)
        self._hold(call, False)

    def join(self, who: str, ident: str, position: str) -> None:
        call = self._consulting(who, "join", ident, position)
        self._hold(call, False)
        self._after(1.0, 4.0, self._part, call)

    def _part(self, call: Call) -> None:
        for party in call.parties:
            self._tell("parted", call, position=party)
        call.parties.clear()

    # --- calling back -------------------------------------------------------------------------------------------------

    def call_back(self, who: str, ident: str, position: str, number: str) -> None:
        """The position's phone first, then the number; under an id that was chosen by who orders it."""
        self._ordered(who, "call back", ident)
        if ident in self.calls or position not in self.positions or not self._free(position):
            raise NoSuchCall(ident)
        call = self.calls[ident] = Call(
            id=ident, dialled="", number=number, name="", arrived_at=self._loop.time(), place="dialling",
            outgoing=True, caller_of=position,
        )  # fmt: skip
        self._after(0.1, 1.0, self._dials, call)

    def _dials(self, call: Call) -> None:
        if call.place == "dialling":
            self._tell("dialling", call, position=call.caller_of)
            self._after(0.3, 3.0, self._reached if self._chance.happens(0.6) else self._unreached, call)

    def _reached(self, call: Call) -> None:
        if call.place == "dialling":
            self._answered(call, call.caller_of)

    def _unreached(self, call: Call) -> None:
        if call.place == "dialling":
            self.end(call, "unreached")
