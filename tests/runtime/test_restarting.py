"""A restart, step by step, on nodes that are made up: who is emptied when, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from msgspec.structs import replace

from dispatch_core.domain.commands import Command, DrainNode, ProbeSeen
from dispatch_core.domain.state import Alarm, Node, Site, State
from dispatch_core.domain.vocabulary import AlarmLevel
from dispatch_core.main.trunk import restarting
from dispatch_core.main.trunk.jobs import Job, Jobs
from dispatch_core.main.trunk.restarting import Restarts
from dispatch_core.ports import ActionFailed, Probed
from dispatch_core.ports.trunk import AgentFailed
from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.wire.trunk import JobState, RestartWanted

ONE, TWO = "pbx1", "pbx2"


class Switch:
    """``told``: every drain, in order; ``channels``: what `busy` gives, the last one for ever."""

    def __init__(self, centre: Centre, node: str) -> None:
        self._centre, self._node = centre, node
        self.told: list[tuple[int, bool]] = []
        self.channels = [0]
        self.silent: set[str] = set()
        self.answering = frozenset({"viettel", "B01"})
        self.up = True

    async def drain(self, seconds: int, *, everybody: bool = False) -> None:
        self.must_be_up()
        self.told.append((seconds, everybody))
        self._centre.story.append(f"{self._node} {'shut' if everybody else 'drain'} {seconds}")

    async def busy(self) -> int:
        self.must_be_up()
        return self.channels.pop(0) if len(self.channels) > 1 else self.channels[0]

    def reachable(self) -> frozenset[str]:
        return self.answering if self.up else frozenset()

    async def probe(self, number: str, token: str) -> Probed:
        self.must_be_up()
        return Probed(number="" if number in self.silent else number, ready=1)

    def must_be_up(self) -> None:
        if not self.up:
            raise ActionFailed("any", "no contact", unknown=True)


class Agent:
    def __init__(self, centre: Centre, node: str) -> None:
        self._centre, self._node = centre, node
        self.fails = False
        self.comes_back = True
        self.loses: frozenset[str] = frozenset()
        self.gone_after = 1_000
        self.asked_at: list[int] = []

    async def taken(self, ports: object) -> tuple[()]:
        self.asked_at.append(len(self._centre.story))
        self.gone_after -= 1
        if self.gone_after < 0:
            raise AgentFailed("agent_gone", "Agent không trả lời.", "The agent does not answer.")
        return ()

    async def restart(self) -> None:
        self._centre.story.append(f"{self._node} restart")
        if self.fails:
            raise AgentFailed("agent", "Không làm được.", "Not done.")
        board = self._centre.boards[self._node]
        board.up, board.answering = self.comes_back, board.answering - self.loses
        self._centre.node(self._node, up=self.comes_back, booted="again")


class Centre:
    def __init__(self, *names: str) -> None:
        self.state = State(
            site=Site(name="x", services={}, numbers={"113": (), "114": ()}),
            nodes={name: Node(id=name, up=True, booted="first") for name in names},
        )
        self.story: list[str] = []
        self.boards = {name: Switch(self, name) for name in names}
        self.agents = {name: Agent(self, name) for name in names}
        self.clock = SystemClock()
        self.ids = SystemIds(self.clock)
        self.restarts = Restarts(
            self.boards, self.agents, lambda: self.state, self._tell, self.clock, self.ids,  # type: ignore[arg-type]
        )  # fmt: skip

    def node(self, name: str, **what: Any) -> None:
        self.state = replace(self.state, nodes={**self.state.nodes, name: replace(self.state.nodes[name], **what)})

    def alarm(self, subject: str) -> None:
        kind, level = "number_silent", AlarmLevel.CRITICAL
        alarm = Alarm(key=f"{kind}:{subject}", kind=kind, subject=subject, level=level, raised_at=1)
        self.state = replace(self.state, alarms={alarm.key: alarm})

    async def _tell(self, body: Command) -> None:
        if isinstance(body, ProbeSeen):
            left = {key: it for key, it in self.state.alarms.items() if it.subject != f"{body.number}@{body.node}"}
            self.state = replace(self.state, alarms=left)
            return
        assert isinstance(body, DrainNode)
        self.node(body.node, draining=body.on)
        self.story.append(f"{body.node} {'emptied' if body.on else 'open'}")

    def play(self, meanwhile: Callable[[Jobs, Job], Coroutine[Any, Any, None]] | None = None, **wanted: Any) -> Job:
        async def over() -> Job:
            async def ended(_: Job) -> None:
                return

            jobs = Jobs(self.clock, self.ids, ended)
            asked = RestartWanted(**{"node": ONE, **wanted})
            job = jobs.start("restart", "hung", lambda job: self.restarts(asked, job))
            if meanwhile is not None:
                await meanwhile(jobs, job)
            async with asyncio.timeout(10):
                return await jobs.over(job)

        return asyncio.run(over())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_EVERY_S", "CLOSED_AFTER_S", "DRAIN_RENEW_S"):
        monkeypatch.setattr(restarting, name, 0.01)
    for name in ("BACK_WITHIN_S", "REACHED_WITHIN_S", "PROBE_AGAIN_S"):
        monkeypatch.setattr(restarting, name, 0.1)


@pytest.fixture
def centre() -> Centre:
    return Centre(ONE, TWO)


async def until(held: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not held():
            await asyncio.sleep(0.005)


def test_it_is_emptied_then_shut_then_restarted_then_opened(centre: Centre) -> None:
    centre.boards[ONE].channels = [2, 1, 0]
    job = centre.play()
    assert job.state is JobState.DONE, job.why
    story = [it for it in centre.story if it != f"{ONE} drain 8"]
    assert story == [
        f"{ONE} emptied", f"{ONE} shut 5", f"{ONE} restart", f"{ONE} shut 0", f"{ONE} drain 0", f"{ONE} open"
    ]  # fmt: skip
    assert centre.story.index(f"{ONE} drain 8") < centre.story.index(f"{ONE} shut 5")
    assert [it.code for it in job.steps] == [
        "others", "drains", "calls_end", "nobody", "restart", "back", "numbers", "reached", "serves"
    ]  # fmt: skip
    assert all(it.ok for it in job.steps)


def test_somebody_who_was_let_in_at_the_last_moment_is_not_cut_off(centre: Centre) -> None:
    centre.boards[ONE].channels = [0, 1, 1, 0]
    assert centre.play().state is JobState.DONE
    assert centre.story.index(f"{ONE} shut 0") < centre.story.index(f"{ONE} restart")
    assert centre.boards[ONE].told.count((5, True)) == 2


@pytest.mark.parametrize("why", ["down", "draining", "silent"])
def test_without_another_node_that_answers_nobody_is_turned_away(centre: Centre, why: str) -> None:
    if why == "down":
        centre.node(TWO, up=False)
    elif why == "draining":
        centre.node(TWO, draining=True)
    else:
        centre.boards[TWO].silent = {"114"}
    job = centre.play()
    assert job.state is JobState.REFUSED and "nhận được cuộc gọi thay" in job.why[0]
    assert centre.story == []


def test_an_alarm_of_before_does_not_count_where_the_number_is_heard_now(centre: Centre) -> None:
    centre.alarm(f"113@{TWO}")
    assert centre.play().state is JobState.DONE
    assert not centre.state.alarms


@pytest.mark.parametrize("how", ["down", "silent", "alarmed"])
def test_the_node_takes_callers_the_moment_the_other_goes(centre: Centre, how: str) -> None:
    centre.boards[ONE].channels = [1]

    async def goes(_: Jobs, job: Job) -> None:
        await until(lambda: len(centre.boards[ONE].told) >= 3)  # said anew and anew
        if how == "down":
            centre.node(TWO, up=False)
        elif how == "silent":
            centre.boards[TWO].silent = {"113", "114"}
        else:
            centre.alarm(f"113@{TWO}")

    job = centre.play(goes)
    assert job.state is JobState.REFUSED and "Không còn tổng đài nào khác" in job.why[0]
    assert f"{ONE} restart" not in centre.story and centre.story[-1] == f"{ONE} open"
    assert centre.boards[ONE].told[-1] == (0, False) and not centre.state.nodes[ONE].draining


def test_a_person_gives_the_node_back(centre: Centre) -> None:
    centre.boards[ONE].channels = [1]

    async def stop(jobs: Jobs, job: Job) -> None:
        await until(lambda: centre.boards[ONE].told)
        jobs.stop(job.ident)

    job = centre.play(stop)
    assert job.state is JobState.STOPPED
    assert f"{ONE} restart" not in centre.story and centre.story[-1] == f"{ONE} open"


def test_patience_ends(centre: Centre) -> None:
    centre.boards[ONE].channels = [1]
    job = centre.play(patience_s=0)
    assert job.state is JobState.REFUSED and "Hết thời gian chờ" in job.why[0]
    assert f"{ONE} restart" not in centre.story and centre.story[-1] == f"{ONE} open"


def test_an_agent_that_cannot_leaves_the_node_as_it_was(centre: Centre) -> None:
    centre.agents[ONE].fails = True
    job = centre.play()
    assert job.state is JobState.REFUSED and "nhận cuộc gọi như cũ" in job.why[0]
    assert centre.story[-1] == f"{ONE} open"


def test_a_node_that_does_not_come_back_is_said_to_be_looked_at_at_once(centre: Centre) -> None:
    centre.agents[ONE].comes_back = False
    job = centre.play()
    assert job.state is JobState.BROKEN and "không lên lại" in job.why[0]
    assert centre.story[-1] == f"{ONE} open"


def test_who_is_missed_after_it_is_named_and_callers_are_taken_all_the_same(centre: Centre) -> None:
    centre.agents[ONE].loses = frozenset({"B01"})
    job = centre.play()
    assert job.state is JobState.DONE
    (step,) = [it for it in job.steps if it.code == "reached"]
    assert step.ok is False and "B01" in step.vi


def test_the_only_node_must_be_confirmed_by_its_name_and_turns_nobody_away() -> None:
    centre = Centre(ONE)
    with pytest.raises(TrunkRefused) as refused:
        centre.restarts.check(RestartWanted(node=ONE))
    assert refused.value.code == "restart_alone" and "giây không ai gọi vào được" in refused.value.vi
    with pytest.raises(TrunkRefused):
        centre.restarts.check(RestartWanted(node="pbx9", confirm="pbx9"))
    centre.boards[ONE].channels = [1, 1, 0]
    assert centre.play(confirm=ONE).state is JobState.DONE
    assert f"{ONE} drain 8" not in centre.story and f"{ONE} restart" in centre.story


def test_a_node_without_contact_is_left_alone(centre: Centre) -> None:
    centre.boards[ONE].up = False
    job = centre.play()
    assert job.state is JobState.REFUSED and "mất liên lạc" in job.why[0] and centre.story == []


@pytest.mark.parametrize("after", [0, 1])
def test_nobody_is_sent_on_for_an_agent_that_is_not_there(after: int) -> None:
    """Before the node is emptied, and again before it is shut: what takes longer than that would let calls in."""
    centre = Centre(ONE, TWO)
    centre.agents[ONE].gone_after = after
    job = centre.play()
    assert job.state is JobState.REFUSED and "agent" in job.why[1]
    assert len(centre.agents[ONE].asked_at) == after + 1
    assert f"{ONE} restart" not in centre.story and not centre.state.nodes[ONE].draining
    assert not any(" shut " in it and not it.endswith(" 0") for it in centre.story)
    assert (f"{ONE} emptied" in centre.story) is (after == 1)


def test_the_agent_answers_right_before_the_node_is_shut() -> None:
    centre = Centre(ONE, TWO)
    assert centre.play().state is JobState.DONE
    shut = next(at for at, it in enumerate(centre.story) if it.startswith(f"{ONE} shut"))
    assert centre.agents[ONE].asked_at == [0, shut]


@pytest.mark.parametrize("patience", [-1, 10**400], ids=["none", "for ever"])
def test_a_patience_that_nobody_has_is_refused(patience: int) -> None:
    with pytest.raises(TrunkRefused) as no:
        Centre(ONE, TWO).restarts.check(RestartWanted(node=ONE, patience_s=patience))
    assert no.value.code == "bad_patience"
