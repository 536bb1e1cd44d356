"""A candidate tried out before anything running is touched: mistakes, secrets, ports, a scratch switch, the diff.

A plan belongs to what was in force and to what lay at the nodes when it was made: with another one there it is stale,
and refused.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from dispatch_core.main.trunk import description
from dispatch_core.main.trunk.applying import Wanted, in_time
from dispatch_core.main.trunk.drift import Looked
from dispatch_core.main.trunk.drift import named as files_in
from dispatch_core.main.trunk.nodes import Node, Rendered, rendered
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.ports.trunk import AgentFailed, TriedOut
from dispatch_core.ports.trunk_history import ChangedFile
from dispatch_core.settings import Settings
from dispatch_core.wire.trunk import FileDiff, Mistake, Planned
from telephony.trunk.binds import Bind, binds
from telephony.trunk.files.pjsip_carriers import peer_name
from telephony.trunk.masks import diff, masked, masked_files, text_diff
from telephony.trunk.reload_ignored import reload_ignored
from telephony.trunk.site import Site, SiteError
from telephony.trunk.site_lines import Path, line_of
from telephony.trunk.site_sections import named_path

TRY_WITHIN_S = 100.0
PROBLEMS_TOLD = 20
DIFF_CHARACTERS = 64 * 1024
DIFFS_CHARACTERS = 512 * 1024
TLS_OPTIONS = {"cert_file": "certificate", "priv_key_file": "key", "ca_list_file": "authority"}
"""As the switch's log calls them, and as the description does."""

CUT = "… (dài quá, đã cắt | too long, cut)\n"


@dataclass(frozen=True)
class InForce:
    """What was applied last. ``rendered`` None: it cannot be rendered any more, since a secret is gone."""

    version: int
    at: int
    by: str
    text: str
    site: Site
    rendered: Rendered | None


@dataclass(frozen=True)
class Plan:
    """``base``: what it was made upon."""

    planned: Planned
    wanted: Wanted
    base: tuple[int, str]
    by: str
    kind: str = "apply"
    version: int = 0


