"""What a look reads of channels' variables: one that a channel does not have is nothing, whatever Asterisk writes."""

from __future__ import annotations

import asyncio
import base64

from telephony.link.asking import Value
from telephony.link.messages import AmiEvent, Answer
from telephony.reconcile import _variables


def test_a_call_that_is_not_recorded_yet_has_no_recording() -> None:
    told = base64.b64encode(b"a84b4c76e66710@host").decode()

    async def ask(name: str, **headers: Value) -> Answer:
        assert (name, headers) == ("Status", {"Variables": "MIXMONITOR_FILENAME,SIP_CALL,CALL_TEST"})
        rows = {
            "1.1": f"MIXMONITOR_FILENAME=(null)\nSIP_CALL={told}",
            "1.2": "MIXMONITOR_FILENAME=/rec/1.2.wav\nSIP_CALL=(null)",
            "1.3": "MIXMONITOR_FILENAME=\nSIP_CALL=\nCALL_TEST=1",
        }
        return Answer({}, [AmiEvent("Status", 0, {"Uniqueid": uid, "Variable": it}, {}) for uid, it in rows.items()])

    recordings, sip_calls, tests = asyncio.run(_variables(ask))
    assert (recordings, sip_calls) == ({"1.2": "/rec/1.2.wav"}, {"1.1": "a84b4c76e66710@host"})
    assert tests == {"1.3"}
