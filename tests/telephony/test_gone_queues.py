"""After the configuration was read anew: who waits in a queue that is gone is sent on, and nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.link.messages import AmiEvent, Answer


def _channel(uid: str, app: str, data: str, call: str = "") -> AmiEvent:
    headers = {"Uniqueid": uid, "Application": app, "ApplicationData": data}
    return AmiEvent("CoreShowChannel", 0, headers, {"CALL_UUID": call or uid})


CHANNELS = [
    _channel("p-1", "Queue", "q-fire,riI,,,20,,picked-up"),
    _channel("p-2", "Queue", "q-fire+police,riI,,,20,,picked-up"),
    _channel("p-3", "Queue", "q-gone,riI,,,60", call="x"),  # a phone of ours that calls a service
    _channel("p-4", "AppQueue", "(Outgoing Line)", call="p-2"),
    _channel("p-5", "Wait", "0.3"),
]


def _asked(queues: list[str], problem: ActionFailed | None = None) -> list[str]:
    sent: list[str] = []

    async def ask(action: str, **headers: Any) -> Answer:
        if action == "Redirect":
            sent.append(headers["Channel"])
            assert (headers["Context"], headers["Exten"]) == ("wait-again", "s")
            if problem is not None:
                raise problem
        if action == "QueueStatus":
            return Answer({}, [AmiEvent("QueueParams", 0, {"Queue": name}, {}) for name in queues])
        return Answer({}, CHANNELS if action == "CoreShowChannels" else [])

    asyncio.run(Actions(ask, lambda: None, dict).reload())  # type: ignore[arg-type,return-value]
    return sent


def test_only_a_caller_whose_queue_is_gone_is_sent_on() -> None:
    assert _asked(["q-all", "q-fire"]) == ["p-2"]
    assert _asked(["q-all", "q-fire", "q-fire+police"]) == []
    assert _asked(["default"]) == []


def test_who_has_hung_up_meanwhile_is_no_failure_and_not_to_know_is_one() -> None:
    assert _asked(["q-all"], ActionFailed("Redirect", "no such channel")) == ["p-1", "p-2"]
    with pytest.raises(ActionFailed):
        _asked(["q-all"], ActionFailed("Redirect", "no answer", unknown=True))