class Planner:
    def __init__(
        self, settings: Settings, nodes: Mapping[str, Node], secrets: SecretFiles, run: Callable[..., Awaitable[Any]],
        mask_key: bytes,
    ) -> None:  # fmt: skip
        self._settings, self._nodes, self._secrets, self._run = settings, nodes, secrets, run
        self._mask_key = mask_key

    async def plan(self, text: str, in_force: InForce, looked: Looked, ident: str, by: str) -> Plan | Planned:
        """A Planned without ident says what is wrong. Raises AgentFailed where a node cannot be asked."""
        mistakes = await self._run(description.mistakes_of, text)
        if mistakes:
            return Planned(ident="", text=text, mistakes=mistakes)
        site: Site = await self._run(description.site_of, text)
        of_secrets = await self._run(self._secrets.mistakes, site, in_force.site)
        mistakes = (*self._places(site), *await self._run(description.placed, text, site, of_secrets))
        if mistakes:
            return Planned(ident="", text=text, mistakes=mistakes)
        try:
            wanted = await self._run(self.wanted, text, site, in_force)
        except (SiteError, ValueError, KeyError) as problem:
            return Planned(ident="", text=text, mistakes=(_unrendered(problem),))
        for name, away in looked.away.items():
            raise AgentFailed(
                "node_away", f"Chưa hỏi được máy tổng đài {name}: {away.vi}", f"{name} cannot be asked: {away.en}"
            )
        mistakes = tuple(await self.tried(wanted, in_force))
        if mistakes:
            return Planned(ident="", text=text, mistakes=mistakes)
        planned = self._told(wanted, in_force, looked, ident)
        return Plan(planned, wanted, (in_force.version, looked.print), by)

    def wanted(
        self, text: str, site: Site, in_force: InForce, secret: tuple[str, FilePath, str] | None = None,
        used_by: tuple[str, ...] = (),
    ) -> Wanted:  # fmt: skip
        """Blocks. Raises SiteError, ValueError, KeyError where it cannot be rendered. ``secret``: what takes the place
        of the one of ``used_by``."""
        key = self._mask_key
        instead = dict.fromkeys(used_by, secret[2]) if secret else {}
        after = rendered(self._settings, site, [it.settings for it in self._nodes.values()], instead)
        anew = tuple(it.removeprefix("carriers.") for it in used_by if it.startswith("carriers."))
        before = in_force.rendered
        diffs: list[ChangedFile] = []
        remove, ignored = {}, []
        left = DIFFS_CHARACTERS
        for node, files in after.files.items():
            old = before.files.get(node, {}) if before is not None else {}
            old_secrets = before.secrets.get(node) if before is not None else None
            remove[node] = [name for name in old if name not in files]
            shown = diff(masked_files(old, old_secrets, key), masked_files(files, after.secrets[node], key))
            for name, told in shown.items():
                cut = told if len(told) <= min(DIFF_CHARACTERS, left) else told[: min(DIFF_CHARACTERS, left)] + CUT
                left = max(0, left - len(cut))
                diffs.append(ChangedFile(node, name, cut))
            if old and reload_ignored(old, files):
                ignored.append(node)
        site_diff = text_diff(masked(in_force.text, None, key), masked(text, None, key), "site.toml")
        return Wanted(
            text=text, site=site, files=after.files, remove=remove, secrets=after.secrets,
            prove=description.to_prove(in_force.site, site, anew), anew=anew, site_diff=site_diff[:DIFFS_CHARACTERS],
            diffs=tuple(diffs), restarts=tuple(ignored), later=description.later(in_force.site, site), secret=secret,
        )  # fmt: skip

    def _told(self, wanted: Wanted, in_force: InForce, looked: Looked, ident: str) -> Planned:
        changes = description.touched(in_force.site, wanted.site)
        confirm = description.confirm_word(changes, wanted.site)
        lines = list(description.summary(changes)) if wanted.text != in_force.text else []
        by_hand = [it for it in looked.found if it.node or looked.site_now != wanted.text]
        overwritten = files_in(by_hand)
        if overwritten:
            confirm = f"{confirm} {overwritten}"
            lines.insert(
                0,
                (
                    f"{overwritten} đã bị sửa tay ở ngoài; áp dụng sẽ ghi đè phần đó",
                    f"{overwritten}: changed by hand outside; applying overwrites that",
                ),
            )
        for node in wanted.restarts:
            before = in_force.rendered.files.get(node, {}) if in_force.rendered is not None else {}
            for vi, en in reload_ignored(before, wanted.files[node]):
                lines.append((f"{node} phải khởi động lại: {vi}", f"{node} must be restarted: {en}"))
        return Planned(
            ident=ident, text=wanted.text, mistakes=(), site_diff=wanted.site_diff, files=shown_files(wanted.diffs),
            confirm=confirm, restarts=wanted.restarts, later=wanted.later, summary=tuple(lines), calls_up=looked.calls,
        )  # fmt: skip

    def _places(self, site: Site) -> tuple[Mistake, ...]:
        """A site's nodes are those of the settings: where they are reached stands there."""
        asked, named = sorted(self._nodes), sorted(site.node_names)
        if asked == named:
            return ()
        return (
            Mistake(
                code="site.nodes-differ", key="nodes", line=0,
                vi=f"các tổng đài ({', '.join(named)}) khác [[nodes]] của dispatch.toml ({', '.join(asked)})",
                en=f"the nodes ({', '.join(named)}) are not [[nodes]] of dispatch.toml ({', '.join(asked)})",
                instead_vi=f"các tên {', '.join(asked)}; thêm tổng đài thì sửa cả hai tệp rồi khởi động lại máy chủ",
                instead_en=f"the names {', '.join(asked)}; for another node change both files and restart the core",
            ),
        )  # fmt: skip

    # --- tried --------------------------------------------------------------------------------------------------------

    async def tried(self, wanted: Wanted, in_force: InForce) -> list[Mistake]:
        """What a scratch switch says to it, all nodes at the same time. Raises AgentFailed."""
        outcomes = await asyncio.gather(*(self._tried_at(node, wanted, in_force) for node in self._nodes.values()))
        return [mistake for outcome in outcomes for mistake in outcome]

    async def _tried_at(self, node: Node, wanted: Wanted, in_force: InForce) -> list[Mistake]:
        new = new_ports(in_force.site, wanted.site, node.name)
        taken = set(await in_time(node.agent.taken([it.place for it in new])))
        if taken:
            return [_taken(node.name, it, wanted.text) for it in new if it.place in taken]
        try:
            async with asyncio.timeout(TRY_WITHIN_S):
                tried = await node.agent.try_out(wanted.files[node.name])
        except TimeoutError:
            raise AgentFailed(
                "agent_slow", f"{node.name} không thử xong trong {TRY_WITHIN_S:g} giây.",
                f"{node.name} did not end its trial within {TRY_WITHIN_S:g} s.",
            ) from None  # fmt: skip
        return [] if tried.booted and not tried.problems else self._refused(node.name, tried, wanted)

    def _refused(self, node: str, tried: TriedOut, wanted: Wanted) -> list[Mistake]:
        key, secrets = self._mask_key, wanted.secrets.get(node)
        lines = [masked(line, secrets, key) for line in tried.problems[:PROBLEMS_TOLD]] or ["(no boot)"]
        return [
            Mistake(
                code="site.switch-refuses", **_where(about(line, wanted.site), wanted.text),
                vi=f"tổng đài thử ở {node} không nhận: {line}", en=f"the trial switch at {node} refuses it: {line}",
                instead_vi="giá trị mà Asterisk nhận", instead_en="what Asterisk takes",
            )
            for line in lines
        ]  # fmt: skip


