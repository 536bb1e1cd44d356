"""Calling back: an intent with its channel's id chosen beforehand, ordered once, never repeated by itself."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.commands import CallBack, CallBackFailed, CallBackOver
from dispatch_core.domain.decide.aftermath import after_answer, call_back_ended, calm, lines_of
from dispatch_core.domain.decide.calls import busy_with
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.decide.switch import NOTHING, end
from dispatch_core.domain.events import CallBackAsked, CallBackUnsure, IncidentReceived, IncidentTaken
from dispatch_core.domain.made_up import apart
from dispatch_core.domain.numbers import digits, same_subscriber, typed
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import CallBackOutcome, Direction, EndedBy

PREFIX = "cb"
"""Before the id of the command: the id of the call and of its first channel."""


class Whom(Struct, frozen=True, kw_only=True):
    """Who is called back, about what. ``incident`` "" = none of today's; ``opens`` = then it gets a new one."""

    number: str
    services: tuple[str, ...]
    dialled: str = ""
    node: str = ""
    of: str = ""
    line: str = ""
    incident: str = ""
    opens: bool = True


@rule(CallBack)
def call_back(story: Story, body: CallBack) -> Refusal | None:
    person = story.state.people[story.user]
    if not person.position:
        return refuse("no_position")
    whom = _whom(story, body, person.position)
    if isinstance(whom, Refusal):
        return whom
    node = _node(story.state, whom.node)
    shown = body.shown or whom.dialled or _number_of(story.state, whom.services)
    no = (
        _live_again(story.state, whom.number, node)
        or busy_with(story.state, person.position)
        or (None if node else refuse("no_switch"))
        or (None if shown in story.state.site.numbers else refuse("unknown_service_number", number=shown))
    )
    if no is not None:
        return no
    _ask(story, whom, person.position, node, shown)
    return None


def _ask(story: Story, whom: Whom, position: str, node: str, shown: str) -> None:
    ident = PREFIX + story.asked.id
    line = story.state.missed.get(whom.line)
    story.happen(
        CallBackAsked(
            call=ident, node=node, position=position, user=story.user, shown=shown, services=whom.services,
            of=whom.of, line=whom.line, incident=whom.incident, number=whom.number,
        )
    )  # fmt: skip
    if line is not None:
        calm(story, line)
    if not whom.incident and whom.opens:
        day, count, incident = next_incident(story.state, story.now)
        story.happen(IncidentReceived(incident=incident, day=day, count=count, call=ident, services=whom.services))
        story.happen(IncidentTaken(incident=incident, user=story.user))


def _whom(story: Story, body: CallBack, position: str) -> Whom | Refusal:
    if sum(map(bool, (body.call, body.missed, body.number))) != 1:
        return refuse("say_whom")
    if body.number:
        return _typed(story.state, body, position)
    found = _missed(story.state, body.missed) if body.missed else _caller(story.state, body.call)
    if isinstance(found, Whom) and not digits(found.number):
        return refuse("number_hidden")
    return found


def _typed(state: State, body: CallBack, position: str) -> Whom | Refusal:
    number = typed(body.number)
    if not number:
        return refuse("bad_number")
    if body.incident:
        incident = open_incident(state, body.incident)
        if isinstance(incident, Refusal):
            return incident
    return Whom(number=number, services=state.positions[position].services, incident=body.incident, opens=False)


def _missed(state: State, ident: str) -> Whom | Refusal:
    line = state.missed.get(ident)
    if line is None:
        return missed_gone(state, ident)
    newest = state.calls.get(line.calls[-1])  # it may be in another incident by now
    incident = newest.incident if newest is not None else line.incident
    return Whom(
        number=line.number, services=line.services, dialled=line.dialled, node=line.node, of=line.calls[-1],
        line=line.id, incident=_open(state, incident),
    )  # fmt: skip


