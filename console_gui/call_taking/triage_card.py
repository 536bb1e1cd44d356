"""The triage card of the open incident: the question in sight with its answers, what is read to the caller, what was
answered. Worked by keys from anywhere; nothing waits for it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from console_gui.changes import Changes
from console_gui.command_line.verbs_triage import in_sight
from console_gui.desk import Desk
from console_gui.labels import elided_label, plain_label, wrapped_label
from console_gui.sizes import px
from console_gui.translations import sentences, triage
from console_gui.translations.formats import wall_clock
from console_gui.typefaces import CLOCK, FORM, ROW, font
from dispatch_core.domain.state import Given, Incident
from dispatch_core.domain.triage import card_of, given_to, proposed, questions_of
from dispatch_core.domain.vocabulary import Advice, Card, CardAnswer, CardQuestion, IncidentState

READ = 17
"""Pixels of what is read aloud."""

MARGIN, GAP, EXTRA = 12, 3, 24
ANSWERS = 9
MINUTE_MS = 60_000
COUNTED = 4
"""One, two, three, four, and again."""


class AnswerRow(QWidget):
    """A key, what the caller may say, and what that sets."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = QPushButton(self)
        self.button.setFont(font(FORM))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setStyleSheet("text-align: left; padding: 2px 10px;")
        self.effect = elided_label(self, ROW, "dim")
        self._number = number
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.effect, 1)

    def show_answer(self, answer: CardAnswer, text: str, effect: str) -> None:
        self.button.setText(f"Alt+{self._number}   {text}".replace("&", "&&"))
        self.button.setAccessibleName(f"Alt+{self._number}: {text}. {effect}")
        self.effect.setText(effect)


