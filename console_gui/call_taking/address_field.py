"""The place of an incident: suggestions from the core while typing, coordinates, or the caller's words as they are."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console_gui.call_taking.guarded_field import GuardedField
from console_gui.call_taking.offered_places import choices_of, near_of
from console_gui.command_line.outcomes import Context, FindPlace, Send, Wrong
from console_gui.command_line.tokens import Line
from console_gui.command_line.verbs_incidents import locate
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.places import Typing, first_place, location_of
from console_gui.translations import sentences
from console_gui.translations.formats import one_line
from dispatch_core.domain.commands import Locate
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.plain_text import LABEL_LIMIT
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import Suggestion


class AddressField(GuardedField):
    name = "place"
    kinds = ("located",)

    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(desk, drafts, "form.place_hint", LABEL_LIMIT, parent)
        self._suggestions: tuple[Suggestion, ...] = ()
        self._typing = Typing(desk.questions, lambda: near_of(self.incident, desk.state), self)
        self._typing.suggested.connect(self._suggested)
        self._typing.refused.connect(self._refused)
        self.field.chosen.connect(self._chosen)
        self.field.confirmed.connect(self._confirmed)

    def shown(self, incident: Incident) -> str:
        return sentences.place(incident, self.desk.words.language) if incident.location is not None else ""

    def version(self, incident: Incident) -> str:
        return str(incident.location_version)

    def look_for(self, text: str) -> None:
        self._typing.type(text)

    def _suggested(self, asked: str, found: tuple[Suggestion, ...]) -> None:
        self._suggestions = found
        self.field.offer(choices_of(found, asked, self.desk.words) if asked and self.field.isModified() else [])

    def _chosen(self, place: str) -> None:
        self._take(self._suggestions[int(place)])

    def _take(self, suggestion: Suggestion) -> None:
        if self.incident is None:
            return
        location = location_of(suggestion, self.desk.now())
        self.field.setText(one_line(location.label))
        self.field.setModified(True)
        self.send(Locate(incident=self.incident.id, location=location, seen=int(self.agreed() or 0)))

    def _confirmed(self, text: str) -> None:
        """Enter before any suggestion came: coordinates at once, anything else is looked up first."""
        if self.incident is None or not self.field.isModified():
            return
        context = Context(self.desk.state, self.desk.user, self.desk.role, self.incident.id)
        outcome = locate(Line("@", text), context)
        if isinstance(outcome, Send) and isinstance(outcome.body, Locate):
            body = outcome.body
            self.send(Locate(incident=body.incident, location=body.location, seen=int(self.agreed() or 0)))
        elif isinstance(outcome, FindPlace):
            near = near_of(self.incident, self.desk.state)
            first_place(self.desk.questions, text, near, self._found_first, self)
        elif isinstance(outcome, Wrong):
            self.say(outcome.sentence(self.desk.words.language))

    def _found_first(self, suggestion: Suggestion | None, problem: DispatchError | None) -> None:
        if suggestion is not None:
            self._take(suggestion)
        elif problem is not None:
            self._refused(problem)
        else:
            self.say(self.desk.words("line.no_place_found", text=self.field.text().strip()))

    def _refused(self, problem: DispatchError) -> None:
        """An address that cannot be: said beside the field, and the typing goes on."""
        self.say(problem.vi if self.desk.words.language == "vi" else problem.en)
