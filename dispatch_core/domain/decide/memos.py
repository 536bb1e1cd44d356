"""Notes to another desk: who gets one, who has read it; and consoles that cannot sound."""

from __future__ import annotations

from dispatch_core.domain.commands import FileMemo, ReadMemo, SendMemo, TellSound
from dispatch_core.domain.decide.incidents import not_a_desk, too_long
from dispatch_core.domain.decide.story import Story, rule, service_named
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import MemoFiled, MemoRead, MemoSent, SoundTold
from dispatch_core.domain.memos import MEMO_LIMIT, MEMOS_KEPT, UNREAD_OF_ONE, is_over, unread_by
from dispatch_core.domain.plain_text import plain
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import MemoTo, Role


@rule(SendMemo)
def send_memo(story: Story, body: SendMemo) -> Refusal | None:
    state = story.state
    if not body.text.strip():
        return refuse("empty_text")
    no = too_long(body.text, MEMO_LIMIT)
    if no is not None:
        return no
    if body.incident and body.incident not in state.incidents:
        return refuse("unknown_incident", incident=body.incident)
    if body.unit and body.unit not in state.units:
        return refuse("unknown_unit", unit=body.unit)
    readers = _readers(story, body)
    if isinstance(readers, Refusal):
        return readers
    unread = sum(it.user == story.user and it.unread for it in state.memos.values())
    if unread >= UNREAD_OF_ONE:
        return refuse("memos_unread", count=unread)
    if len(state.memos) >= MEMOS_KEPT:
        read = [it for it in state.memos.values() if not it.unread]
        if not read:
            return refuse("memos_full", limit=MEMOS_KEPT)
        story.happen(MemoFiled(memo=min(read, key=lambda it: (it.read_at, it.id)).id))
    answered = state.memos.get(body.answers)
    person = state.people[story.user]
    if answered is not None and unread_by(answered, person):
        story.happen(MemoRead(memo=answered.id, user=person.user, position=person.position))
    story.happen(
        MemoSent(
            memo=story.asked.id, user=story.user, kind=body.kind, readers=readers,
            name="" if body.kind is MemoTo.LEAD else body.name,  # nobody is named there, and nothing unbounded kept
            incident=body.incident, unit=body.unit, answers=answered.id if answered is not None else "",
            text=plain(body.text.strip(), MEMO_LIMIT),
        )
    )  # fmt: skip
    return None


def _readers(story: Story, body: SendMemo) -> tuple[str, ...] | Refusal:
    """The users whom it is for; of a position nobody by name: it stays with the seat."""
    state, me, name = story.state, story.user, body.name
    if body.kind is MemoTo.PERSON:
        return refuse("memo_to_self") if name == me else not_a_desk(story, name) or (name,)
    if body.kind is MemoTo.POSITION:
        seat = state.positions.get(name)
        if seat is None:
            return refuse("unknown_position", position=name)
        if seat.user == me:
            return refuse("own_position")
        return () if seat.user else refuse("nobody_there", position=name)
    if body.kind is MemoTo.SERVICE:
        if name not in state.site.services:
            return refuse("unknown_service", service=name)
        seated = (it.user for it in state.positions.values() if name in it.services)
        found = tuple(sorted({it for it in seated if it and it != me}))
        return found or refuse("nobody_at_service", service=service_named(state, name))
    leads = (it.user for it in state.people.values() if it.role is Role.SUPERVISOR)
    return tuple(sorted(it for it in leads if it != me)) or refuse("nobody_leads")


@rule(ReadMemo)
def read_memo(story: Story, body: ReadMemo) -> Refusal | None:
    memo = story.state.memos.get(body.memo)
    person = story.state.people[story.user]
    if memo is None or not unread_by(memo, person):
        return refuse("memo_gone")
    story.happen(MemoRead(memo=memo.id, user=person.user, position=person.position))
    return None


@rule(FileMemo)
def file_memo(story: Story, body: FileMemo) -> Refusal | None:
    memo = story.state.memos.get(body.memo)
    if memo is None or not is_over(memo, story.now):
        return NOTHING
    story.happen(MemoFiled(memo=memo.id))
    return None


@rule(TellSound)
def tell_sound(story: Story, body: TellSound) -> Refusal | None:
    if body.works is not bool(story.state.people[story.user].deaf_since):
        return refuse("already_so")
    story.happen(SoundTold(user=story.user, works=body.works))
    return None
