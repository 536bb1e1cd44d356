"""Who sends over HTTPS without being a person: each with a token of its own, which opens what its kind sends, no more.

A token is looked up at each request, so that whoever replaces the file has changed it; while there are two lines in the
file, both are taken.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence

from msgspec import Struct

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, SenderKind
from dispatch_core.runtime.http.answers import Answer, HttpRefusal, json_answer, refusal_answer
from dispatch_core.runtime.sequencer import Sequencer

IDENT_LENGTH = 100
EVERYBODY = "intake"
"""The name of whoever holds the one token that opens all intakes for which nobody is named."""


class Sender(Struct, frozen=True):
    """``kind`` None: the token that opens all. ``secrets``: its tokens as they are now, none: it is shut out."""

    name: str
    kind: SenderKind | None
    secrets: Callable[[], Sequence[str]]

    def actor(self) -> Actor:
        return Actor(ActorKind.INTAKE, self.name, self.kind)

    def ident(self, what: str, ident: str) -> str:
        """Of a command: takes effect once, whatever ids another sender has."""
        return f"{what}-{ident}" if self.kind is None else f"from-{self.name}:{ident}"


def only(token: str, name: str = EVERYBODY, kind: SenderKind | None = None) -> Sender:
    """One that never changes; "" = nobody."""
    return Sender(name, kind, lambda: (token,) if token else ())


class Senders:
    def __init__(self, listed: Sequence[Sender] = ()) -> None:
        self._listed = tuple(listed)
        self._named = frozenset(it.kind for it in listed)

    def any_of(self, kind: SenderKind) -> bool:
        return kind in self._named

    def opened_to_all(self) -> tuple[SenderKind, ...]:
        """What the one token that opens all still opens: nothing of which a sender is named."""
        if None not in self._named:
            return ()
        return tuple(it for it in SenderKind if it is not SenderKind.LOCATION and it not in self._named)

    def admit(self, token: str, *kinds: SenderKind) -> Sender:
        """Whose token it is, where that may send what these kinds send. HttpRefusal 401, 403."""
        found = self._whose(token)
        if found is None:
            raise HttpRefusal(401, "bad_token", "Mã truy cập không đúng.", "The token is wrong.")
        if found.kind in kinds or (found.kind is None and set(kinds) & set(self.opened_to_all())):
            return found
        raise HttpRefusal(
            403, "not_allowed",
            f"Mã truy cập của {found.name} không dùng được ở đây; cần mã loại {_listed(kinds)}.",
            f"The token of {found.name} does not open this; one of the kind {_listed(kinds)} is needed.",
        )  # fmt: skip

    def _whose(self, token: str) -> Sender | None:
        """All are compared, so that the time taken tells nothing."""
        given, found = token.encode(), None
        for sender in self._listed:
            for secret in sender.secrets():
                if secret and hmac.compare_digest(given, secret.encode()) and found is None:
                    found = sender
        return found

    def signer(self, kind: SenderKind, signed: Callable[[str], bool]) -> Sender | None:
        """Who of this kind has the key under which ``signed`` holds."""
        mine = (it for it in self._listed if it.kind is kind)
        return next((it for it in mine if any(secret and signed(secret) for secret in it.secrets())), None)


def _listed(kinds: Sequence[SenderKind]) -> str:
    return ", ".join(it.value for it in kinds)


async def tell(sequencer: Sequencer, sender: Sender, ident: str, body: Command, what: str = "intake") -> Answer:
    """The command in the sender's name, once for its id. HttpRefusal 400 for an id that the journal cannot keep."""
    if not (1 <= len(ident) <= IDENT_LENGTH and ident.isprintable()):
        raise HttpRefusal(
            400, "malformed", "id phải gồm 1 đến 100 ký tự in được.", "id must have 1 to 100 printable characters."
        )
    outcome = await sequencer.ask(Asked(id=sender.ident(what, ident), actor=sender.actor(), body=body))
    return json_answer({"seq": outcome.seq}) if outcome.refusal is None else refusal_answer(outcome.refusal)
