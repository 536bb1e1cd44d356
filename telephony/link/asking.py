"""One action: checked before anything is sent, answered once, its list bounded.

Guarded here: a line break or NUL in a key or value never reaches the socket (AMI would read the rest of the value as
another action), nor does a line that is longer than Asterisk reads.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

from panoramisk.actions import Action
from panoramisk.message import Message

from dispatch_core.ports import ActionFailed
from dispatch_core.settings import AMI_ACTION_HEADERS, AMI_LINE_BYTES, AMI_LIST_ITEMS
from telephony.link.messages import AmiEvent, Answer

Value = str | int | Sequence[str]

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
_BREAK = re.compile("[\r\n\x00]")


class Ask(Action):  # type: ignore[misc]
    """panoramisk's action with an id and a future of ours, and answers counted by what Asterisk says, not guessed."""

    def __init__(self, name: str, ident: str, headers: Mapping[str, Value], loop: asyncio.AbstractEventLoop) -> None:
        self._store: dict[str, tuple[str, str | list[str]]] = {}
        self.as_list = None
        self.responses: list[Message] = []
        self.future: asyncio.Future[Answer] = loop.create_future()
        self._answer: Answer | None = None
        self.update({**checked(name, headers), "Action": name, "ActionID": ident})

    def __repr__(self) -> str:
        return f"<Ask {self['Action']} {self['ActionID']}>"  # never the values: one of them is the secret

    def add_message(self, message: Message) -> bool:
        """Take the response. True when nothing more will come for this action."""
        if self._answer is not None:
            return False
        self._answer = Answer({key: value for key, value in message.items() if key != "content"})
        if self._answer.get("EventList").lower() == "start":
            return False
        self._done()
        return True

    def add_entry(self, entry: AmiEvent) -> bool:
        """Take an entry of the list. True when it was the last."""
        if self._answer is None:
            return False
        if entry.get("EventList").lower() in ("complete", "cancelled"):
            self._done()
            return True
        self._answer.items.append(entry)
        if len(self._answer.items) > AMI_LIST_ITEMS:
            self.fail(ActionFailed(self["Action"], f"more than {AMI_LIST_ITEMS} entries"))
            return True
        return False

    def fail(self, why: ActionFailed) -> None:
        if not self.future.done():
            self.future.set_exception(why)

    def _done(self) -> None:
        if not self.future.done() and self._answer is not None:
            self.future.set_result(self._answer)


def checked(name: str, headers: Mapping[str, Value]) -> dict[str, str | list[str]]:
    """The headers as text. Raises ActionFailed, and nothing is sent, where one could break out of its line."""
    result: dict[str, str | list[str]] = {}
    lines = 0
    for key, value in {"Action": name, **headers}.items():
        values = [str(value)] if isinstance(value, str | int) else [str(one) for one in value]
        lines += len(values)
        for text in values:
            _check(name, key, text)
        if key != "Action":
            result[key] = values[0] if isinstance(value, str | int) else values
    if lines > AMI_ACTION_HEADERS:
        raise ActionFailed(_shown(name), f"{lines} headers, {AMI_ACTION_HEADERS} at most")
    return result


def _check(name: str, key: str, text: str) -> None:
    if not _KEY.fullmatch(key) or key.lower() == "actionid":
        raise ActionFailed(_shown(name), f"not the name of a header: {_shown(key)}")
    if _BREAK.search(text):
        raise ActionFailed(_shown(name), f"a line break or NUL in {key}")
    try:
        length = len(f"{key}: {text}".encode())
    except UnicodeEncodeError:
        raise ActionFailed(_shown(name), f"{key} is not text") from None
    if length > AMI_LINE_BYTES:
        raise ActionFailed(_shown(name), f"{key} has {length} bytes, {AMI_LINE_BYTES} at most")


def _shown(text: str) -> str:
    return ascii(text[:40])[1:-1]
