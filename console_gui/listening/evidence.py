"""Fetching the evidence of a number into a file of the person's own, part by part; its checksum is compared."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from console_gui.core_client import CoreClient
from console_gui.listening.player import Asks
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.sound import EvidenceMade

Done = Callable[[Path, EvidenceMade], None]
Failed = Callable[[DispatchError], None]


def downloads() -> Path:
    """Where a person looks for what was fetched."""
    home = Path(os.environ.get("XDG_DOWNLOAD_DIR") or Path.home() / "Downloads")
    return home if home.is_dir() else Path.home()


def fetch(questions: Asks, number: str, since: int, folder: Path, done: Done, failed: Failed) -> None:
    """Ask the core to make it, then fetch every part; ``done`` or ``failed`` in the screen's thread."""

    def made(answer: EvidenceMade | None, problem: DispatchError | None) -> None:
        if answer is None:
            failed(problem or _broken())
            return
        file = folder / f"{number.removeprefix('+')}-{answer.sha256[:8]}.zip"
        try:
            file.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            failed(_cannot_write(file, error))
            return
        _part(answer, file, 0)

    def _part(answer: EvidenceMade, file: Path, at: int) -> None:
        def took(size: int | None, problem: DispatchError | None) -> None:
            if size is None:
                file.unlink(missing_ok=True)
                failed(problem or _broken())
            elif at + size < answer.bytes:
                _part(answer, file, at + size)
            else:
                done(file, answer)

        questions.ask(lambda client: _take(client, answer, file, at), took)

    questions.ask(lambda client: client.make_evidence(number, since), made)


def _take(client: CoreClient, answer: EvidenceMade, file: Path, at: int) -> int:
    """In the questions' thread: one part onto the end of the file; its size."""
    data = client.evidence(answer.ident, at)
    if not data:
        raise _broken()
    try:
        with file.open("ab") as out:
            out.write(data)
        if at + len(data) >= answer.bytes:
            with file.open("rb") as whole:
                if hashlib.file_digest(whole, "sha256").hexdigest() != answer.sha256:
                    raise _broken()
    except OSError as error:
        raise _cannot_write(file, error) from error
    return len(data)


def _broken() -> DispatchError:
    return DispatchError(
        "evidence_broken",
        "Tệp chứng cứ tải về không trọn; hãy xuất lại.",
        "The evidence came incomplete; export again.",
    )


def _cannot_write(file: Path, error: OSError) -> DispatchError:
    return DispatchError(
        "evidence_file",
        f"Không ghi được {file}: {error.strerror}.",
        f"Cannot write {file}: {error.strerror}.",
    )
