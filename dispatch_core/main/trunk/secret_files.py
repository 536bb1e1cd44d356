"""The files in which a description's secrets are: where they may be, whether they are good, how one is replaced.

Guards: what the admin types never names a file outside of the folders for secrets, nor one of the core's own; a secret
that is replaced has its file before beside it until the change is settled; nothing here gives a secret to anybody.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dispatch_core.main.files import write_whole
from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.settings import Settings
from dispatch_core.wire.trunk import Mistake, SecretShown
from telephony.trunk.secrets import SecretFile, check_secret, secret_files
from telephony.trunk.site import Site, SiteError

FOLDERS = ("secrets", "phones", "carriers")
"""Beside site.toml; and the folder of the core's own secrets."""

OURS = re.compile(r"(carrier|phone)-[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A file that nothing names yet may be made, or written over, under such a name."""

MASK_KEY = "trunk-mask-key"
NAME_MOST = 250
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def named(site: Site) -> Mapping[str, tuple[str, ...]]:
    """Each secret's file as the description names it, to who uses it."""
    return {it.name: it.used_by for it in secret_files(site, Path())}


class SecretFiles:
    """Every method blocks, briefly."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.path(settings.site).parent
        self._own = settings.path(settings.redis_password_file).parent.resolve()
        core = (
            settings.redis_password_file, settings.tls_key, settings.tls_certificate, settings.intake_token_file,
            settings.aml_key_file, settings.site, *(it.token_file for it in settings.senders),
            *(it.secret_file for it in settings.nodes),
        )  # fmt: skip
        self._protected = frozenset(settings.path(it).resolve() for it in core if it) | {self._own / MASK_KEY}

    def shown(self, site: Site) -> tuple[SecretShown, ...]:
        return tuple(
            SecretShown(name=it.name, used_by=it.used_by, state=it.state, changed_at=_changed_at(it.path))
            for it in secret_files(site, self._folder)
        )

    def mistakes(self, site: Site, in_force: Site) -> tuple[Mistake, ...]:
        """What is wrong with the secrets that a candidate names. Those that are in force already may be anywhere."""
        known = named(in_force)
        found = []
        for it in secret_files(site, self._folder):
            key = f"{it.used_by[0]}.{'secret_file' if it.used_by[0].startswith('carriers') else 'phone.secret_file'}"
            if it.name not in known and not self._may_be_named(it.name, in_force):
                found.append(_outside(key, it.name))
            elif it.state != "good":
                found.append(_bad(key, it))
        return tuple(found)

    def to_replace(self, name: str, secret: str, in_force: Site) -> tuple[Path, tuple[str, ...]]:
        """The file, and who uses it (nobody: it may just be written). Raises TrunkRefused."""
        if "\x00" in name or len(name) > NAME_MOST:
            raise _no_such()
        used_by = named(in_force).get(name, ())
        of_carrier = all(it.startswith("carriers.") for it in used_by) and not Path(name).name.startswith("phone")
        try:
            check_secret(secret, of_carrier, name[:80])
        except SiteError as problem:
            raise TrunkRefused("bad_secret", problem.vi, problem.en) from None
        path = self._folder / name
        free = OURS.fullmatch(path.name) is not None or not path.exists()
        if path.resolve() in self._protected or not (used_by or (free and self._may_be_named(name, in_force))):
            raise _no_such()
        return path, used_by

    def is_good(self, name: str, site: Site) -> bool:
        return all(it.state == "good" for it in secret_files(site, self._folder) if it.name == name)

    def write(self, path: Path, secret: str) -> None:
        """A new one, with nothing to go back to."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, secret + "\n", 0o600)

    # --- replaced, with a way back ------------------------------------------------------------------------------------

    def replace(self, path: Path, secret: str) -> None:
        before = path.read_text("utf-8") if path.exists() else ""
        write_whole(_aside(path), before, 0o600)
        write_whole(path, secret + "\n", 0o600)

    def give_back(self, path: Path) -> None:
        """The one before, where one is kept."""
        with contextlib.suppress(FileNotFoundError):
            os.replace(_aside(path), path)

    def settle(self, path: Path) -> None:
        _aside(path).unlink(missing_ok=True)

    def path_of(self, name: str) -> Path:
        return self._folder / name

    # --- where --------------------------------------------------------------------------------------------------------

    def _may_be_named(self, name: str, in_force: Site) -> bool:
        """Whether somebody at a console may name this file for the first time."""
        if "\x00" in name or len(name) > NAME_MOST:
            return False
        path = self._folder / name
        if not NAME.fullmatch(path.name):
            return False
        real = path.resolve()
        if real.parent == self._own and not OURS.fullmatch(path.name):
            return False  # other programs keep theirs there too
        folders = {self._own, *((self._folder / it).resolve() for it in FOLDERS)}
        folders |= {(self._folder / it).resolve().parent for it in named(in_force)} - {self._folder.resolve()}
        return real.parent in folders and real.name == path.name and real not in self._protected


def _changed_at(path: Path) -> int:
    try:
        return int(path.stat().st_mtime * 1000)
    except OSError:
        return 0


def _no_such() -> TrunkRefused:
    return TrunkRefused(
        "no_such_secret",
        "Không có tệp mật khẩu này: ghi đúng tên trong site.toml, hoặc secrets/carrier-… cho tệp mới.",
        "There is no such secret: write its name as in site.toml, or secrets/carrier-… for a new one.",
    )


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")


def _outside(key: str, name: str) -> Mistake:
    return Mistake(
        code="site.secret-place", key=key, line=0,
        vi=f"tệp mật khẩu “{name[:80]}” không ở thư mục dành cho mật khẩu",
        en=f"the secret's file {name[:80]!r} is not in a folder for secrets",
        instead_vi="secrets/carrier-… hoặc phones/…, tính từ thư mục của site.toml",
        instead_en="secrets/carrier-… or phones/…, seen from the folder of site.toml",
    )  # fmt: skip


def _bad(key: str, file: SecretFile) -> Mistake:
    name = file.name[:80]
    missing = file.state == "missing"
    return Mistake(
        code="site.secret-unreadable" if missing else "site.secret-unusable", key=key, line=0,
        vi=f"không đọc được tệp mật khẩu “{name}”" if missing else f"mật khẩu trong “{name}” không dùng được",
        en=f"the secret's file {name!r} cannot be read" if missing else f"the secret in {name!r} is unusable",
        instead_vi="mật khẩu vào tệp đó bằng lệnh thay mật khẩu", instead_en="the secret into it by replacing it",
    )  # fmt: skip
