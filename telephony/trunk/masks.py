"""Rendered files without their secrets, and what differs between two renderings.

Guarded here: a secret stands in nothing that is shown, kept or sent on, also one that we do not know any more. Its mark
is keyed: whoever sees it learns that it was replaced, and cannot try out what it was.
"""

from __future__ import annotations

import difflib
import hmac
import re
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256

from telephony.trunk.secrets import Secrets, capture_key

# also one that somebody wrote by hand, in capitals or in a line that he took out
_LINE = re.compile(
    r"^([\s;#]*(?:password|secret|capture_password|md5_cred|password_digest|auth_pass|turnpassword|tlsprivatekey)\s*=>?\s*)"
    r"(\S.*?)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
MARK_LENGTH = 8


def mark(secret: str, key: bytes) -> str:
    """What stands in the place of a secret."""
    return f"<secret:{hmac.new(key, secret.encode(), sha256).hexdigest()[:MARK_LENGTH]}>"


def masked(text: str, secrets: Secrets | None, key: bytes) -> str:
    """A text with every secret replaced by its mark: those in lines that hold one, and where any of `secrets` stands.
    `key`: of one installation, kept as the secrets are."""
    text = _LINE.sub(lambda line: line[1] + (line[2] if _is_mark(line[2]) else mark(line[2], key)), text)
    for secret in sorted(_all(secrets), key=len, reverse=True) if secrets is not None else ():
        text = text.replace(secret, mark(secret, key))
    return text


def masked_files(files: Mapping[str, str], secrets: Secrets | None, key: bytes) -> dict[str, str]:
    """The same of every file."""
    return {name: masked(text, secrets, key) for name, text in files.items()}


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """File name to the unified diff of it, for the files that differ. Give masked ones."""
    return {
        name: text
        for name in sorted({*before, *after})
        if (text := text_diff(before.get(name, ""), after.get(name, ""), name))
    }


def text_diff(before: str, after: str, name: str) -> str:
    """The unified diff of one text, "" where nothing differs."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, "", "", 2, "")
    return "".join(f"{line}\n" for line in lines)


def _is_mark(text: str) -> bool:
    return re.fullmatch(rf"<secret:[0-9a-f]{{{MARK_LENGTH}}}>", text) is not None


def _all(secrets: Secrets) -> set[str]:
    found = {secrets.probe, capture_key(secrets.ami)}
    for field in fields(secrets):
        value = getattr(secrets, field.name)
        found |= {value} if isinstance(value, str) else set(value.values()) if isinstance(value, Mapping) else set()
    return {secret for secret in found if isinstance(secret, str) and len(secret) >= MARK_LENGTH}
