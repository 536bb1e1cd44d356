"""What a person at a console does next: seeded choices among what the screen shows, good ones and bad ones."""

from __future__ import annotations

from collections.abc import Callable

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Command
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.unit_status import FOLLOWS
from dispatch_core.domain.vocabulary import (
    CallState,
    EndedBy,
    IncidentState,
    Location,
    LocationSource,
    OfferOutcome,
    TargetKind,
    UnitStatus,
)
from scripts.simulation.chance import Chance

PLACES = ("Ngã tư Hàng Xanh", "Chợ Bến Thành", "Cầu Sài Gòn", "Bến xe Miền Đông")


class Person:
    """``next`` gives a command for what is on the screen, or None where there is nothing to do."""

    def __init__(self, user: str, chance: Chance) -> None:
        self.user = user
        self._chance = chance

    def next(self, state: State) -> Command | None:
        person = state.people.get(self.user)
        if person is None:
            return None
        if person.role.value == "telephony_admin":
            return self._admin(state)
        if not person.position and self._chance.happens(0.8):
            return self._take_position(state)
        talks = any(call.position == person.position for call in state.calls.values())
        acts: dict[str, float] = {
            "answer": 6, "type": 3, "locate": 3, "assign": 5, "status": 5, "release": 1, "note": 2, "close": 2,
            "hang_up": 1, "priority": 1, "take": 1, "leg": 1, "reassign": 1, "leave": 0.3, "nonsense": 0.5,
            "steer": 25 if talks else 3, "call_back": 2, "missed": 0.5, "ready": 1, "fold": 1,
            "offer": 2, "answer_offer": 4, "check": 0.5,
        }  # fmt: skip
        act: Callable[[State], Command | None] = getattr(self, f"_{self._chance.weighted(acts)}")
        return act(state)

    # --- what there is to choose from ---------------------------------------------------------------------------------

    def _incident(self, state: State) -> Incident | None:
        work = [one for one in state.incidents.values() if one.state is not IncidentState.CLOSED]
        return self._chance.one(work) if work else None

    def _admin(self, state: State) -> Command | None:
        if state.alarms and self._chance.happens(0.5):
            return c.HandleAlarm(key=self._chance.one(sorted(state.alarms)))
        if self._chance.happens(0.7):
            return None
        name = f"N{self._chance.number(1, 3)}"
        return c.AddPosition(position=name, label=f"Bàn {name}", services=("police",))

    def _take_position(self, state: State) -> Command | None:
        seats = sorted(state.positions)
        return c.TakePosition(position=self._chance.one(seats)) if seats else None

    def _leave(self, state: State) -> Command:
        return c.LeavePosition()

    def _answer(self, state: State) -> Command | None:
        waiting = [call.id for call in state.calls.values() if call.state.waiting]
        return c.AnswerCall(call=self._chance.one(waiting)) if waiting else None

    def _hang_up(self, state: State) -> Command | None:
        talking = [call.id for call in state.calls.values() if call.state in (CallState.ANSWERED, CallState.HELD)]
        return c.HangUp(call=self._chance.one(talking)) if talking else None

    def _type(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None or not state.types:
            return None
        return c.SetType(incident=incident.id, type=self._chance.one(sorted(state.types)), seen=incident.type)

    def _priority(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        return c.SetPriority(incident=incident.id, priority=self._chance.number(0, 6), seen=incident.priority)

    def _locate(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        place = Location(
            label=self._chance.one(PLACES), source=LocationSource.GAZETTEER,
            lat=10.7 + self._chance.number(0, 100) / 1000, lon=106.6 + self._chance.number(0, 100) / 1000,
        )  # fmt: skip
        return c.Locate(incident=incident.id, location=place, seen=incident.location_version)

    def _note(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        return c.AddNote(incident=incident.id, text=self._chance.one(("cháy lớn", "hai người bị thương", "kẹt xe")))

    def _take(self, state: State) -> Command | None:
        incident = self._incident(state)
        return None if incident is None else c.TakeIncident(incident=incident.id)

    def _leg(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        service = self._chance.one(sorted(state.site.services))
        make = c.CloseLeg if self._chance.happens(0.3) else c.OpenLeg
        return make(incident=incident.id, service=service)

    def _assign(self, state: State) -> Command | None:
        """Mostly free units; sometimes one that is taken, as from a screen that is a moment old."""
        incident = self._incident(state)
        free = sorted(one.call_sign for one in state.units.values() if one.assignment is None)
        names = free if free and self._chance.happens(0.9) else sorted(state.units)
        if incident is None or not names:
            return None
        units = tuple(self._chance.one(names) for _ in range(self._chance.number(1, 2)))
        return c.AssignUnits(incident=incident.id, units=units)

    def _status(self, state: State) -> Command | None:
        busy = [unit for unit in state.units.values() if unit.assignment is not None]
        if not busy:
            return None
        unit = self._chance.one(busy)
        may = FOLLOWS[unit.status] if self._chance.happens(0.9) else tuple(UnitStatus)
        return c.ReportStatus(unit=unit.call_sign, status=self._chance.one(may))

    def _release(self, state: State) -> Command | None:
        busy = [unit.call_sign for unit in state.units.values() if unit.assignment is not None]
        return c.ReleaseUnit(unit=self._chance.one(busy)) if busy else None

    def _offer(self, state: State) -> Command | None:
        """Stations of every leg, one leg's, or crews; sometimes a crew that is taken."""
        incident = self._incident(state)
        if incident is None:
            return None
        service = self._chance.one(sorted(state.site.services))
        units = (self._chance.one(sorted(state.units)),) if state.units and self._chance.happens(0.3) else ()
        if units or self._chance.happens(0.4):
            return c.OfferUnits(incident=incident.id, service=service, units=units)
        if state.stations and self._chance.happens(0.5):
            return c.OfferStation(incident=incident.id, station=self._chance.one(sorted(state.stations)))
        return c.OfferStation(incident=incident.id, service=service if self._chance.happens(0.5) else "")

    def _answer_offer(self, state: State) -> Command | None:
        """Mostly one that stands; sometimes one that is over, as from a screen that is a moment old."""
        every = [it for one in state.incidents.values() for leg in one.legs.values() for it in leg.offers]
        standing = [it for it in every if it.outcome is OfferOutcome.PENDING]
        among = standing if standing and self._chance.happens(0.9) else every
        if not among:
            return None
        offer = self._chance.one(sorted(it.id for it in among))
        answers: tuple[Command, ...] = (
            c.AcceptOffer(offer=offer), c.DeclineOffer(offer=offer, why="far"),
            c.DeclineOffer(offer=offer, reason="xe hỏng"), c.WithdrawOffer(offer=offer, skip=True),
            c.WithdrawOffer(offer=offer),
        )  # fmt: skip
        return self._chance.one(answers)

    def _check(self, state: State) -> Command | None:
        busy = sorted(unit.call_sign for unit in state.units.values() if unit.assignment is not None)
        return c.CheckUnit(unit=self._chance.one(busy)) if busy else None

    def _close(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        if self._chance.happens(0.4):
            return c.CloseEmpty(incident=incident.id)
        return c.CloseIncident(incident=incident.id, disposition="done")

    def _reassign(self, state: State) -> Command | None:
        incident = self._incident(state)
        if incident is None:
            return None
        to = self._chance.one(sorted(state.people))
        if incident.legs and self._chance.happens(0.6):
            service = self._chance.one(sorted(incident.legs))
            unit = self._chance.one(sorted(state.units))
            which = {"dispatcher": to} if self._chance.happens(0.5) else {"unit": unit}
            return c.ReassignLeg(incident=incident.id, service=service, reason="gần hơn", **which)
        return c.ReassignIncident(incident=incident.id, to=to, reason="đổi ca")

    # --- steering, calling back, sorting ------------------------------------------------------------------------------

    def _steer(self, state: State) -> Command | None:
        """Mostly on the own call, and what fits it; sometimes anything at all."""
        own = state.people[self.user].position
        talking = sorted(call.id for call in state.calls.values() if call.position and call.state.live)
        mine = [ident for ident in talking if state.calls[ident].position == own]
        among = mine if mine and self._chance.happens(0.9) else talking
        if not among:
            return None
        call = self._chance.one(among)
        seats = sorted(seat.id for seat in state.positions.values() if seat.user and seat.id != own)
        near = {"kind": TargetKind.POSITION, "target": self._chance.one(seats or ["B01"])}
        away = {"kind": TargetKind.SERVICE, "target": self._chance.one(sorted(state.site.services))}
        outside = {"kind": TargetKind.NUMBER, "target": "0283829797"}
        idle = (c.HoldCall(call=call), c.TransferCall(call=call, **self._chance.one((near, away))),
                c.ConsultCall(call=call, **self._chance.one((near, outside))))  # fmt: skip
        on_hold = (c.ResumeCall(call=call), idle[2])
        asking = (c.CompleteConsult(call=call), c.JoinConsult(call=call), c.BackToCaller(call=call))
        odd = (c.LeaveConference(call=call), c.MuteCall(call=call, on=True), c.ConsultCall(call=call, **away))
        known = state.calls[call]
        fits = idle if not known.held_at else asking if known.parties else on_hold
        return self._chance.one(fits if self._chance.happens(0.85) else (*idle, *on_hold, *asking, *odd))

    def _call_back(self, state: State) -> Command | None:
        if state.missed and self._chance.happens(0.8):
            return c.CallBack(missed=self._chance.one(sorted(state.missed)))
        known = sorted(call.id for call in state.calls.values())
        return c.CallBack(call=self._chance.one(known)) if known else c.CallBack(number="0912345678")

    def _missed(self, state: State) -> Command | None:
        lines = sorted(state.missed)
        return c.TakeOffMissed(missed=self._chance.one(lines), reason="gọi nhầm") if lines else None

    def _ready(self, state: State) -> Command:
        return c.BeReady() if self._chance.happens(0.7) else c.BeNotReady(why="meal")

    def _fold(self, state: State) -> Command | None:
        one, other = self._incident(state), self._incident(state)
        folded = sorted(it.id for it in state.incidents.values() if it.folded)
        if folded and self._chance.happens(0.4):
            return c.UnfoldIncident(incident=self._chance.one(folded))
        if one is not None and one.calls and self._chance.happens(0.3):
            return c.SplitCall(call=self._chance.one(one.calls))
        return c.FoldIncident(incident=one.id, into=other.id) if one is not None and other is not None else None

    def _nonsense(self, state: State) -> Command:
        """What no screen offers: a role that may not, things that do not exist."""
        nonsense: tuple[Command, ...] = (
            c.AddPosition(position="*", label="", services=()),
            c.ReportStatus(unit="Z9", status=UnitStatus.EN_ROUTE),
            c.AnswerCall(call="no such call"),
            c.CallOver(call="sim-1.1", at=0, by=EndedBy.US),
            c.AddNote(incident="0-0", text="\x00"),
        )
        return self._chance.one(nonsense)
