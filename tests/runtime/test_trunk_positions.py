"""A position from the screen goes the keeper's way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk.positions import PositionInstaller
from dispatch_core.runtime.clock import SystemClock, SystemIds
from telephony.trunk.site import load_site
from tests.runtime.running import Run
from tests.runtime.trunk_stage import MadeTrunk, hurried


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


def test_positions_are_installed_one_after_the_other(run: Run, tmp_path: Path) -> None:
    """A refused one takes nothing with it that came meanwhile, and the state is told by whoever asked."""

    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        install = PositionInstaller(await trunk.laid(), trunk.secrets, SystemIds(SystemClock()))
        bad, good = await asyncio.gather(
            install("B91", "x", ("nobody",)), install("B90", "Bàn 90", ("fire",)), return_exceptions=True
        )
        assert isinstance(bad, DispatchError) and good is None
        known = {position.id: position for position in load_site(trunk.file).positions}
        assert "B90" in known and "B91" not in known
        secret = (trunk.secrets / "phone-B90").read_text().strip()
        assert f"password = {secret}" in trunk.boards["pbx1"].loaded["pjsip.conf"]
        assert (trunk.secrets / "phone-B90").stat().st_mode & 0o777 == 0o600
        assert not trunk.configured and trunk.newest().kind == "position"
        assert secret not in str(trunk.history.changes) and secret not in str(trunk.told)

    run(scene())


def test_a_secret_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        before = trunk.file.read_bytes()
        install = PositionInstaller(await trunk.laid(), tmp_path / "none", SystemIds(SystemClock()))
        with pytest.raises(DispatchError, match="none"):
            await install("B90", "x", ("fire",))
        assert trunk.file.read_bytes() == before

    run(scene())
