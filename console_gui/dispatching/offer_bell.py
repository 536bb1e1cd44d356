"""A line when an offer of mine is about to run out: once for each. It sounds as the clock that it is (``clocks``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.notice import Kind, Notice
from console_gui.translations import offer_sentences
from console_gui.translations.tables import say
from dispatch_core.domain.offering import pending
from dispatch_core.domain.state import Leg, Offer
from dispatch_core.domain.vocabulary import IncidentState


class OfferBell(QObject):
    """Rings for offers of incidents that are mine, or of legs that were given to me."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rung: set[str] = set()
        desk.ticked.connect(self._tick)

    def _tick(self) -> None:
        state, now = self._desk.state, self._desk.now()
        late = state.site.offers.late_s * 1000
        asked = [it for leg in self._my_legs() for it in pending(leg) if it.until]
        self._rung &= {it.id for it in asked}
        for offer in asked:
            if offer.id not in self._rung and late and offer.until - now <= late:
                self._rung.add(offer.id)
                sentence = partial(self._sentence, offer)
                self._desk.noticed.emit(Notice(Kind.TOLD, "offer_late", sentence, at=now, quiet=True))

    def _my_legs(self) -> Iterator[Leg]:
        """Those few first: this looks through a whole city's incidents every second."""
        me, closed = self._desk.user, IncidentState.CLOSED
        for incident in self._desk.state.incidents.values():
            if incident.state is not closed:
                for leg in incident.legs.values():
                    if leg.offers and me == (leg.dispatcher or incident.owner):
                        yield leg

    def _sentence(self, offer: Offer, language: str) -> str:
        who = offer_sentences.asked(self._desk.state, offer, language)
        return say(language, "told.offer_late", who=who)
