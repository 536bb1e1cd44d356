"""The senders that the settings name, with their tokens from files that may be replaced while the core runs."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from dispatch_core.domain.commands import SenderKind
from dispatch_core.runtime.http.senders import EVERYBODY, Sender, Senders
from dispatch_core.settings import SenderSettings, Settings, SettingsError

log = logging.getLogger(__name__)

AML = "aml"
"""The name of whoever holds ``aml_key_file``."""

RESERVED = (EVERYBODY, AML)
"""In the journal these mean who has the two settings, whether or not they are there."""

SHORTEST_TOKEN = 16
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
KINDS = ", ".join(SenderKind)


class TokenFile:
    """One token a line. It is read again when it has changed; while it cannot be read nobody gets in."""

    def __init__(self, file: Path, least: int = 1) -> None:
        self._file, self._least = file, least
        self._seen: tuple[int, ...] = ()
        self._tokens: tuple[str, ...] = ()

    def __call__(self) -> tuple[str, ...]:
        try:
            told = self._file.stat()
            seen: tuple[int, ...] = (told.st_mtime_ns, told.st_ino, told.st_size)
            if seen != self._seen:
                self._tokens = self.read()
                log.info("tokens of %s: %d", self._file, len(self._tokens))
        except (OSError, SettingsError) as problem:
            seen = ()
            if self._tokens:
                log.error("nobody gets in with %s: %s", self._file, problem)
            self._tokens = ()
        self._seen = seen
        return self._tokens

    def read(self) -> tuple[str, ...]:
        """Raises SettingsError."""
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as problem:
            why = problem.strerror if isinstance(problem, OSError) else "UTF-8"
            raise SettingsError(
                "secret_file",
                f"Không đọc được tệp mã truy cập {self._file}: {why}; hãy tạo tệp hoặc sửa đường dẫn.",
                f"Cannot read the token's file {self._file}: {why}; make it or mend the path.",
            ) from None
        tokens = tuple(line.strip() for line in lines if line.strip())
        if any(len(it) < self._least for it in tokens):
            raise SettingsError(
                "token_short",
                f"{self._file}: mỗi mã truy cập cần ít nhất {self._least} ký tự.",
                f"{self._file}: a token needs at least {self._least} characters.",
            )
        return tokens


def senders(settings: Settings) -> Senders:
    """Raises SettingsError for a name or a kind that cannot be used. What is wrong with a file of tokens is said and
    shuts out its sender alone, as while the core runs: who deletes a leaked token must not stop the next start."""
    listed = [_named(settings, it) for it in settings.senders]
    if settings.intake_token_file:
        listed.append(Sender(EVERYBODY, None, TokenFile(settings.path(settings.intake_token_file))))
    if settings.aml_key_file:
        listed.append(Sender(AML, SenderKind.LOCATION, TokenFile(settings.path(settings.aml_key_file))))
    names: set[str] = set()
    holders: dict[str, str] = {}
    for sender in listed:
        if sender.name in names:
            raise _unusable(sender.name, "tên này đã dùng", "the name is taken")
        names.add(sender.name)
        for token in _at_start(sender):
            if holders.setdefault(token, sender.name) != sender.name:
                log.error("a token of %s is that of %s, who alone gets in with it", sender.name, holders[token])
    found = Senders(listed)
    if open_to_all := found.opened_to_all():
        log.warning(
            "intake_token_file opens these intakes: %s. Give each of them a token of its own: "
            '[[senders]] name = "...", kind = "...", token_file = "..."', ", ".join(open_to_all),
        )  # fmt: skip
    return found


def _named(settings: Settings, told: SenderSettings) -> Sender:
    if not NAME.fullmatch(told.name):
        raise _unusable(
            told.name, "tên chỉ gồm a-z, 0-9 và gạch nối, nhiều nhất 40 ký tự",
            "a name has a-z, 0-9 and hyphens, at most 40 characters",
        )  # fmt: skip
    if told.name in RESERVED:
        raise _unusable(told.name, "tên này dành riêng", "the name is reserved")
    if told.kind not in list(SenderKind):
        raise _unusable(told.name, f"kind phải là một trong: {KINDS}", f"kind is one of: {KINDS}")
    return Sender(told.name, SenderKind(told.kind), TokenFile(settings.path(told.token_file), SHORTEST_TOKEN))


def _at_start(sender: Sender) -> tuple[str, ...]:
    try:
        return sender.secrets.read() if isinstance(sender.secrets, TokenFile) else ()
    except SettingsError as problem:
        log.error("%s is shut out: %s", sender.name, problem)
        return ()


def _unusable(name: str, vi: str, en: str) -> SettingsError:
    return SettingsError("sender", f"[[senders]] “{name[:60]}”: {vi}.", f"[[senders]] “{name[:60]}”: {en}.")
