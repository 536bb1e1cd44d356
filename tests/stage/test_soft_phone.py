"""The stage's telephone keeps to the order of SIP: who picks up says nothing more until the centre has heard it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from scripts.stage.ports import LOOPBACK
from scripts.stage.soft_phone import Packet, SoftPhone

INVITE = (
    "INVITE sip:vnpt@{host} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:1;branch=z9hG4bK1\r\n"
    "From: <sip:112@{host}>;tag=centre\r\nTo: <sip:vnpt@{host}>\r\nCall-ID: one\r\nCSeq: 7 INVITE\r\n"
    "Contact: <sip:112@{host}>\r\nContent-Length: 0\r\n\r\n"
)


class Centre:
    """The far end, by hand: sends what a test gives it, and reads what the phone says."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.settimeout(10.0)
        self.port: int = self.socket.getsockname()[1]
        self.phone = 0

    def say(self, text: str) -> None:
        self.socket.sendto(text.format(host=LOOPBACK).encode(), (LOOPBACK, self.phone))

    def hear(self) -> Packet:
        data, (_, self.phone) = self.socket.recvfrom(65_536)
        return Packet.read(data)


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.socket.close()


@pytest.fixture
def phone(centre: Centre) -> Iterator[SoftPhone]:
    with SoftPhone("vnpt", 0, centre.port, picks_up=True) as phone:
        centre.phone = phone.port
        yield phone


def test_a_phone_that_hangs_up_at_once_waits_until_its_answer_is_known(centre: Centre, phone: SoftPhone) -> None:
    """A BYE before the ACK may overtake the answer; the centre knows no such call then, and goes on with it."""
    centre.say(INVITE)
    assert [centre.hear().status, centre.hear().status] == [180, 200]
    (dialog,) = phone.dialogs
    hand = threading.Thread(target=dialog.hang_up)
    hand.start()
    assert centre.hear().status == 200  # its answer once more, for nobody has said that it came
    assert dialog.state == "lifted"
    centre.say(INVITE.replace("INVITE", "ACK"))
    while (said := centre.hear()).status:
        assert said.status == 200
    assert said.method == "BYE"
    hand.join(10.0)
    assert dialog.state == "over"


def test_an_answer_that_is_known_is_not_repeated(centre: Centre, phone: SoftPhone) -> None:
    centre.say(INVITE)
    first = [centre.hear(), centre.hear()][1]
    again = centre.hear()
    assert (again.body, again.headers) == (first.body, first.headers)
    centre.say(INVITE.replace("INVITE", "ACK"))
    phone.talking()
    centre.socket.settimeout(1.5)  # three times as long as it waits before it says it again
    with pytest.raises(TimeoutError):
        centre.hear()


def test_whoever_says_something_in_the_call_has_heard_the_answer(centre: Centre, phone: SoftPhone) -> None:
    """The ACK may be lost; nobody waits for it then."""
    centre.say(INVITE)
    assert [centre.hear().status, centre.hear().status] == [180, 200]
    centre.say(INVITE.replace("CSeq: 7 INVITE", "CSeq: 8 NOTIFY").replace("INVITE sip", "NOTIFY sip"))
    assert centre.hear().method == "NOTIFY" and phone.talking().state == "up"