def shown_files(files: tuple[ChangedFile, ...]) -> tuple[FileDiff, ...]:
    return tuple(FileDiff(node=it.node, file=it.file, diff=it.diff) for it in files)


def new_ports(before: Site, after: Site, node: str) -> list[Bind]:
    """What the switch does not hold now and will."""
    old = {it.place for it in binds(before, node)} if node in before.node_names else set()
    return [it for it in binds(after, node) if it.place not in old]


def about(line: str, site: Site) -> Path:
    """The entry or key that a line of the switch's log names, () where it names none."""
    words = set(line.replace("'", " ").replace('"', " ").replace(",", " ").replace(":", " ").split())
    for option, key in TLS_OPTIONS.items():
        if words & {option} or f"{option}=" in line:
            return ("tls", key)
    for at, carrier in enumerate(site.carriers):
        aors = {peer_name(carrier, peer) for peer in range(len(carrier.peers))}
        if words & {carrier.name, f"{carrier.name}-peers", *aors}:
            return ("carriers", at)
    for at, position in enumerate(site.positions):
        if words & {position.id, f"{position.id}-phone"}:
            return ("positions", at)
    return ()


def _where(path: Path, text: str) -> dict[str, Any]:
    """Key and line of a mistake."""
    return {"key": named_path(tomllib.loads(text), Site, path) if path else "", "line": line_of(text, path)}


def _taken(node: str, bind: Bind, text: str) -> Mistake:
    at = f"{bind.protocol} {bind.address}:{bind.port}"
    return Mistake(
        code="site.port-taken", **_where(bind.path, text),
        vi=f"cổng {at} ở {node} đang do chương trình khác giữ",
        en=f"{at} at {node} is held by another program",
        instead_vi="một cổng khác, hoặc dừng chương trình đó", instead_en="another port, or stop that program",
    )  # fmt: skip


def _unrendered(problem: Exception) -> Mistake:
    if isinstance(problem, SiteError):
        return description.mistake(problem)
    return Mistake(
        code="site.unrendered", key="", line=0, vi=f"không lập được tệp của tổng đài ({str(problem)[:200]})",
        en=f"the switch's files cannot be rendered ({str(problem)[:200]})", instead_vi="giá trị khác",
        instead_en="another value",
    )  # fmt: skip
