"""Commands keep their id until a reply; sending again is bounded and slows down."""

from __future__ import annotations

from console_gui.door import SystemDoor
from console_gui.limits import PENDING_MOST, RESEND_FIRST_S
from console_gui.outbox import Outbox
from dispatch_core.domain.commands import AddNote, TellSound
from dispatch_core.domain.refusals import refuse
from dispatch_core.wire.envelopes import Order, Reply, decode
from tests.console.doors import HandDoor

NOTE = AddNote(incident="20261123-00001", text="khói đen")


def test_the_same_id_and_bytes_are_sent_again_until_the_reply() -> None:
    door = HandDoor()
    box = Outbox("session", door)
    first = box.put(NOTE, "n khói đen")
    assert first is not None
    assert decode(first.data, Order).body == NOTE
    assert box.overdue() == []
    door.at += RESEND_FIRST_S
    assert [again.data for again in box.overdue()] == [first.data]
    door.at += RESEND_FIRST_S
    assert box.overdue() == []
    door.at += RESEND_FIRST_S
    assert len(box.overdue()) == 1
    assert [again.id for again in box.everything()] == [first.id]
    settled = box.settle(Reply(id=first.id, seq=9))
    assert settled is not None and settled.typed == "n khói đen"
    assert box.settle(Reply(id=first.id, seq=9)) is None
    assert not box.pending


def test_too_many_unanswered_are_not_taken() -> None:
    box = Outbox("session", HandDoor())
    for _ in range(PENDING_MOST):
        assert box.put(NOTE) is not None
    assert box.put(NOTE) is None


def test_ids_are_uuid7_and_sort_by_time() -> None:
    door = SystemDoor()
    ids = [door.new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    for ident in ids:
        assert len(ident) == 32 and ident[12] == "7" and ident[16] in "89ab"
    assert [i[:12] for i in ids] == sorted(i[:12] for i in ids)
    assert 0 <= door.jitter() <= 1


def test_one_that_the_core_cannot_judge_yet_is_asked_again() -> None:
    """Too old, while the core's database is away: the person was told that it is asked again, and so it is."""
    door = HandDoor()
    box = Outbox("s", door)
    pending = box.put(AddNote(incident="i", text="x"), at=1)
    assert pending is not None
    assert box.settle(Reply(id=pending.id, refusal=refuse("unsettled"))) is None
    door.at += RESEND_FIRST_S
    assert [it.id for it in box.overdue()] == [pending.id]
    assert box.settle(Reply(id=pending.id, refusal=refuse("too_old", age=70, limit=60))) is not None
    assert not box.pending


def test_what_the_console_tells_of_itself_is_never_put_before_a_person() -> None:
    box = Outbox("s", HandDoor())
    own = box.put(TellSound(works=False))
    typed = box.put(AddNote(incident="1", text="x"), "ss")
    assert own is not None and typed is not None
    box.cut()
    assert list(box.pending) == [typed.id]
    other = box.put(TellSound(works=False))
    assert other is not None
    box.unsent(other.id)
    assert list(box.pending) == [typed.id]
    assert list(Outbox("s", HandDoor(), kept=(own,)).pending) == []
