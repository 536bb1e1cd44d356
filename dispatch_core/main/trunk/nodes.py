"""The switches as the keeper needs them: each with its board, its agent and its own rendered files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from dispatch_core.ports.trunk import NodeAgent
from dispatch_core.settings import NodeSettings, Settings
from telephony.carrier_answers import CarrierAnswers
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets, read_secrets
from telephony.trunk.site import Site


class TrunkBoard(Protocol):
    """What the keeper asks of a switchboard. Raises ActionFailed."""

    @property
    def up(self) -> bool: ...

    def use(self, site: Site) -> None: ...

    async def reload(self) -> None: ...

    async def knows_endpoint(self, name: str) -> bool: ...

    async def carrier_answers(self, name: str) -> CarrierAnswers: ...

    async def register_anew(self, name: str) -> None: ...


@dataclass(frozen=True)
class Node:
    settings: NodeSettings
    board: TrunkBoard
    agent: NodeAgent

    @property
    def name(self) -> str:
        return self.settings.name


@dataclass(frozen=True)
class Rendered:
    """``files``: by node, by name. ``secrets``: those of each node, for the masks."""

    files: Mapping[str, Mapping[str, str]] = field(repr=False)
    secrets: Mapping[str, Secrets] = field(repr=False)


def rendered(
    settings: Settings, site: Site, nodes: Sequence[NodeSettings], instead: Mapping[str, str] | None = None
) -> Rendered:
    """Every node's files. Blocks; raises SiteError for a secret that cannot be used, ValueError for a node that the
    site does not have. ``instead``: "carriers.vnpt" to a secret that is not in its file yet."""
    files, secrets = {}, {}
    for node in nodes:
        known = secrets[node.name] = _with(secrets_of(settings, site, node), instead or {})
        files[node.name] = render(site, known, Paths(settings.recordings_of(node)), node.name)
    return Rendered(files, secrets)


def _with(secrets: Secrets, instead: Mapping[str, str]) -> Secrets:
    phones, carriers = dict(secrets.phones), dict(secrets.carriers)
    for who, secret in instead.items():
        section, _, name = who.partition(".")
        (carriers if section == "carriers" else phones)[name] = secret
    return replace(secrets, phones=phones, carriers=carriers)


def secrets_of(settings: Settings, site: Site, node: NodeSettings) -> Secrets:
    return read_secrets(site, settings.path(node.secret_file), site_folder(settings))


def site_file(settings: Settings) -> Path:
    return settings.path(settings.site)


def site_folder(settings: Settings) -> Path:
    return site_file(settings).parent
