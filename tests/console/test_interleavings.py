"""Two people at one incident in every order that hypothesis thinks of: who types, enters, drops, reads, and sees late.

What must hold: what somebody typed stands in the field and among the drafts until it was taken or dropped by his own
key; nothing is overwritten that its author had not seen or been told of, long enough to be read; every note is there,
once, in the order in which it was given; in the end both see the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console_gui.call_taking.address_field import AddressField
from console_gui.call_taking.guarded_field import READ_S, GuardedField
from console_gui.call_taking.priority_field import PriorityField
from console_gui.call_taking.type_field import TypeField
from console_gui.command_line.tokens import plain_line
from console_gui.dispatching.narrative import Narrative
from console_gui.drafts import NOTE, Drafts
from console_gui.hands import press
from dispatch_core.domain import commands as c
from dispatch_core.wire.envelopes import Order
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night, busy_night

CRASH = "20261123-00001"
TEXTS = {
    "type": ("chay nha", "cuop", "danh nhau"),
    "place": ("10.77, 106.69", "10.80, 106.71", "10.75, 106.66"),
    "priority": ("P2", "4", "5"),
    NOTE: ("lửa lớn", "có trẻ em", "hết xăng"),
}


@dataclass
class Hand:
    """One person with the four fields, without a window round them."""

    local: LocalDesk
    drafts: Drafts
    fields: dict[str, GuardedField]
    narrative: Narrative
    mine: dict[str, str] = field(default_factory=dict)  # what was typed and neither taken nor dropped
    knew: dict[str, set[str]] = field(default_factory=dict)  # versions that were on the screen long enough

    @property
    def user(self) -> str:
        return self.local.desk.user

    def incident(self) -> Any:
        return self.local.desk.state.incidents[CRASH]

    def show(self) -> None:
        for it in self.fields.values():
            it.show_incident(self.incident())
        self.narrative.show_incident(self.incident())

    def type(self, name: str, text: str) -> None:
        line = self.narrative.field if name == NOTE else self.fields[name].field
        line.selectAll()
        press(line, Qt.Key.Key_Delete)
        for letter in text:
            QTest.keyClicks(line, letter) if letter.isascii() else line.insert(letter)
        if name == NOTE:
            self.narrative._keep(line.text())
        self.mine[name] = text

    def stands(self, name: str) -> str:
        line = self.narrative.field if name == NOTE else self.fields[name].field
        return line.text()


@pytest.fixture
def hands(qapp: QApplication, look: Any) -> Iterator[Any]:
    made: list[Hand] = []

    def begin() -> tuple[Night, Hand, Hand]:
        end()
        night = busy_night()
        for user in ("lan", "minh"):
            local = LocalDesk(night, user).begin()
            local.desk._clock.stop()
            drafts = Drafts()
            desk = local.desk
            parts: tuple[GuardedField, ...] = (
                TypeField(desk, drafts), AddressField(desk, drafts), PriorityField(desk, drafts)
            )  # fmt: skip
            hand = Hand(local, drafts, {it.name: it for it in parts}, Narrative(desk, look, drafts))
            desk.updated.connect(hand.show)
            hand.show()
            made.append(hand)
        return night, made[0], made[1]

    def end() -> None:
        for hand in made:
            for it in (*hand.fields.values(), hand.narrative):
                it.deleteLater()
        made.clear()

    yield begin
    end()


def version(night: Night, name: str) -> str:
    incident = night.state.incidents[CRASH]
    return {"type": incident.type, "place": str(incident.location_version), "priority": str(incident.priority)}[name]


ONE = st.tuples(
    st.integers(0, 1), st.sampled_from(["type", "enter", "give", "see", "read", "drop"]), st.integers(0, 2)
)
ACTS = st.fixed_dictionaries({name: st.lists(ONE, max_size=9) for name in TEXTS})
"""Of each field what is done in it; ``give`` types and enters in one breath. The fields' lists are laced together."""


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_in_whatever_order_nothing_is_lost_and_nothing_is_overwritten_unseen(
    hands: Any, acts: dict[str, list[Any]]
) -> None:
    night, *both = hands()
    notes: list[str] = []
    laced = [(name, *one) for step in zip_longest(*([(n, it) for it in acts[n]] for n in TEXTS)) for name, one in
             filter(None, step)]  # fmt: skip
    for name, who, act, which in laced:
        hand = both[who]
        it = hand.fields.get(name)
        if act in ("type", "give"):
            hand.type(name, TEXTS[name][which])
        if act == "see":  # only now does this console hear what the other one did
            hand.local.link.pulse(hand.local.door.at)
            hand.local.link.show()
        elif act == "read":
            hand.local.door.at += READ_S
            hand.local.link.pulse(hand.local.door.at)  # the core is there meanwhile
        elif act == "drop" and it is not None:
            it.field.close_list()
            press(it.field, Qt.Key.Key_Escape)
            hand.mine.pop(name, None)
        elif act in ("enter", "give") and name == NOTE:
            text = plain_line(hand.narrative.field.text())
            press(hand.narrative.field, Qt.Key.Key_Return)
            if text:
                notes.append(text)
                assert night.state.incidents[CRASH].notes[-1].text == text
                hand.mine.pop(NOTE, None)
        elif act in ("enter", "give") and it is not None:
            _enter(night, hand, it)
        for one in both:
            for key, text in one.mine.items():
                assert one.stands(key) == text or key == "type" and one.fields["type"].edited, (one.user, key)
                assert one.drafts.get(CRASH, key)
    for one in both:
        one.local.link.show()
    typed = [it.text for it in night.state.incidents[CRASH].notes if it.kind == "note"]
    assert typed[-len(notes) :] == notes if notes else True
    assert both[0].incident() == both[1].incident() == night.state.incidents[CRASH]
    for name in ("type", "place", "priority"):
        shown = {one.stands(name) for one in both if name not in one.mine}
        assert len(shown) <= 1, (name, shown)


def _enter(night: Night, hand: Hand, it: GuardedField) -> None:
    """Whatever becomes of it: only what was seen, or told long enough, is overwritten."""
    name = it.name
    now = version(night, name)
    on_screen = it.version(hand.incident())
    told, since = it._told
    seen = {it.seen} | ({told} if told == on_screen and hand.local.door.at - since >= READ_S else set())
    before, was_modified = len(hand.local.link.orders), it.field.isModified()
    it.field.close_list()
    press(it.field, Qt.Key.Key_Return)
    sent: list[Order] = hand.local.link.orders[before:]
    for order in sent:
        assert isinstance(order.body, c.SetType | c.Locate | c.SetPriority)
        if night.state.seq and version(night, name) != now:
            assert now in seen, (name, now, seen)  # the value that it replaced
    if sent and not it.field.isModified():
        hand.mine.pop(name, None)
    assert was_modified or not sent, "Enter in a field that nobody typed in does nothing"
