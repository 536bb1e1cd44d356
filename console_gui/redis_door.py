"""How a console reaches Redis: TLS with the site's own authority, its own short-lived user, no silent retries."""

from __future__ import annotations

from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from console_gui.limits import REDIS_ANSWER_S, REDIS_CONNECT_S
from dispatch_core.wire.envelopes import RedisAccess


def connect(access: RedisAccess, authority: Path) -> redis.Redis:
    """A client whose every failure is raised at once: when to try again is decided by who uses it."""
    return redis.Redis(
        host=access.host,
        port=access.port,
        username=access.user or None,
        password=access.password or None,
        ssl=access.tls,
        ssl_ca_certs=str(authority) if access.tls else None,
        ssl_check_hostname=access.tls,
        socket_connect_timeout=REDIS_CONNECT_S,
        socket_timeout=REDIS_ANSWER_S,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        single_connection_client=True,
    )
