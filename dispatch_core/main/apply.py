"""A changed site brought to the running switches: render, write with the last good kept, reload, look, or return.

A reload answers "success" for broken files, so the proof is the switch's own knowledge of every position afterwards.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.files import write_whole
from dispatch_core.ports import ActionFailed
from dispatch_core.settings import NodeSettings, Settings
from telephony.switchboard import AsteriskSwitchboard
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import read_secrets
from telephony.trunk.site import Site

log = logging.getLogger(__name__)

MACHINE_FILE = "asterisk.conf"
"""Its directories belong to the machine; a reload would ignore it anyway."""

KNOWN_WITHIN_S = 5.0
LOOK_EVERY_S = 0.2


class ApplyFailed(DispatchError):
    """The switch did not take the new configuration; the last good one is in force again."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__("apply_failed", vi, en)


class TrunkApplier:
    def __init__(self, settings: Settings, boards: Mapping[str, AsteriskSwitchboard]) -> None:
        self._settings = settings
        self._boards = boards

    async def apply(self, site: Site) -> None:
        """At every node or at none. Raises ApplyFailed, OSError or the site's own error; then nothing has changed."""
        nodes = self._settings.nodes
        for node in nodes:
            self._may_be_changed(node)
        files = {node.name: self._rendered(site, node) for node in nodes}
        before: dict[str, Mapping[str, str]] = {}
        try:
            for node in nodes:
                etc = self._etc(node)
                before[node.name] = {
                    name: (etc / name).read_text(encoding="utf-8") for name in files[node.name] if (etc / name).exists()
                }
                self._write(etc, files[node.name])
                await self._boards[node.name].reload()
                await self._all_known(self._boards[node.name], site)
        except (ActionFailed, ApplyFailed, OSError):
            for node in nodes:
                if node.name in before:
                    await self._return(node, before[node.name])
            raise
        for board in self._boards.values():
            board.use(site)

    async def _return(self, node: NodeSettings, files: Mapping[str, str]) -> None:
        """The last good files at a node; one that is away by now reads them when it starts."""
        self._write(self._etc(node), files)
        try:
            await self._boards[node.name].reload()
        except ActionFailed as problem:
            log.error("%s has its old files back and did not read them: %s", node.name, problem.en)

    def _may_be_changed(self, node: NodeSettings) -> None:
        if not self._settings.files_of(node):
            raise ApplyFailed(
                f"Máy chủ này không ghi được cấu hình tổng đài {node.name} (thiếu asterisk_files hoặc files).",
                f"This core may not write the files of switch {node.name} (asterisk_files, or files, is not set).",
            )
        if not self._boards[node.name].up:
            raise ApplyFailed(
                f"Đang mất liên lạc với tổng đài {node.name}; hãy thêm bàn khi nối lại được.",
                f"There is no contact with switch {node.name}; add the position when there is again.",
            )

    def _etc(self, node: NodeSettings) -> Path:
        return self._settings.path(self._settings.files_of(node))

    def _rendered(self, site: Site, node: NodeSettings) -> dict[str, str]:
        settings = self._settings
        secrets = read_secrets(site, settings.path(node.secret_file), settings.path(settings.site).parent)
        files = render(site, secrets, Paths(settings.recordings_of(node)), node.name)
        files.pop(MACHINE_FILE, None)
        return files

    def _write(self, etc: Path, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            write_whole(etc / name, text, 0o600)

    async def _all_known(self, board: AsteriskSwitchboard, site: Site) -> None:
        """Wait until the switch knows the endpoint of every position."""
        missing = [position.id for position in site.positions]
        for _ in range(int(KNOWN_WITHIN_S / LOOK_EVERY_S)):
            missing = [position for position in missing if not await board.knows_endpoint(position)]
            if not missing:
                return
            await asyncio.sleep(LOOK_EVERY_S)
        named = ", ".join(missing)
        raise ApplyFailed(
            f"Tổng đài không nhận bàn {named} sau khi nạp lại; đã trả lại cấu hình cũ.",
            f"The switch does not know position {named} after the reload; the old configuration is back.",
        )
