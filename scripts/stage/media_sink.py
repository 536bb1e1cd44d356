"""A UDP port that takes media and forgets it, so that simulated phones have an address to be sent sound to.

Guarded here: Asterisk never meets a closed port; nothing is read, the kernel drops what does not fit.
"""

from __future__ import annotations

import socket
from types import TracebackType


class MediaSink:
    """`port` is bound on 127.0.0.1 until `close`."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> MediaSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
