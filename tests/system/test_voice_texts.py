"""Texts both ways over real SIP: told once, answered through the carrier that brought them, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dispatch_core.domain.conversations import ANSWER_BYTES
from dispatch_core.domain.effects import SendTextTo
from dispatch_core.ports import ActionFailed
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.text_carrier import TextCarrier
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice

ANSWERS = {
    "words": "Chúng tôi đã nhận tin, xe đang đến. Bạn ở tầng mấy?",
    "lines": "1) Ra khỏi nhà\n2) Gọi 114\n\nĐừng quay lại; {ok} ${EPOCH}",
    "a forged action": "x\r\n\r\nAction: Command\r\nCommand: core stop now\r\n\r\n",
    "pictures and marks": "🚒🇻🇳 \u202eđảo\u202c \u200f",
    "long": "ế" * (ANSWER_BYTES // 3),
}


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


@pytest.fixture(scope="module")
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as switch:
        switch.wait(lambda: switch.up)
        yield switch


@pytest.fixture
def carrier(voice: Voice) -> Iterator[TextCarrier]:
    with TextCarrier(voice.carrier_port, voice.site.ports.sip) as line:
        assert voice.carrier_seen(True)
        yield line


def order(board: Board, text: str, **more: str) -> SendTextTo:
    values = {"carrier": "viettel", "dialled": "114", "number": "0912345678", **more}
    return SendTextTo(node=board.node, conversation="t", text_id="a", text=text, **values)


def test_a_text_that_the_carrier_sends_again_is_one(board: Board, carrier: TextCarrier) -> None:
    again = carrier.send("Cháy nhà 🔥\ntầng 3", "0912345678", "114")
    carrier.send("Cháy nhà 🔥\ntầng 3", "0912345678", "114", call_id=again)
    carrier.send("Cháy nhà 🔥\ntầng 3", "0912345678", "114")  # somebody says it once more
    carrier.send("xong", "0912345678", "114")
    board.wait(lambda: any(line.text == "xong" for it in board.state.conversations.values() for line in it.lines))
    (conversation,) = board.state.conversations.values()
    assert [line.text for line in conversation.lines] == ["Cháy nhà 🔥\ntầng 3", "Cháy nhà 🔥\ntầng 3", "xong"]
    assert (conversation.carrier, conversation.number, conversation.dialled) == ("viettel", "0912345678", "114")


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_reaches_the_carrier_as_it_was_written(board: Board, carrier: TextCarrier, text: str) -> None:
    board.carry_out(order(board, text))
    board.wait(lambda: carrier.received, say=lambda: "no text came")
    (received,) = carrier.received
    assert (received.to, received.sender, received.body) == ("0912345678", "114", text.encode())


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"number": "0912@evil"}, "not a number"),
        ({"dialled": "114>\r\nX: y"}, "not a number"),
        ({"carrier": "nobody"}, "nobody|PJSIPShowEndpoint"),
        ({"carrier": "Vi/sip:1@1"}, "no carrier"),
    ],
)
def test_what_is_no_number_or_carrier_is_refused_unsent(
    board: Board, carrier: TextCarrier, more: dict[str, str], why: str
) -> None:
    with pytest.raises(ActionFailed, match=why) as refused:
        board.carry_out(order(board, "x", **more))
    assert not refused.value.unknown and not carrier.received


def test_a_carrier_that_is_away_is_known_to_be(voice: Voice, board: Board) -> None:
    assert voice.carrier_seen(False)
    with pytest.raises(ActionFailed, match="cannot be reached") as refused:
        board.carry_out(order(board, "x"))
    assert not refused.value.unknown
