"""`scripts/carrier`: a carrier to practise with, at an address of this machine's loopback (127.x.y.z).

It answers OPTIONS and takes calls; each Enter in its terminal lets somebody call the centre of this checkout.
"""

from __future__ import annotations

import argparse
import ipaddress
import itertools
import sys

from scripts.stage.callers import Caller, Carrier
from scripts.stage.layout import Layout
from scripts.stage.progress import StageError
from telephony.trunk.site import load_site

PATIENCE_S = 90.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/carrier", description=__doc__.split("\n")[0])
    parser.add_argument("address", type=loopback_address, help="IP:PORT, such as 127.0.0.71:5060")
    parser.add_argument("--call", default="115", metavar="NUMBER", help="whom Enter calls (default: %(default)s)")
    asked = parser.parse_args(arguments)
    host, port = asked.address
    layout = Layout.of_checkout()
    centre = load_site(layout.var / "site.toml").ports.sip
    home = layout.var / "practice-carrier"

    def carrier(*callers: Caller) -> Carrier:
        return Carrier(home, port, centre, callers, name=f"carrier-{host}", host=host)

    numbers = (f"0977{number:06d}" for number in itertools.count(1))
    try:
        now = carrier()
        now.start()
        print(f"{host}:{port} trả lời; Enter: gọi {asked.call} | it answers; Enter: calls {asked.call}", flush=True)
        try:
            for _ in sys.stdin:
                now.stop()
                caller = Caller(asked.call, next(numbers), "Nguyễn Thử", patience=PATIENCE_S)
                now = carrier(caller)
                now.start()
                print(f"{caller.number} → {asked.call}", flush=True)
        finally:
            now.stop()
    except KeyboardInterrupt:
        return 0
    except StageError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def loopback_address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not ipaddress.IPv4Address(host).is_loopback:
        raise ValueError(host)
    return host, int(port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
