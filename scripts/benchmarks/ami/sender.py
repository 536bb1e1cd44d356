"""`python -m scripts.benchmarks.ami.sender FILE`: says its port, answers whoever logs in, and sends FILE when asked to.

A process of its own, so that what it costs to send is not on anybody's side of the ratio.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from scripts.benchmarks.ami.marks import GO
from telephony.simulator.framing import GREETING, ActionReader, answered

ANSWERS = {"CoreSettings": "Response: Success\r\nSystemName: {system}"}


def serve(client: socket.socket, stream: bytes, system: str) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(GREETING)
    reader = ActionReader()
    while data := client.recv(65536):
        for action in reader.feed(data):
            text = ANSWERS.get(action.name, "Response: Success").format(system=system)
            client.sendall(answered(text, action.get("ActionID")))
            if action.name == GO:
                client.sendall(stream)


def main(file: str, system: str) -> None:
    stream = Path(file).read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            client, _ = server.accept()
            with client:
                try:
                    serve(client, stream, system)
                except ConnectionError:
                    continue


if __name__ == "__main__":
    main(*sys.argv[1:3])
