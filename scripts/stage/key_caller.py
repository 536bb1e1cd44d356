"""A caller who may say nothing: presses keys (RFC 4733) and hears what the centre plays to him."""

from __future__ import annotations

import queue
import secrets
import time

from scripts.stage.sound_caller import LOOPBACK, PACKET_S, PCMA, SoundCaller
from scripts.stage.tone import FRAME, Samples, alaw

EVENT = 101
DIGITS = "0123456789*#ABCD"
KEY_PACKETS = 5  # 100 ms, then the end three times
GAP_PACKETS = 6
QUIET_BYTES = frozenset((0x54, 0x55, 0xD4, 0xD5))


class KeyCaller(SoundCaller):
    """As `SoundCaller`; `press` and `say` take effect in order, each after what came before. `heard_s`: seconds of
    packets in which something was to be heard."""

    def __init__(self, port: int, centre: int, dial: str, number: str) -> None:
        super().__init__(port, centre, dial, number)
        self._todo: queue.SimpleQueue[bytes | str] = queue.SimpleQueue()
        self.heard: list[float] = []  # monotonic, of each packet that was not silence

    @property
    def heard_s(self) -> float:
        return len(self.heard) * PACKET_S

    @property
    def longest_s(self) -> float:
        """The longest stretch in which something was heard without a pause of 0.7 s: a ring lasts one second."""
        longest, since, last = 0.0, 0.0, 0.0
        for at in list(self.heard):
            if at - last > 0.7:
                since = at
            last = at
            longest = max(longest, last - since)
        return longest

    def press(self, digit: str) -> None:
        """A key, and the time that a finger takes to the next."""
        self._todo.put(digit)
        for _ in range(GAP_PACKETS):
            self._todo.put(self._quiet)

    def say(self, sound: Samples) -> None:
        for at in range(0, len(sound) - FRAME + 1, FRAME):
            self._todo.put(alaw(sound[at : at + FRAME]))

    def _sdp(self) -> str:
        audio = super()._sdp().replace(f"RTP/AVP {PCMA}\r\n", f"RTP/AVP {PCMA} {EVENT}\r\n")
        return audio + f"a=rtpmap:{EVENT} telephone-event/8000\r\na=fmtp:{EVENT} 0-15\r\n"

    def _talk(self, port: int) -> None:
        source, number, stamp = secrets.token_bytes(4), 0, 0
        self.began_playing = began = time.monotonic()
        while not (self.over.is_set() or self._closing.is_set()):
            todo = self._todo.get() if not self._todo.empty() else self._quiet
            packets = _key(todo) if isinstance(todo, str) else [(PCMA, todo, True)]
            start = stamp
            for kind, body, moves in packets:
                head = bytes((0x80, kind)) + (number & 0xFFFF).to_bytes(2, "big") + start.to_bytes(4, "big") + source
                try:
                    self._rtp.sendto(head + body, (LOOPBACK, port))
                    self._listen_once()
                except OSError:
                    pass  # the port has just been closed
                number += 1
                if moves:
                    stamp += FRAME
                    time.sleep(max(0.0, began + stamp / FRAME * PACKET_S - time.monotonic()))
            self.packets_sent = number

    def _listen_once(self) -> None:
        while True:
            try:
                packet = self._rtp.recv(2048)
            except BlockingIOError:
                return
            if len(packet) > 12 and packet[1] & 0x7F == PCMA and not QUIET_BYTES.issuperset(packet[12:]):
                self.heard.append(time.monotonic())


def _key(digit: str) -> list[tuple[int, bytes, bool]]:
    """The packets of one key: payload type, body, whether time moves on with it."""
    code, volume = DIGITS.index(digit), 10
    lasting = [(EVENT, bytes((code, volume)) + (n * FRAME).to_bytes(2, "big"), True) for n in range(1, KEY_PACKETS)]
    end = (EVENT, bytes((code, 0x80 | volume)) + (KEY_PACKETS * FRAME).to_bytes(2, "big"))
    return [*lasting, *((*end, last) for last in (False, False, True))]
