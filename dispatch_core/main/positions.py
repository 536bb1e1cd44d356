"""A position added from the screen: the site file is edited, Asterisk's files are rendered, the switch reloads, and
only when it knows the new phone is the position there; else the last good files return and the admin is told why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.files import write_whole
from dispatch_core.ports import Ids
from telephony.trunk.site import Site, parse_site
from telephony.trunk.site_edit import add_position

PHONE_SECRET_LENGTH = 24

Apply = Callable[[Site], Awaitable[None]]
"""Render, write, reload and check; raises DispatchError with the old configuration back in force."""


class PositionInstaller:
    """Installs positions one after the other, for each begins with the file that the one before left."""

    def __init__(self, site_file: Path, secrets: Path, ids: Ids, apply: Apply) -> None:
        self._site_file = site_file
        self._secrets = secrets
        self._ids = ids
        self._apply = apply
        self._one_by_one = asyncio.Lock()

    async def __call__(self, position: str, label: str, services: tuple[str, ...]) -> None:
        """Raises DispatchError; then the site file and the switch are as they were."""
        async with self._one_by_one:
            try:
                await self._install(position, label, services)
            except OSError as problem:
                raise DispatchError(
                    "position_files",
                    f"Không ghi được {problem.filename or self._site_file}: {problem.strerror}; xem quyền ghi và đĩa.",
                    f"Cannot write {problem.filename or self._site_file}: {problem.strerror}; look at rights and disk.",
                ) from None

    async def _install(self, position: str, label: str, services: tuple[str, ...]) -> None:
        before = self._site_file.read_text(encoding="utf-8")
        secret_file = self._secrets / f"phone-{position}"
        if not secret_file.exists():
            write_whole(secret_file, self._ids.secret(PHONE_SECRET_LENGTH) + "\n", 0o600)
        after = add_position(
            before, id=position, vi=label, en=label, services=services, phone={"secret_file": str(secret_file)}
        )
        site = parse_site(after, str(self._site_file))
        write_whole(self._site_file, after)
        try:
            await self._apply(site)
        except (DispatchError, OSError):
            write_whole(self._site_file, before)
            raise
