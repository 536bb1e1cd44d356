"""The core's HTTPS port: its certificate is read before anything else starts, the port opened when the core leads.

Guards: a file or a port that cannot be used is told with its setting, never with a traceback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from OpenSSL.SSL import Error
from twisted.internet import ssl
from twisted.internet.error import CannotListenError

from dispatch_core.runtime.bounded_requests import bounded_site
from dispatch_core.runtime.http import ApiResource, Subject
from dispatch_core.runtime.services import EndingService
from dispatch_core.settings import Settings, SettingsError

CLOSED_WITHIN_S = 2.0


def certificate(settings: Settings) -> Any:
    """Twisted's TLS context. Raises SettingsError where the two files cannot be used."""
    key, public = settings.path(settings.tls_key), settings.path(settings.tls_certificate)
    try:
        return ssl.DefaultOpenSSLContextFactory(str(key), str(public))
    except (Error, OSError):
        raise SettingsError(
            "tls_files",
            f"tls_key {key}, tls_certificate {public}: không đọc được, hoặc không phải một cặp PEM; hãy sửa đường dẫn "
            "hoặc tạo lại cặp đó.",
            f"tls_key {key}, tls_certificate {public}: they cannot be read, or are no PEM pair; mend the paths or make "
            "the pair anew.",
        ) from None


def listen(reactor: Any, settings: Settings, subjects: Sequence[Subject], context: Any) -> EndingService:
    """Serve from now on; the service closes the port. Raises SettingsError where another program holds it."""
    host, number = settings.http_host, settings.http_port
    try:
        port = reactor.listenSSL(number, bounded_site(ApiResource(*subjects)), context, interface=host)
    except CannotListenError as problem:
        why = problem.socketError
        raise SettingsError(
            "http_port",
            f"http_host, http_port: không mở được {host}:{number} ({why}); dùng cổng khác, hoặc dừng chương trình đang "
            "giữ cổng đó.",
            f"http_host, http_port: cannot listen on {host}:{number} ({why}); use another port, or stop what holds it.",
        ) from None

    async def close() -> None:
        await asyncio.wait_for(port.stopListening().asFuture(asyncio.get_running_loop()), CLOSED_WITHIN_S)

    return EndingService("https", close)
