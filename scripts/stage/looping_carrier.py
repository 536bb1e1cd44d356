"""A carrier that sends a call for one of our own numbers back to us on the trunk, as a real one does, and answers other
numbers as it is told: by a refusal, by nothing at all, or by somebody who picks up.

The two calls are joined in signalling alone: each ends with the other.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Mapping

from scripts.stage.progress import StageError
from scripts.stage.soft_phone import Dialog, Packet, SoftPhone

SILENT = "silent"
RINGS = "rings"


class LoopingCarrier(SoftPhone):
    """``back``: numbers that it sends back; ``answers``: number to a status line, SILENT or RINGS; any other number
    picks up at once. ``keeps``: whether it hands our own headers on; ``calls_as``: who the call that comes back is
    from."""

    def __init__(
        self, port: int, centre: int, back: Collection[str], answers: Mapping[str, str], *, keeps: bool = True,
        calls_as: str = "<sip:0912345678@carrier>",
    ) -> None:  # fmt: skip
        self._back, self._answers, self.keeps, self._calls_as = frozenset(back), dict(answers), keeps, calls_as
        self.invites: list[Packet] = []
        super().__init__("carrier", port, centre)

    def _invited(self, packet: Packet, dialog: Dialog | None) -> None:
        if dialog is not None:
            super()._invited(packet, dialog)
            return
        self.invites.append(packet)
        found = re.match(r"INVITE sip:([^@;>]+)@", packet.first)
        number = found[1] if found else ""
        how = self._answers.get(number, "")
        if how == SILENT:
            return
        if how and how != RINGS:
            self.respond(packet, how, Dialog(self, "", f"<sip:x>;tag={number or 'x'}", "", ""))
            return
        super()._invited(packet, dialog)
        came = self.dialogs[-1]
        if number in self._back:
            own = [f"{name}: {value}\r\n" for name, value in packet.headers if name.startswith("x-")]
            threading.Thread(
                target=self._join, args=(came, number, "".join(own) if self.keeps else ""), daemon=True
            ).start()
        elif how != RINGS:
            came.lift()

    def _join(self, came: Dialog, number: str, own: str) -> None:
        back = self.dial(number, own, self._calls_as)
        try:
            back.wait("up", "refused", "over")
            if back.state == "up" and came.invited is not None:
                came.lift()
            self.wait(lambda: "over" in (came.state, back.state) or back.state == "refused", "joined", 120)
        except StageError:
            return  # the stage is over
        for end in (came, back):
            if end.state not in ("over", "refused"):
                end.hang_up()
