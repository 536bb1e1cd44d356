"""Programs run to their end: bounded in time and in what is read of them, without a shell, without our pipes."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence

OUTPUT_MOST = 64 * 1024


def run(command: Sequence[str], limit_s: float) -> tuple[int, str]:
    """(exit status, what it printed); -1 where it did not end in time, 127 where it cannot be run."""
    with tempfile.TemporaryFile() as output:
        try:
            status = subprocess.run(
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=limit_s, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            status = -1
        except OSError as error:
            return 127, error.strerror or str(error)
        output.seek(0)
        return status, output.read(OUTPUT_MOST).decode("utf-8", "replace")


def switch_says(asterisk: Sequence[str], conf: str, question: str, limit_s: float = 10.0) -> str:
    """What the running switch with this asterisk.conf prints for a console command; "" where it does not answer."""
    status, printed = run([*asterisk, "-C", conf, "-rx", question], limit_s)
    return printed if status == 0 else ""
