"""A sound and a line when an offer of mine is about to run out: once for each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from console_gui.command_line.verbs_offers import standing
from console_gui.desk import Desk
from console_gui.notice import Kind, Notice
from console_gui.translations import offer_sentences
from console_gui.translations.tables import say
from dispatch_core.domain.state import Incident, Offer


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
        asked = [(incident, it) for incident, it in standing(state) if it.until and self._mine(incident, it)]
        self._rung &= {it.id for _, it in asked}
        for _, offer in asked:
            if offer.id not in self._rung and late and offer.until - now <= late:
                self._rung.add(offer.id)
                self._desk.noticed.emit(Notice(Kind.TOLD, "offer_late", partial(self._sentence, offer), at=now))

    def _mine(self, incident: Incident, offer: Offer) -> bool:
        leg = incident.legs[offer.id.split(".")[1]]
        return self._desk.user == (leg.dispatcher or incident.owner)

    def _sentence(self, offer: Offer, language: str) -> str:
        who = offer_sentences.asked(self._desk.state, offer, language)
        return say(language, "told.offer_late", who=who)
