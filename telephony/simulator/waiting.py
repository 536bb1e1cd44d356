"""Waiting at a simulated switch: phones ring in rounds, nobody answers, the call overflows."""

from __future__ import annotations

from telephony import dialplan_events as told
from telephony.dialplan_contexts import OVERFLOW_QUEUE, position_interface, service_queue
from telephony.simulator.floor import NO_USER, Caller, Floor
from telephony.simulator.telling import Headers
from telephony.simulator.timeline import SECOND

RETRY_S = 1.0
SETTLE_S = 0.3
OVERFLOW_RING_S = 10.0


class Waiting(Floor):
    """`lifts`: seconds (on average) until somebody lifts a ringing phone by hand, 0 = nobody does."""

    lifts = 0.0

    def _wait(self, call: Caller) -> None:
        """Into the service's queue, or the one of everybody."""
        call.queue = OVERFLOW_QUEUE if call.overflowed else service_queue(call.service)
        at = ("wait-all", "s") if call.overflowed else ("wait", call.service)
        call.place, call.by_queue, call.joined_at = "waiting", False, self.timeline.now
        self.turn(call)
        front = "1" if call.front else "0"
        place = (*at, 1 if call.overflowed else 8)
        self.teller.dialplan(told.WAITING, call.channel, place, Queue=call.queue, Front=front)
        call.channel.at(*at, 2 if call.overflowed else 9)
        waiting = self.waiting_in(call.queue)
        position = 1 if call.front else len(waiting)
        self.queue_told("QueueCallerJoin", call, [("Position", position), ("Count", len(waiting))])
        if not call.overflowed:
            self.later(call, max(0.0, (call.overflow_at - self.timeline.now) / SECOND), self._overflow)
        self._ring(call)

    def _ring(self, call: Caller) -> None:
        """Every free phone of the queue; where there is none, again in a second."""
        free = [
            position
            for position, paused in self.members[call.queue].items()
            if not paused and self.state(position) == "NOT_INUSE"
        ]
        for position in free:
            self._call_phone(call, position)
        if not free:
            self.later(call, RETRY_S, self._ring)
            return
        ring = OVERFLOW_RING_S if call.overflowed else float(self.site.queue_of(call.service).ring)
        self.later(call, ring, self._nobody)
        if self.lifts:
            lifted = self.chance.one(free)
            self.later(call, 1.0 + self.chance.around(self.lifts), self._lifted, lifted)

    def _call_phone(self, call: Caller, position: str) -> None:
        phone = self.phone(call, position, call.channel.exten)
        interface = position_interface(position)
        self.queue_told(
            "AgentCalled", call, [("Interface", interface), ("MemberName", position)], phone.headers("Dest")
        )
        self.teller.tell("DialBegin", call.channel.headers(), phone.headers("Dest"), [("DialString", position)])
        self.rings(phone, position)

    def _nobody(self, call: Caller) -> None:
        """Nobody lifted a phone in time: they stop, and ring anew in a second."""
        for position, phone in call.phones.items():
            more: Headers = [("Interface", position_interface(position)), ("MemberName", position), ("RingTime", 0)]
            self.queue_told("AgentRingNoAnswer", call, more, phone.headers("Dest"))
        self._dial_over(call, list(call.phones), "NOANSWER")
        self._stop_ringing(call)
        self.later(call, RETRY_S, self._ring)

    def _dial_over(self, call: Caller, positions: list[str], status: str) -> None:
        for position in positions:
            phone = call.phones[position]
            self.teller.tell("DialEnd", call.channel.headers(), phone.headers("Dest"), [("DialStatus", status)])

    def _stop_ringing(self, call: Caller, cause: int = NO_USER) -> None:
        """Every phone that rings for this caller stops."""
        for position in list(call.phones):
            self.phone_gone(call, position, cause)

    def _leave(self, call: Caller, *, abandons: bool) -> None:
        """Out of the queue, with phones that ring no more."""
        if not abandons:
            return self._queue_left(call)
        rounds = list(call.phones)
        self._dial_over(call, rounds, "CANCEL")
        self._dial_over(call, rounds, "CANCEL")
        held = (self.timeline.now - call.joined_at) // SECOND
        waiting = len(self.waiting_in(call.queue))
        self.queue_told(
            "QueueCallerAbandon", call, [("Position", 1), ("OriginalPosition", waiting), ("HoldTime", held)]
        )
        self._queue_left(call)
        self._stop_ringing(call)
        return None

    def _queue_left(self, call: Caller) -> None:
        call.place = "between"
        self.queue_told("QueueCallerLeave", call, [("Position", 1), ("Count", len(self.waiting_in(call.queue)))])

    def _overflow(self, call: Caller) -> None:
        """The service's own people did not answer in time: everybody's phones ring."""
        self.turn(call)
        for position, phone in call.phones.items():
            more: Headers = [("Interface", position_interface(position)), ("MemberName", position), ("RingTime", 0)]
            self.queue_told("AgentRingNoAnswer", call, more, phone.headers("Dest"))
        self._dial_over(call, list(call.phones), "NOANSWER")
        self._leave(call, abandons=True)
        self.teller.dialplan(
            told.OVERFLOWED, call.channel, ("wait", call.service, 10), From=call.queue, To=OVERFLOW_QUEUE,
            Reason="TIMEOUT",
        )  # fmt: skip
        call.overflowed = True
        self.later(call, SETTLE_S, self._wait)

    def _lifted(self, call: Caller, position: str) -> None:
        """Somebody lifted this ringing phone."""
        raise TypeError(f"{type(self).__name__} has no phones that are lifted")
