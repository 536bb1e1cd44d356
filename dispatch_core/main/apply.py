"""A changed site brought to the running switch: render, write with the last good kept, reload, look, or return.

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
from dispatch_core.settings import Settings
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
        """Raises ApplyFailed, OSError or the site's own error; then nothing has changed."""
        settings = self._settings
        if not settings.asterisk_files:
            raise ApplyFailed(
                "Máy chủ này không ghi được cấu hình tổng đài (thiếu asterisk_files).",
                "This core may not write the switch's files (asterisk_files is not set).",
            )
        etc = settings.path(settings.asterisk_files)
        node = settings.nodes[0]
        secrets = read_secrets(site, settings.path(node.secret_file), settings.path(settings.site).parent)
        files = render(site, secrets, Paths(settings.asterisk_recordings), node.name)
        files.pop(MACHINE_FILE, None)
        before = {name: (etc / name).read_text(encoding="utf-8") for name in files if (etc / name).exists()}
        board = self._boards[node.name]
        try:
            self._write(etc, files)
            await board.reload()
            await self._all_known(board, site)
            board.use(site)
        except (ActionFailed, ApplyFailed, OSError):
            self._write(etc, before)
            await board.reload()
            raise

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
