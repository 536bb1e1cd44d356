"""What differs from what was applied: files at the nodes and site.toml itself, changed by somebody's hand."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk.applying import in_time
from dispatch_core.main.trunk.nodes import Node, Rendered
from dispatch_core.ports.trunk import NodeLooked
from dispatch_core.wire.trunk import DriftShown
from telephony.trunk.masks import masked, text_diff

log = logging.getLogger(__name__)

FILES_TOLD = 40
DIFF_CHARACTERS = 20_000
SITE = "site.toml"


@dataclass(frozen=True)
class Looked:
    """``found``: by node. ``away``: nodes whose agent does not answer, and why. ``unknown``: files that nobody
    rendered."""

    found: tuple[DriftShown, ...]
    away: Mapping[str, DispatchError]
    calls: int = 0
    site_now: str = ""
    print: str = ""
    """Of everything that was looked at: the same one means that nothing changed in between."""


async def look(nodes: Sequence[Node], wanted: Rendered, key: bytes, site_before: str, site_now: str) -> Looked:
    """Never raises but for bugs; a node that cannot be asked is in ``away``."""
    outcomes = await asyncio.gather(*(_at(node, wanted, key) for node in nodes), return_exceptions=True)
    found: list[DriftShown] = []
    away: dict[str, DispatchError] = {}
    calls, seen = 0, hashlib.sha256(site_now.encode())
    for node, outcome in zip(nodes, outcomes, strict=True):
        if isinstance(outcome, DispatchError):
            away[node.name] = outcome
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            drift, looked = outcome
            found += drift
            calls += looked.calls
            seen.update(repr((node.name, sorted(looked.files.items()))).encode())
    if site_now != site_before:
        diff = text_diff(masked(site_before, None, key), masked(site_now, None, key), SITE)
        found.insert(0, DriftShown(node="", file=SITE, how="changed", diff=diff[:DIFF_CHARACTERS]))
    return Looked(tuple(found[:FILES_TOLD]), away, calls, site_now, seen.hexdigest())


async def _at(node: Node, wanted: Rendered, key: bytes) -> tuple[list[DriftShown], NodeLooked]:
    files = wanted.files[node.name]
    looked = await in_time(node.agent.look())
    hows: dict[str, str] = {}
    for name, text in files.items():
        there = looked.files.get(name)
        if there is None:
            hows[name] = "missing"
        elif there != hashlib.sha256(text.encode()).hexdigest():
            hows[name] = "changed"
    hows |= {name: "added" for name in looked.files if name not in files}
    changed = [name for name, how in hows.items() if how == "changed"][:FILES_TOLD]
    texts = (await in_time(node.agent.look(changed))).texts if changed else {}
    drift = []
    for name, how in sorted(hows.items()):
        diff = ""
        if name in texts:
            before = masked(files[name], wanted.secrets[node.name], key)
            diff = text_diff(before, masked(texts[name], wanted.secrets[node.name], key), name)[:DIFF_CHARACTERS]
        drift.append(DriftShown(node=node.name, file=name, how=how, diff=diff))
    return drift, looked


def named(drift: Sequence[DriftShown]) -> str:
    """The files that an apply would overwrite, as they must be typed to confirm it."""
    return " ".join(dict.fromkeys(it.file for it in drift if it.how != "added"))


def places(drift: Sequence[DriftShown]) -> str:
    """Where, in a few words."""
    named = [f"{it.file} ({it.node})" if it.node else it.file for it in drift]
    return ", ".join(named[:5]) + (f" +{len(named) - 5}" if len(named) > 5 else "")
