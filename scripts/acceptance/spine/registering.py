"""A phone that registers with a position's name and password, as one does that was added from the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.stage.media_sink import MediaSink
from scripts.stage.phones import WAITS, write_phone
from scripts.stage.sipp_program import EVER, sipp_child

_REGISTER = """\
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:{position}@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:{position}@[remote_ip]>
Call-ID: [call_id]
CSeq: {number} REGISTER
Contact: <sip:{position}@[local_ip]:[local_port]>
Expires: 300
Max-Forwards: 70
{more}Content-Length: 0
"""
_SCENARIO = """\
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="registering">
  <send retrans="500"><![CDATA[
{first}
]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
{second}
]]></send>
  <recv response="200"/>
  <pause milliseconds="{ever}"/>
</scenario>
"""


@contextmanager
def registered_phone(position: str, password: str, port: int, centre: int, home: Path) -> Iterator[None]:
    """On 127.0.0.1:`port`, registering at the SIP port `centre`; it picks up by itself when asked to."""
    home.mkdir(parents=True, exist_ok=True)
    first = _REGISTER.format(position=position, number=1, more="")
    known = f"[authentication username={position} password={password}]\n"
    second = _REGISTER.format(position=position, number=2, more=known)
    scenario = home / f"registering-{position}.xml"
    scenario.write_text(_SCENARIO.format(first=first, second=second, ever=EVER), "utf-8")
    media = MediaSink()
    phone = write_phone(WAITS, media.port, home / f"phone-{position}.xml")
    arguments = ["-sf", str(scenario), "-oocsf", str(phone), "-m", "1", f"127.0.0.1:{centre}"]
    child = sipp_child(f"phone-{position}", port, home, arguments)
    child.start()
    try:
        yield
    finally:
        child.stop()
        media.close()
