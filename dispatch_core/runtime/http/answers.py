"""What every subject of the HTTPS side shares: answers, refusals with a code and a sentence, what a request says.

Guards: a body is never longer than the limit; what cannot be read is refused in words, never with a traceback.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Person
from dispatch_core.settings import HTTP_BODY_LIMIT

Answer = tuple[int, bytes, str]
"""Status, body, content type. A handler sets further headers on the request itself."""

JSON = "application/json; charset=utf-8"

TRY_AGAIN = ("read_only", "overloaded")
"""Refusals that say nothing of the command: the same one may be taken later."""

Handler = Callable[[Request], Awaitable[Answer]]


class Subject(Protocol):
    """One subject of the HTTPS side."""

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """Method and path to handler; a path that ends with "/" takes every path that begins so."""
        ...


class HttpRefusal(DispatchError):
    def __init__(self, status: int, code: str, vi: str, en: str) -> None:
        super().__init__(code, vi, en)
        self.status = status


def json_answer(value: Any, status: int = 200) -> Answer:
    return status, msgspec.json.encode(value), JSON


def problem_answer(status: int, problem: DispatchError) -> Answer:
    return json_answer({"code": problem.code, "vi": problem.vi, "en": problem.en}, status)


def refusal_answer(refusal: Refusal) -> Answer:
    """The core refused a command."""
    sentence = refusal.sentence
    status = 503 if refusal.code in TRY_AGAIN else 409
    return json_answer({"code": refusal.code, "vi": sentence("vi"), "en": sentence("en")}, status)


def decoded(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        why = str(problem)[:200]
        raise HttpRefusal(400, "malformed", f"Nội dung không đúng dạng: {why}", f"Malformed body: {why}") from None


def body_of(request: Request) -> bytes:
    data = request.content.read(HTTP_BODY_LIMIT + 1) if request.content is not None else b""
    if len(data) > HTTP_BODY_LIMIT:
        raise HttpRefusal(413, "too_large", "Nội dung quá dài.", "The body is too large.")
    return bytes(data)


def token_of(request: Request) -> str:
    """The bearer's token, "" where there is none."""
    told = (request.getHeader(b"authorization") or b"").decode("ascii", "replace")  # as bytes: any may come
    kind, _, token = told.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def signed_in(who: Callable[[str], Person | None], request: Request) -> Person:
    """Whose session the request carries. HttpRefusal 401 where it is nobody's."""
    session = token_of(request)
    person = who(session) if session else None
    if person is None:
        raise HttpRefusal(401, "not_signed_in", "Bạn chưa đăng nhập.", "You are not signed in.")
    return person


def text_in(request: Request, name: bytes) -> str:
    """The value of a query's parameter, "" where it is not there."""
    value: bytes = (request.args or {}).get(name, [b""])[0]
    return value.decode("utf-8", "replace")


def number_in(request: Request, name: bytes) -> float | None:
    """A finite number of the query."""
    try:
        value = float(text_in(request, name))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def path_of(request: Request) -> str:
    return request.path.decode("ascii", "replace")
