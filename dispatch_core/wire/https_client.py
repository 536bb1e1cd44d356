"""One HTTPS connection to the core, as consoles and the command line hold it. Blocking.

Guards: only the authority that was given is trusted, and the host's name is checked; answers are bounded in size;
whatever goes wrong is a ``CoreRefused`` (the core said no, with its sentences) or a ``CoreUnreachable``.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from http.client import HTTPMessage
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from dispatch_core.domain.errors import DispatchError

T = TypeVar("T")


class CoreUnreachable(DispatchError):
    """``why`` is (Vietnamese, English)."""

    def __init__(self, address: str, why: tuple[str, str]) -> None:
        super().__init__(
            "core_unreachable",
            f"Không kết nối được máy chủ {address}: {why[0]}.",
            f"Cannot reach the core at {address}: {why[1]}.",
        )


def reason(problem: Exception) -> tuple[str, str]:
    """What went wrong with a connection, as a person can act on it."""
    match problem:
        case ssl.SSLCertVerificationError():
            return (
                f"chứng thư của máy chủ không hợp lệ ({problem.verify_code}); kiểm tra tệp --ca",
                f"its certificate is not valid ({problem.verify_message}); check the file given by --ca",
            )
        case ConnectionRefusedError():
            return "không có chương trình nào nhận ở địa chỉ này", "nothing listens at this address"
        case TimeoutError():
            return "không trả lời kịp; kiểm tra mạng", "no answer in time; check the network"
        case socket.gaierror():
            return "không tìm thấy tên máy", "the host's name is not known"
        case OSError() if problem.errno:
            return f"lỗi mạng số {problem.errno}; kiểm tra mạng", f"{problem.strerror}; check the network"
        case _:
            return "kết nối bị ngắt giữa chừng; thử lại", "the connection broke; try again"


class CoreRefused(DispatchError):
    """The core's own no. ``status`` is the HTTP status."""

    def __init__(self, status: int, code: str, vi: str, en: str) -> None:
        super().__init__(code, vi, en)
        self.status = status
        self.live = False  # of a recording that has nothing more (yet): whether it still grows


class _Refusal(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str


class HttpsClient:
    """One connection, kept open between questions. Not for use by two threads at once."""

    def __init__(self, address: str, trust: ssl.SSLContext, *, connect_s: float, answer_bytes: int) -> None:
        """``address`` as https://HOST:PORT. ``connect_s``: to connect, and between two pieces of an answer. Raises
        ValueError where the address is not that."""
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError(f"the core's address is https://HOST:PORT, not {address!r}")
        self._address = address
        self._host, self._port = parts.hostname, parts.port or 443
        self._trust = trust
        self._patience_s, self._answer_bytes = connect_s, answer_bytes
        self._connection: http.client.HTTPSConnection | None = None
        self._session = ""
        self._said: HTTPMessage = HTTPMessage()  # the headers of the newest answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """(status, body, ETag) of a good answer. A kept connection that has died meanwhile is opened anew once."""
        kept = self._connection is not None
        try:
            return self._once(method, path, body, headers or {})
        except CoreUnreachable:
            if not kept:
                raise
        return self._once(method, path, body, headers or {})

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, str]:
        sent = {"Accept": "application/json", **headers}
        if self._session:
            sent["Authorization"] = f"Bearer {self._session}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            if self._connection is None:
                self._connection = http.client.HTTPSConnection(
                    self._host, self._port, timeout=self._patience_s, context=self._trust
                )
            self._connection.request(method, path, body, sent)
            answer = self._connection.getresponse()
            data = answer.read(self._answer_bytes + 1)
            self._said = answer.headers
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise CoreUnreachable(self._address, reason(problem)) from problem
        if len(data) > self._answer_bytes:
            self.close()
            raise CoreUnreachable(self._address, ("câu trả lời quá dài", "its answer is too long"))
        if answer.status >= http.client.BAD_REQUEST:
            raise self._refusal(answer.status, data)
        return answer.status, data, answer.headers.get("ETag", "")

    def _refusal(self, status: int, data: bytes) -> CoreRefused:
        try:
            said = msgspec.json.decode(data, type=_Refusal)
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = _Refusal(
                code=f"http_{status}", vi=f"Máy chủ trả lời lỗi {status}.", en=f"The core answered with error {status}."
            )
        return CoreRefused(status, said.code, said.vi, said.en)

    def _read(self, data: bytes, kind: type[T]) -> T:
        """The answer as ``kind``."""
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            unread = ("không đọc được câu trả lời của máy chủ", f"its answer cannot be read ({problem})")
            raise CoreUnreachable(self._address, unread) from problem
