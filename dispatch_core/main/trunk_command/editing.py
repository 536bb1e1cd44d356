"""What is in force, as a copy in the admin's own editor, until it has no mistakes or he gives up.

Guards: the copy is readable by him alone and stays where it is while what he wrote was not applied.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk_command import offline, words
from dispatch_core.main.trunk_command.signing_in import typed

EDITORS = ("VISUAL", "EDITOR")
USUAL = ("nano", "vi")


@dataclass(frozen=True)
class Edited:
    file: Path
    text: str

    def remove(self) -> None:
        shutil.rmtree(self.file.parent, ignore_errors=True)


def edited(before: str) -> Edited | None:
    """A text without mistakes of its own; None where nothing was changed. Raises DispatchError where he gave up."""
    copy = Path(tempfile.mkdtemp(prefix="dispatch-trunk-")) / "site.toml"
    copy.write_text(before, encoding="utf-8")
    while True:
        _run_editor(copy)
        text = offline.text_of(copy)
        if text == before:
            Edited(copy, text).remove()
            return None
        found = offline.mistakes_in(text)
        if not found:
            return Edited(copy, text)
        words.show_mistakes(str(copy), found)
        if not sys.stdin.isatty() or typed("Sửa tiếp? [c/k] | Edit again? [y/n]: ").lower() not in ("c", "y", ""):
            raise DispatchError(
                "edit_given_up",
                f"Chưa áp dụng gì; bản sửa còn ở {copy}.",
                f"Nothing was applied; what you wrote is still in {copy}.",
            )


def _run_editor(file: Path) -> None:
    command = next((value for name in EDITORS if (value := os.environ.get(name))), "")
    command = command or next((name for name in USUAL if shutil.which(name)), "")
    try:
        status = subprocess.run([*shlex.split(command), str(file)], check=False).returncode if command else None
    except OSError:
        status = None
    if status is None:
        raise DispatchError(
            "no_editor",
            "Không mở được trình soạn thảo; đặt EDITOR, ví dụ EDITOR=nano.",
            "No editor can be started; set EDITOR, for instance EDITOR=nano.",
        )
    if status:
        raise DispatchError(
            "editor_failed",
            f"Trình soạn thảo kết thúc với mã {status}; chưa áp dụng gì, bản sửa ở {file}.",
            f"The editor ended with status {status}; nothing was applied, what you wrote is in {file}.",
        )