class Beat(QWidget):
    """Four dots that light up in turn, as fast as somebody counts aloud; still while nobody sees them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.dots, self.words = plain_label(self, FORM, "attention"), plain_label(self, ROW, "dim")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._next)
        self._at, self._beat = 0, 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.dots)
        row.addWidget(self.words, 1)

    def count(self, beat: int, words: str) -> None:
        self.words.setText(words)
        self.setVisible(beat > 0)
        if beat != self._beat:
            self._beat = beat
            self._run()

    @property
    def every_ms(self) -> int:
        """0 while it stands still."""
        return self._timer.interval() if self._timer.isActive() else 0

    def _run(self) -> None:
        self._timer.stop()
        self._at = 0
        self._draw()
        if self._beat and self.isVisible():
            self._timer.start(MINUTE_MS // self._beat)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _next(self) -> None:
        self._at = (self._at + 1) % COUNTED
        self._draw()

    def _draw(self) -> None:
        self.dots.setText("  ".join("●" if at == self._at else "○" for at in range(COUNTED)))


class TriageCard(QWidget):
    run_wanted = Signal(str)
    summary_changed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._went: tuple[str, Given | None] = ("", None)  # the incident, and the answer that stood there
        self._book = desk.state.cards
        self._make_parts()
        self._lay_out()
        desk.current_changed.connect(self.refresh)
        desk.updated.connect(self._update)
        desk.words.changed.connect(self.refresh)

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        words = self._desk.words
        self.question = wrapped_label(self, CLOCK, strong=True)
        self.rows = [AnswerRow(number, self) for number in range(1, ANSWERS + 1)]
        for number, row in enumerate(self.rows, 1):
            row.button.clicked.connect(lambda _=False, number=number: self.run_wanted.emit(f"th {number}"))
        self.proposal = wrapped_label(self, FORM, "attention")
        self.read = plain_label(self, ROW, "caption", strong=True)
        words.put(self.read, "setText", "card.read")
        self.beat = Beat(self)
        self.advice = wrapped_label(self, READ)
        self.given_head = plain_label(self, ROW, "caption", strong=True)
        words.put(self.given_head, "setText", "card.given")
        self.given = wrapped_label(self, ROW, "dim")

    def _lay_out(self) -> None:
        self.body = QWidget(self)
        self.body.setObjectName("panel")
        column = QVBoxLayout(self.body)
        column.setContentsMargins(MARGIN, 4, MARGIN, 8)
        column.setSpacing(GAP)
        column.addWidget(self.question)
        for row in self.rows:
            column.addWidget(row)
        column.addWidget(self.proposal)
        column.addSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.read)
        head.addWidget(self.beat, 1)
        column.addLayout(head)
        column.addWidget(self.advice)
        column.addSpacing(4)
        column.addWidget(self.given_head)
        column.addWidget(self.given)
        column.addStretch(1)
        self.scrolled = QScrollArea(self)
        self.scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setWidget(self.body)
        self.scrolled.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scrolled)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(80))  # narrower, its words are cut

    def needed(self, width: int) -> int:
        """Pixels of height that question, answers and advice take at this width; what was answered is scrolled to."""
        inner = width - 2 * MARGIN - self.scrolled.verticalScrollBar().sizeHint().width()
        wrapped = [it for it in (self.question, self.proposal, self.advice) if not it.isHidden()]
        single = [it for it in (*self.rows, self.read) if not it.isHidden()]
        heights = [it.heightForWidth(inner) for it in wrapped] + [it.sizeHint().height() for it in single]
        return sum(heights) + GAP * (len(heights) + 1) + px(EXTRA)

    # --- showing ------------------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        return self._desk.state.incidents.get(self._desk.current)

    @property
    def card(self) -> Card | None:
        """Of the open incident; a closed one shows what was answered."""
        incident = self.incident
        return card_of(self._desk.state, incident) if incident is not None else None

    @property
    def in_sight(self) -> CardQuestion | None:
        incident, card = self.incident, self.card
        if incident is None or card is None or incident.state is IncidentState.CLOSED:
            return None
        return in_sight(self._desk.state, incident, card, self._desk.question)

    def step(self, by: int) -> None:
        """To the question before (-1) or after (1) the one in sight, answered or not."""
        incident, card = self.incident, self.card
        if incident is None or card is None:
            return
        asked = [it.code for it in questions_of(self._desk.state, incident, card)]
        here = self.in_sight
        at = asked.index(here.code) if here is not None else len(asked)
        at = max(0, at + by)
        self._desk.question = asked[at] if at < len(asked) else ""
        self._went = self._sight_of(incident)
        self.refresh()

    def refresh(self) -> None:
        incident, card = self.incident, self.card
        if incident is None or card is None:
            self._desk.question = ""
            self.summary_changed.emit("")
            return
        self._leave_answered(incident)
        state, language = self._desk.state, self._desk.words.language
        question = self.in_sight
        self._show_question(incident, card, question)
        self.proposal.setText(triage.proposal(state, proposed(state, incident), language))
        self.proposal.setVisible(bool(self.proposal.text()) and incident.state is not IncidentState.CLOSED)
        self._show_advice(self._advice(incident, card))
        lines = [self._given_line(incident, card, it) for it in incident.triage.given]
        self.given.setText("\n".join(lines))
        for part in (self.given, self.given_head):
            part.setVisible(bool(lines))

    def _leave_answered(self, incident: Incident) -> None:
        """A question to which the person went is left by its answer, and by another incident."""
        if self._desk.question and self._went != self._sight_of(incident):
            self._desk.question = ""

    def _sight_of(self, incident: Incident) -> tuple[str, Given | None]:
        return incident.id, given_to(incident.triage).get(self._desk.question)

    def _show_question(self, incident: Incident, card: Card, question: CardQuestion | None) -> None:
        words = self._desk.words
        asked = questions_of(self._desk.state, incident, card)
        name = words.pick(card.vi, card.en)
        known = given_to(incident.triage).get(question.code) if question is not None else None
        answers = question.answers if question is not None else ()
        if question is None:
            self.question.setText(words("card.done"))
            self.summary_changed.emit(words("card.head_done", card=name))
        else:
            self.question.setText(words.pick(question.vi, question.en))
            given = given_to(incident.triage)
            left = sum(it is question or it.code not in given for it in asked)
            number = triage.number_of(card, question.code)
            self.summary_changed.emit(words("card.head", card=name, number=number, left=left))
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(answers))
            if number < len(answers):
                answer = answers[number]
                effect = triage.effect(self._desk.state, answer, words.language)
                if known is not None and known.answer == answer.code:
                    effect = f"✓ {words('card.here_before')}  {effect}".strip()
                row.show_answer(answer, words.pick(answer.vi, answer.en), effect)

    def _advice(self, incident: Incident, card: Card) -> Advice | None:
        """Of the newest answer that has any, else the card's own."""
        book = self._desk.state.cards
        for given in reversed(incident.triage.given):
            question = book.questions.get(given.question)
            for answer in question.answers if question is not None else ():
                if answer.code == given.answer and answer.advice in book.advice:
                    return book.advice[answer.advice]
        return book.advice.get(card.advice)

    def _show_advice(self, advice: Advice | None) -> None:
        words = self._desk.words
        lines = () if advice is None else advice.vi if words.language == "vi" else advice.en
        self.advice.setText("\n".join(f"•  {line}" for line in lines))
        beat = advice.beat if advice is not None else 0
        self.beat.count(beat, words("card.beat", beat=beat) if beat else "")
        for part in (self.read, self.advice):
            part.setVisible(bool(lines))

    def _given_line(self, incident: Incident, card: Card, given: Given) -> str:
        words, state = self._desk.words, self._desk.state
        number = triage.number_of(card, given.question)
        text = words(
            "card.given_line", number=number or "·", ask=words.pick(*given.ask), said=words.pick(*given.said),
            at=wall_clock(given.at, state.site.utc_offset_min), who=sentences.who(state, given.by, words.language),
        )  # fmt: skip
        question = state.cards.questions.get(given.question)
        same = question is not None and (question.vi, question.en) == given.ask
        return text if same else text + words("card.older")

    def _update(self, changes: Changes) -> None:
        book, self._book = self._book, self._desk.state.cards
        touched = changes.of("incidents").changed
        if self._desk.current in touched or changes.site or changes.of("types") or book is not self._book:
            self.refresh()
