"""What a core that died in the middle left: given back, or brought to its end, and said so in the history.

Guards: see `applying`. What is on this machine is put right before anything of it is read; the nodes follow as soon as
their agents answer, and until then nobody changes anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk.applying import files_back, in_time
from dispatch_core.main.trunk.description import Words
from dispatch_core.main.trunk.nodes import Node
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.ports import ActionFailed
from dispatch_core.ports.trunk_history import DONE, RUNNING, SETTLING, Change, TrunkHistory

log = logging.getLogger(__name__)

DIED: Words = (
    "Máy chủ dừng giữa chừng khi đang áp dụng; đã trả lại cấu hình trước đó.",
    "The core died in the middle of it; the configuration of before is back.",
)
FINISHED: Words = (
    "Máy chủ dừng khi sắp xong; cấu hình mới đã được chứng tỏ là tốt và được giữ.",
    "The core died just before its end; the new configuration was proven and is kept.",
)


def put_right(history: TrunkHistory, site_file: SiteFile, secrets: SecretFiles) -> tuple[Change, ...]:
    """What is on this machine, before site.toml is read; the changes whose nodes are still to follow. Blocks."""
    left = tuple(history.unfinished())
    for change in reversed(left):
        secret = secrets.path_of(change.secret) if change.secret else None
        if change.outcome == SETTLING:
            site_file.write(change.text)
            if secret is not None:
                secrets.settle(secret)
        elif secret is not None:
            secrets.give_back(secret)
        log.warning("version %d was left %s by a core that died", change.version, change.outcome)
    return left


class Recovery:
    """The nodes' part: `mend` again and again until nothing is open."""

    def __init__(self, nodes: Mapping[str, Node], leads: Callable[[], bool]) -> None:
        self._nodes, self._leads = nodes, leads
        self._files: dict[int, set[str]] = {}
        self._reloaded: dict[int, set[str]] = {}

    async def mend(self, change: Change) -> tuple[str, str, str] | None:
        """(outcome, vi, en) once every node has followed; None while one has not."""
        done = self._files.setdefault(change.version, set())
        reloaded = self._reloaded.setdefault(change.version, set())
        for node in self._nodes.values():
            if not self._leads():
                return None
            try:
                if node.name not in done:
                    await self._files_at(node, change)
                    done.add(node.name)
                if change.outcome == RUNNING and node.name not in reloaded:
                    if not node.board.up:
                        continue  # it reads them when it starts; or is reached soon
                    await node.board.reload()
                    reloaded.add(node.name)
            except (DispatchError, ActionFailed) as problem:
                log.error("version %d at %s: %s", change.version, node.name, problem)
        everywhere = set(self._nodes)
        if done != everywhere or (change.outcome == RUNNING and reloaded != everywhere):
            return None
        self._files.pop(change.version), self._reloaded.pop(change.version)
        return (DONE, *FINISHED) if change.outcome == SETTLING else ("rolled_back", *DIED)

    async def _files_at(self, node: Node, change: Change) -> None:
        if change.outcome == SETTLING:
            await in_time(node.agent.settle())
            return
        await files_back(node)
