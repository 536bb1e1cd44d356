"""kill -9 in mid-call: the others go on, the restarted one catches up, nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts.acceptance.spine import faults, voice

pytestmark = [pytest.mark.usefixtures("whole"), pytest.mark.timeout(600)]  # the first brings the whole system up


@pytest.mark.parametrize(
    "kill", [faults.core, faults.console, faults.redis, faults.asterisk], ids=lambda it: it.__name__
)
def test_killed_in_mid_call(kill: Callable[[], str]) -> None:
    kill()


@pytest.mark.long
@pytest.mark.parametrize("kill", [faults.postgres, voice.without_software], ids=lambda it: it.__name__)
def test_the_voice_path_goes_on(kill: Callable[[], str]) -> None:
    kill()
