"""A position added from the screen: a secret for its phone, the site's text with it, and the keeper brings it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.files import write_whole
from dispatch_core.main.trunk.keeper import Keeper
from dispatch_core.ports import Ids
from telephony.trunk.site_edit import add_position

PHONE_SECRET_LENGTH = 24


class PositionInstaller:
    """Installs positions one after the other, for each begins with the text that the one before left."""

    def __init__(self, keeper: Keeper, secrets: Path, ids: Ids) -> None:
        self._keeper, self._secrets, self._ids = keeper, secrets, ids
        self._one_by_one = asyncio.Lock()

    async def __call__(self, position: str, label: str, services: tuple[str, ...]) -> None:
        """Raises DispatchError; then the site file and the switches are as they were."""
        async with self._one_by_one:
            secret_file = self._secrets / f"phone-{position}"
            try:
                if not secret_file.exists():
                    write_whole(secret_file, self._ids.secret(PHONE_SECRET_LENGTH) + "\n", 0o600)
            except OSError as problem:
                raise DispatchError(
                    "position_files",
                    f"Không ghi được {problem.filename or secret_file}: {problem.strerror}; xem quyền ghi và đĩa.",
                    f"Cannot write {problem.filename or secret_file}: {problem.strerror}; look at rights and disk.",
                ) from None
            text = add_position(
                self._keeper.site_text, id=position, vi=label, en=label, services=services,
                phone={"secret_file": str(secret_file)},
            )  # fmt: skip
            await self._keeper.install(text)
