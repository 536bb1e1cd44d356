"""The keeper on switches that are made up: agents, a history in memory, boards that know what was reloaded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dispatch_core.domain.commands import Command, ConfigureSite, NoteTrunk
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk import applying, keeper, verdicts
from dispatch_core.main.trunk.jobs import Job
from dispatch_core.main.trunk.keeper import Keeper
from dispatch_core.main.trunk.nodes import Node
from dispatch_core.main.trunk.opening import opened
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.ports import ActionFailed
from dispatch_core.ports.trunk_history import Change
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.settings import NodeSettings, SenderSettings, Settings
from dispatch_core.wire.trunk import ApplyWanted, Candidate, Edit, JobShown, JobState, Planned
from scripts.stage.site import DEMO
from telephony.carrier_answers import CarrierAnswers
from telephony.sip_answers import SipAnswers
from telephony.trunk.site import Site
from tests.contracts.memory_node_agent import MemoryNodeAgent
from tests.contracts.memory_trunk_history import MemoryHistory

SECOND = Edit(section="carriers", entry="vnpt", key="enabled", value=True)
AMI = "only-for-this-test-run"


class MadeBoard:
    """Knows what its node's files said when it was last told to reload."""

    def __init__(self, agent: MemoryNodeAgent) -> None:
        self.agent, self.up = agent, True
        self.loaded: dict[str, str] = {}
        self.silent: set[str] = set()
        self.unseen: set[str] = set()  # by the reload that brings them
        self.registration: dict[str, str] = {}
        self.reloads = 0
        self.registered: list[str] = []
        self.refusing = False
        self.site: Site | None = None

    def use(self, site: Site) -> None:
        self.site = site

    async def reload(self) -> None:
        if self.refusing:
            raise ActionFailed("Reload", "planted")
        if self.loaded == self.agent.files:
            self.unseen.clear()
        self.loaded = dict(self.agent.files)
        self.reloads += 1

    async def knows_endpoint(self, name: str) -> bool:
        return f"[{name}]" in self.loaded.get("pjsip.conf", "")

    async def carrier_answers(self, name: str) -> CarrierAnswers:
        known = await self.knows_endpoint(name)
        word = "Unreachable" if name in self.silent else "NonQualified" if name in self.unseen else "Reachable"
        return CarrierAnswers(known, {f"sip:{name}": word} if known else {}, self.registration.get(name, ""))

    async def register_anew(self, name: str) -> None:
        self.registered.append(name)


@dataclass
class MadeTrunk:
    """Everything that outlives a core, and the keeper of the one that leads now."""

    folder: Path
    names: Sequence[str] = ("pbx1",)
    agents: dict[str, MemoryNodeAgent] = field(default_factory=dict)
    boards: dict[str, MadeBoard] = field(default_factory=dict)
    history: MemoryHistory = field(default_factory=MemoryHistory)
    told: list[Command] = field(default_factory=list)
    leads: bool = True
    refusing: bool = False

    def __post_init__(self) -> None:
        self.secrets = self.folder / "secrets"
        self.secrets.mkdir()
        for name in ("redis", "ami", "token-mdt"):
            (self.secrets / name).write_text(AMI + "\n")
        text = (DEMO / "site.toml").read_text("utf-8")
        text = text.replace('nodes = ["pbx1"]', f"nodes = [{', '.join(repr(it) for it in self.names)}]")
        self.file = self.folder / "site.toml"
        self.file.write_text(text, "utf-8")
        self.settings = Settings(
            database="", redis="", redis_password_file="secrets/redis", site="site.toml", types="", stations="",
            units="", http_host="", http_port=0, tls_certificate="cert.pem", tls_key="key.pem", redis_public_host="",
            redis_public_port=0, base=str(self.folder),
            nodes=tuple(
                NodeSettings(it, "127.0.0.1", 1, "dispatch", "secrets/ami", files=f"{it}/etc", recordings="/rec")
                for it in self.names
            ),
            senders=(SenderSettings("mdt", "vehicle", "secrets/token-mdt"),),
        )  # fmt: skip
        for name in self.names:
            self.agents[name] = MemoryNodeAgent()
            self.boards[name] = MadeBoard(self.agents[name])
        self.answers = SipAnswers()

    def lead(self) -> Keeper:
        """Another core begins to lead on what there is."""
        clock = SystemClock()
        beginning = opened(self.settings, self.history, SiteFile(self.file), clock.now(), b"key")
        nodes = {it.name: Node(it, self.boards[it.name], self.agents[it.name]) for it in self.settings.nodes}
        self.keeper = Keeper(
            self.settings, nodes, self.history, beginning, self.answers, clock, SystemIds(clock), lambda: self.leads,
            self._ask, b"key",
        )  # fmt: skip
        return self.keeper

    async def laid(self) -> Keeper:
        """A core leads, and the switches run on what it would render."""
        kept = self.lead()
        files = (await kept._lookout._rendered()).files
        for name, board in self.boards.items():
            self.agents[name].files = dict(files[name])
            board.loaded = dict(files[name])
        return kept

    async def _ask(self, who: str, body: Command) -> None:
        if self.refusing:
            raise DispatchError("read_only", "chỉ đọc", "read only")
        self.told.append(body)

    # --- what is done -------------------------------------------------------------------------------------------------

    async def plan(self, *edits: Edit, text: str = "", version: int = 0) -> Planned:
        return await self.keeper.plan(Candidate(text=text, version=version, edits=edits), "tuan")

    async def applied(self, *edits: Edit, text: str = "", version: int = 0, why: str = "") -> JobShown:
        planned = await self.plan(*edits, text=text, version=version)
        assert not planned.mistakes, planned.mistakes
        return await self.over(
            await self.keeper.apply(ApplyWanted(plan=planned.ident, confirm=planned.confirm, why=why), "tuan")
        )

    async def over(self, started: object) -> JobShown:
        job: Job = self.keeper._jobs.of(started.job)  # type: ignore[attr-defined]
        await self.keeper._jobs.over(job)
        return job.shown()

    async def mended(self) -> None:
        async with asyncio.timeout(10):
            while self.keeper._left:
                await self.keeper._mend()

    # --- what is there ------------------------------------------------------------------------------------------------

    def everywhere(self) -> dict[str, object]:
        """What must be all old or all new."""
        return {
            "site": self.file.read_bytes(),
            **{f"files {name}": dict(agent.files) for name, agent in self.agents.items()},
            **{f"loaded {name}": dict(board.loaded) for name, board in self.boards.items()},
            **{f"secret {it.name}": it.read_bytes() for it in sorted(self.secrets.iterdir())},
        }

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        return [(it.kind, it.by, it.outcome) for it in self.told if isinstance(it, NoteTrunk)]

    @property
    def configured(self) -> list[ConfigureSite]:
        return [it for it in self.told if isinstance(it, ConfigureSite)]

    def newest(self) -> Change:
        return self.history.changes[max(self.history.changes)]


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No moment of a made-up switch needs seconds."""
    monkeypatch.setattr(applying, "RELOADED_S", 0.0)
    monkeypatch.setattr(applying, "AGAIN_S", 0.01)
    monkeypatch.setattr(verdicts, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(verdicts, "WITHIN_S", 0.3)
    monkeypatch.setattr(verdicts, "SILENT_S", 0.2)
    monkeypatch.setattr(keeper, "MEND_EVERY_S", 0.01)


__all__ = ["AMI", "SECOND", "JobState", "MadeBoard", "MadeTrunk", "hurried"]