def _caller(state: State, ident: str) -> Whom | Refusal:
    call = state.calls.get(ident)
    if call is None:
        return refuse("unknown_call", call=ident)
    lines = (line.id for line in lines_of(state, call.number, call.node))
    return Whom(
        number=call.number, services=call.services, dialled=call.dialled, node=call.node, of=call.id,
        line=next(lines, ""), incident=_open(state, call.incident),
    )  # fmt: skip


def _open(state: State, incident: str) -> str:
    """What is about a closed incident begins a new one."""
    return "" if isinstance(open_incident(state, incident), Refusal) else incident


def missed_gone(state: State, ident: str) -> Refusal:
    """Whoever comes second to a line is told who was first."""
    done = state.missed_done.get(ident)
    return refuse("missed_gone", user=done.user) if done is not None and done.user else refuse("missed_none")


def _node(state: State, wanted: str) -> str:
    """The caller's own switch if it is there, else another one, a real one for a real caller; "" where none is.

    One that is being emptied only where there is no other."""
    up = sorted(ident for ident, node in state.nodes.items() if node.up)
    stays = [ident for ident in up if not state.nodes[ident].draining]
    return _alike(state, stays, wanted) or _alike(state, up, wanted)


def _alike(state: State, nodes: list[str], wanted: str) -> str:
    if wanted in nodes:
        return wanted
    alike = [ident for ident in nodes if not apart(state, ident, wanted)]
    return next(iter(alike if alike or wanted else nodes), "")


def _number_of(state: State, services: tuple[str, ...]) -> str:
    """The service number that leads to the first of these services, else any."""
    own = [number for number, codes in sorted(state.site.numbers.items()) if set(codes) & set(services[:1])]
    return next(iter(own or sorted(state.site.numbers)), "")


def _live_again(state: State, number: str, node: str) -> Refusal | None:
    for ident, call in sorted(state.calls.items()):
        if not call.state.live or apart(state, call.node, node):
            continue
        if not same_subscriber(call.number, number, state.site.country_code):
            continue
        if call.direction is Direction.INCOMING:
            return refuse("caller_is_live", incident=call.incident or ident)
        run = call.back
        return refuse("being_called_back", user=run.user if run else "", position=run.position if run else call.node)
    return None


# --- outcomes ---------------------------------------------------------------------------------------------------------


def _underway(story: Story, ident: str) -> Call | None:
    """The call-back if nothing says yet that the switch has it."""
    call = story.state.calls.get(ident)
    if call is None or call.back is None or not call.state.live:
        return None
    return call if not (call.back.dialled_at or call.talks or call.back.outcome) else None


@rule(CallBackFailed)
def call_back_failed(story: Story, body: CallBackFailed) -> Refusal | None:
    """An order that was refused rang nobody. One whose answer was lost is looked for at the switch, for a while."""
    call = _underway(story, body.call)
    if call is None or call.back is None:
        return NOTHING
    if body.why == "refused":
        call_back_ended(story, call, CallBackOutcome.REFUSED)
        end(story, call, story.now, EndedBy.UNREACHED, 0)
    elif not call.back.unsure_at:
        story.happen(CallBackUnsure(call=call.id, why=body.why))
    elif body.why == "no_outcome":
        end(story, call, story.now, EndedBy.SWITCH_LOST, 0)
    else:
        return NOTHING
    return None


@rule(CallBackOver)
def call_back_over(story: Story, body: CallBackOver) -> Refusal | None:
    """That somebody was reached outweighs everything else that is told."""
    call = story.state.calls.get(body.call)
    if call is None or call.direction is not Direction.OUTGOING:
        return NOTHING
    known = call.back.outcome if call.back is not None else None
    if known in (body.outcome, CallBackOutcome.REACHED) or (call.answered_at and body.outcome is not known):
        return NOTHING
    if body.outcome is CallBackOutcome.REACHED:
        after_answer(story, call.id, call.back.position if call.back is not None else "")
    else:
        call_back_ended(story, call, body.outcome)
    return None
