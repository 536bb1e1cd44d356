"""The top of every workplace: who waits, promises, my position, the age of the data, the time; and the banner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from console_gui.bulkhead import Bulkhead
from console_gui.clocks import Stage, of_call
from console_gui.company import heard_at
from console_gui.desk import Desk
from console_gui.desks.words import key_typing
from console_gui.labels import elided_label, plain_label, repolish
from console_gui.limits import STALE_S
from console_gui.models.positions import duty_words
from console_gui.paced import Paced
from console_gui.paper.printing import Printing
from console_gui.promises import ANSWER_MS, waits
from console_gui.signs import ALARM_SIGNS, WAITING
from console_gui.sizes import px
from console_gui.sounds.bell import Bell
from console_gui.surge_words import surge_in_short
from console_gui.theme import Look, readable
from console_gui.translations import sentences
from console_gui.translations.formats import seconds, since, wall_clock
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.answering import this_hour
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import AlarmLevel, DutyState, Role


class WaitingLabel(QWidget):
    """One service: its number, how many wait, and how long the first of them has waited."""

    def __init__(self, desk: Desk, look: Look, service: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._service = desk, look, service
        self.glyph = plain_label(self, FORM, strong=True)
        self.number = plain_label(self, FORM, strong=True)
        self.count = plain_label(self, FORM)
        self.clock = plain_label(self, FORM)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for label in (self.glyph, self.number, self.count, self.clock):
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)

    def refresh(self, every: list[Call]) -> None:
        """``every`` are all calls that wait."""
        state, now = self._desk.state, self._desk.now()
        service = state.site.services.get(self._service)
        waiting = [call for call in every if self._service in call.services]
        number = sentences.number_of(state, self._service) or self._service
        if service is not None:
            self.glyph.setText(service.glyph)
            sheet = f"color: {readable(service.hue, self._look.now.raised).name()}"
            if sheet != self.glyph.styleSheet():  # putting one on is dear, also the same
                self.glyph.setStyleSheet(sheet)
        self.number.setText(number)
        self.count.setText(f"{WAITING}{len(waiting)}" if waiting else "0")
        oldest = min(waiting, key=lambda call: call.arrived_at, default=None)
        self.clock.setText(since(oldest.arrived_at, now) if oldest is not None else "")
        self.clock.setVisible(oldest is not None)
        stage = of_call(state, oldest, now) if oldest is not None else Stage.CALM
        repolish(self.clock, {Stage.LATE: "late", Stage.ATTENTION: "attention"}.get(stage, ""))
        self.setToolTip(self._desk.words("band.waiting_for", count=len(waiting), number=number))


LEAST_ELIDED = 120
"""Pixels that a text which can be shortened keeps before another one gives way."""


class StatusBand(Bulkhead):
    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(px(36))
        self.waiting: dict[str, WaitingLabel] = {}
        self._bell: Bell | None = None
        self.answered = plain_label(self.inside, FORM)
        self.simulated = plain_label(self.inside, FORM, "attention", strong=True)
        self.surge = elided_label(self.inside, FORM, "attention", strong=True)
        self.person = elided_label(self.inside, FORM)
        self.deaf = plain_label(self.inside, FORM, "late", strong=True)
        self.rings = elided_label(self.inside, FORM, "attention", strong=True)
        self.rings_key = plain_label(self.inside, ROW, "dim")
        self.ear = plain_label(self.inside, FORM, "attention", strong=True)
        self.seat = plain_label(self.inside, FORM, strong=True)
        self.seat_key = plain_label(self.inside, ROW, "dim")
        self.waits = plain_label(self.inside, FORM, "attention", strong=True)
        self.dropped = plain_label(self.inside, ROW, "attention")
        self.paper = plain_label(self.inside, ROW, "dim")
        self.age = plain_label(self.inside, FORM)
        self.clock = plain_label(self.inside, FORM, strong=True)
        self._telling = False
        self._wanted: dict[QLabel, bool] = {self.paper: False, self.person: True, self.answered: True}
        self._row = QHBoxLayout(self.inside)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(22)
        self._row.addWidget(self.answered)
        self._row.addWidget(self.simulated)
        self._row.addWidget(self.surge)
        self._row.addWidget(self.ear)
        self._row.addWidget(self.deaf)
        self._row.addWidget(self.rings)
        self._row.addWidget(self.rings_key)
        self._row.addStretch(1)
        seat = (self.person, self.seat, self.seat_key)
        for label in (self.waits, self.dropped, *seat, self.paper, self.age, self.clock):
            self._row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        paced = Paced(self.refresh, self)
        desk.updated.connect(paced.call)
        desk.ticked.connect(paced.promptly)
        desk.words.changed.connect(self.refresh)
        desk.health_changed.connect(self._back)
        desk.pending_changed.connect(self._tell_waiting)
        self.refresh()

    # --- what there is room for ---------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """The band makes no window wider than its screen: what matters least gives way."""
        return QSize(0, px(36))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _want(self, label: QLabel, shown: bool) -> None:
        self._wanted[label] = shown
        if not self._telling:
            self._fit()

    def _fit(self) -> None:
        """Show what is wanted, but for the hints and the name where they would push a clock or an alarm out."""
        words = self._desk.words
        self.deaf.setText(words("band.deaf"))
        shown = dict(self._wanted)
        paper = [] if self.paper.objectName() == "late" else [self.paper]
        gives_way = [self.rings_key, *paper, self.seat_key, self.deaf, self.person, self.answered]
        while gives_way and self._lacking(shown) > 0:
            label = gives_way.pop(0)
            if label is self.deaf:
                self.deaf.setText(words("band.deaf_short"))
            else:
                shown[label] = False
        for label, it in shown.items():
            label.setVisible(it)  # only now: what comes and goes at once lays the band out twice

    def _lacking(self, shown: dict[QLabel, bool]) -> int:
        """Pixels by which the band is too narrow for what it would show; a text that can be shortened counts
        little."""
        items = (self._row.itemAt(at) for at in range(self._row.count()))
        widgets = [it for item in items if item is not None and (it := item.widget()) is not None]
        stand = [it for it in widgets if (shown[it] if it in shown else not it.isHidden())]
        elided = (self.surge, self.rings, self.person)
        wide = 0
        for it in stand:
            width = it.sizeHint().width()
            wide += min(width, px(LEAST_ELIDED)) if it in elided else width
        return wide + self._row.spacing() * (len(stand) - 1) + 24 - self.width()

    # --- what it tells ------------------------------------------------------------------------------------------------

    def follow(self, bell: Bell) -> None:
        """The twin of what sounds, and of that nothing can."""
        self._bell = bell
        bell.changed.connect(lambda: self._all_of(self._tell_bell))
        self._all_of(self._tell_bell)

    def _tell_bell(self) -> None:
        bell, words = self._bell, self._desk.words
        now = bell.now if bell is not None else []
        self.deaf.setText(words("band.deaf"))
        self._want(self.deaf, bell is not None and not bell.works)
        text = ""
        if now:
            more = f"  +{len(now) - 1}" if len(now) > 1 else ""
            text = f"♪ {ALARM_SIGNS[now[0].level]} {now[0].sentence(words.language)}{more}"
            repolish(self.rings, "late" if now[0].level is AlarmLevel.CRITICAL else "attention")
        self.rings.setText(text)
        self.rings_key.setText(words("band.silence", keys=key_typing("tat")))
        for label in (self.rings, self.rings_key):
            self._want(label, bool(now))

    def _back(self) -> None:
        """The data is fresh again: the red goes at once, not with the next second."""
        if self.age.objectName() == "late":
            self._tell_age()

    def refresh(self) -> None:
        self._all_of(self._tell)

    def _all_of(self, tell: Callable[[], None]) -> None:
        """What is told, and then once what there is room for."""
        self._telling = True
        try:
            tell()
        finally:
            self._telling = False
        self._fit()

    def _tell(self) -> None:
        desk, words, state = self._desk, self._desk.words, self._desk.state
        waiting = [call for call in state.calls.values() if waits(call)]
        for place, code in enumerate(state.site.services):
            if code not in self.waiting:
                self.waiting[code] = WaitingLabel(desk, self._look, code, self.inside)
                self._row.insertWidget(place, self.waiting[code])
            self.waiting[code].refresh(waiting)
        hour = this_hour(state, desk.now())
        in_time, total = hour.within_15, hour.answered + hour.given_up
        limit = ANSWER_MS // 1000
        share = f"{in_time * 100 // total}%" if total else "—"
        self.answered.setText(f"{words('band.answered', limit=limit)}  {share}")
        self.simulated.setText(words("band.simulated"))
        self._want(self.simulated, any(node.simulated for node in state.nodes.values()))
        self.surge.setText(surge_in_short(state, words, desk.now()))
        self._want(self.surge, state.surge is not None)
        self.person.setText(f"{desk.name}, {words(f'role.{desk.role.value}')}")
        takes_calls = desk.role is not Role.TELEPHONY_ADMIN
        seated = bool(desk.position)
        seat = state.positions.get(desk.position)
        told = words("band.position", position=desk.position) if seated else words("band.no_position")
        self.ear.setText(heard_at(state, desk.position, words.language))
        self._want(self.ear, bool(self.ear.text()))
        ready = seat is None or seat.duty.state is DutyState.READY
        self.seat.setText(f"{told}   {duty_words(desk, seat)}" if seat is not None else told)
        self.seat_key.setText(words("band.take" if not seated else "band.away" if ready else "band.ready"))
        for label in (self.seat, self.seat_key):
            self._want(label, takes_calls)
        supervises = not seated and desk.role is not Role.DISPATCHER
        repolish(self.seat, "" if seated and ready else "dim" if supervises else "attention")
        self._tell_waiting()
        self._tell_age()
        self._tell_bell()
        self.clock.setText(wall_clock(desk.now(), state.site.utc_offset_min))

    def tell_paper(self, printing: Printing) -> None:
        """When the board was last on paper; that it could not be is said until it is again."""
        words, failed = self._desk.words, bool(printing.last.problem)
        at = wall_clock(printing.last_at, self._desk.state.site.utc_offset_min, "%H:%M")
        self.paper.setText(words("band.paper_failed") if failed else words("band.paper", at=at))
        self.paper.setToolTip(printing.last.problem or words("band.paper_tip", file=printing.last.file))
        self._want(self.paper, failed or printing.last_at > 0)
        repolish(self.paper, "late" if failed else "dim")

    def _tell_waiting(self) -> None:
        count = len(self._desk.outbox.waiting)
        self.waits.setText(self._desk.words("band.waiting", count=count))
        self.waits.setToolTip(self._desk.words("band.waiting_tip"))
        self._want(self.waits, count > 0)

    def _tell_age(self) -> None:
        age = self._desk.age()
        words = self._desk.words
        text = words("band.no_data") if age is None else words("band.age", age=seconds(age, words.language))
        self.age.setText(text)
        health = self._desk.health
        self.dropped.setText(words("band.dropped", count=health.dropped))
        self._want(self.dropped, health.dropped > 0)
        repolish(self.age, "late" if age is None or age >= STALE_S else "dim")


class Banner(QFrame):
    """Red across the screen while what it shows may not be the truth; it says why and what that means."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("banner")
        self.title = plain_label(self, FORM, strong=True)
        self.why = plain_label(self, FORM)
        self.why.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.title)
        row.addWidget(self.why, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.addLayout(row)
        desk.health_changed.connect(self.refresh)
        desk.ticked.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        title, why = self._trouble()
        self.title.setText(title)
        self.why.setText(why)
        self.setVisible(bool(title))

    def _trouble(self) -> tuple[str, str]:
        """What is wrong now, the worst first; two empty texts where nothing is."""
        health, words, age = self._desk.health, self._desk.words, self._desk.age()
        if health.wrong_version is not None:
            return words("stale.version"), health.wrong_version.sentence(words.language)
        silent = age is None or age >= STALE_S
        if silent or health.needs_snapshot:
            title = words("stale.never") if age is None else words("stale.banner", age=seconds(age, words.language))
            return title, self._why(silent)
        if health.read_only:
            return words("read_only.banner"), ""
        return "", ""

    def _why(self, silent: bool) -> str:
        health, words = self._desk.health, self._desk.words
        if health.problem == "denied":
            return words("stale.denied")
        if not health.connected:
            return words("stale.disconnected")
        if silent:
            return words("stale.silent")
        return words("stale.resync", why=words(f"why.{health.needs_snapshot}"))
