"""A UDP port that takes media and forgets it, so that simulated phones have an address to be sent sound to.

Guarded here: Asterisk never meets a closed port; nothing is read, the kernel drops what does not fit.
"""

from __future__ import annotations

import contextlib
import socket
import threading
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


class MediaMirror(MediaSink):
    """Sends every packet back to where it came from: a phone into which nobody speaks, but which is there."""

    def __init__(self) -> None:
        super().__init__()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        threading.Thread(target=self._mirror, name="media mirror", daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes who reads
        super().close()

    def _mirror(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                packet, sender = self._socket.recvfrom(2048)
                if not packet:
                    return  # closing
                self._socket.sendto(packet, sender)
