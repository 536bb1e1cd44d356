"""Recordings: real sound in, found on disk, heard again at a console, missed where it is missing, kept and exported.

Callers send a real tone over RTP; what a console plays is heard on the output of a sound server of the run's own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.sound_caller import SoundCaller
from scripts.stage.sound_server import SoundServer
from scripts.stage.tone import Heard, Samples, loudest, sine

TONE_HZ = 1_000.0
OTHER_HZ = 440.0
TONE_S = 5.0
HEARD_WITHIN_S = 2.0
WAV_HEADER = 44
SAME_TONE = 5.0  # Hz

_sound: list[SoundServer] = []


def sound() -> SoundServer:
    """The sound server of this run; consoles that start from now on play there."""
    if not _sound:
        home = rig().layout.var / "sound"
        server = SoundServer(home).__enter__()
        rig().stage.ending(lambda: server.__exit__(None, None, None))
        os.environ.update(server.environment)
        _sound.append(server)
        for console in rig().consoles.values():
            console.stop()  # they know of no sound server
    return _sound[0]


@contextmanager
def heard_call(r: Rig, console: Console, tone: Samples | None = None, dial: str = "113") -> Iterator[dict[str, Any]]:
    """A caller who is really heard, answered at the console; it is up within, and hung up by the caller after."""
    number = r.number()
    port, centre = r.system.site.carrier_port, r.system.site.site.ports.sip
    with SoundCaller(port, centre, dial, number, tone) as caller:
        caller.wait_connected()
        call = r.answered(console, number)
        yield {**call, "number": number, "caller": caller}
    r.shown(console, number, "ended")


def file_of(r: Rig, call: str) -> Path:
    rows = until(lambda: r.sql("SELECT file FROM recordings WHERE call = %s", call), "the recording's row")
    return r.system.site.recordings / str(rows[0][0])


def samples(file: Path) -> Samples:
    data = file.read_bytes()[WAV_HEADER:]
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")


def summed(r: Rig, call: str) -> tuple[str, list[str], int]:
    """(state, faults, milliseconds) once the call's recording was summed up."""

    def found() -> list[tuple[Any, ...]]:
        return r.sql("SELECT state, faults, ms FROM recordings WHERE call = %s AND checked_at IS NOT NULL", call)

    state, faults, ms = until(found, "the recording summed up")[0]
    return state, faults, ms


def told(tone: Heard) -> str:
    return f"{tone.hertz:.0f} Hz for {tone.seconds:.1f} s, {tone.share:.0%} of the sound"


def need_tone(tone: Heard, at_least: float, where: str) -> None:
    good = abs(tone.hertz - TONE_HZ) <= SAME_TONE and tone.seconds >= at_least and tone.share > 0.8
    need(good, f"{where}: {told(tone)}, wanted {TONE_HZ:.0f} Hz for {at_least:.1f} s")


# --- the rows ---------------------------------------------------------------------------------------------------------


def tone_found() -> str:
    """A tone of 1,000 Hz sent by the caller is in the recording, as long as it was; a silent caller's has none."""
    r = rig()
    lan = r.console("lan")
    with heard_call(r, lan, sine(TONE_HZ, TONE_S)) as call:
        until(lambda: call["caller"].packets_sent >= (TONE_S + 0.5) * 50, "the tone sent")
    with heard_call(r, lan) as silent:
        until(lambda: silent["caller"].packets_sent >= 100, "two seconds of silence sent")
    state, faults, ms = summed(r, call["call"])
    need((state, faults) == ("kept", []), f"{state} {faults}")
    found = loudest(samples(file_of(r, call["call"])), TONE_HZ)
    need_tone(found, TONE_S - 0.3, "in the recording")
    need(found.seconds <= TONE_S + 0.3, f"too long: {told(found)}")
    summed(r, silent["call"])
    none = loudest(samples(file_of(r, silent["call"])), TONE_HZ)
    need(none.seconds == 0.0, f"a silent caller's recording has {told(none)}")
    return f"recorded {ms / 1000:.1f} s with {told(found)}; a silent caller's: none"


def instant_recall() -> str:
    """While the call still runs, one key plays its last seconds; the first sound comes within 2 s."""
    server, r = sound(), rig()
    lan = r.console("lan")
    with heard_call(r, lan, sine(TONE_HZ, 8.0)) as call:
        until(lambda: call["caller"].packets_sent >= 6.5 * 50, "six seconds of the tone sent")
        with server.ear() as ear:
            lan.key("Shift+F2")
            first = until(lambda: lan.told("sound"), "the first sound", 5.0)[-1]
            until(lambda: lan.told("listening")[-1]["stage"] == "ended", "the end of what there is", 15.0)
        need(call["call"] == first["call"] and first["live"], f"played {first}")
        need(r.shown(lan, call["number"], "answered"), "the call was over")
    need(first["after_s"] <= HEARD_WITHIN_S, f"first sound after {first['after_s']:.2f} s")
    found = loudest(ear.samples, TONE_HZ)
    need_tone(found, 3.0, "out of the console")
    audited = r.sql("SELECT actor FROM journal WHERE type = 'RecordingHeard' AND call = %s", call["call"])
    need(audited == [("person:lan",)], f"audit: {audited}")
    return f"first sound {first['after_s']:.2f} s after Shift+F2; heard: {told(found)}; in the journal: {audited[0][0]}"


def playback() -> str:
    """After the call, typed: the console's output has the tone for as long as the caller sent it, and not another."""
    server, r = sound(), rig()
    lan = r.console("lan")
    with heard_call(r, lan, sine(TONE_HZ, 3.0)) as call:
        until(lambda: call["caller"].packets_sent >= 4.0 * 50, "the tone sent")
    summed(r, call["call"])
    known = len(lan.told("sound"))
    with server.ear() as ear:
        lan.do(f"nghe {call['number']}")
        first = until(lambda: lan.told("sound")[known:], "the first sound", 5.0)[-1]
        until(lambda: lan.told("listening")[-1]["stage"] == "ended", "the end of the recording", 20.0)
    recorded = loudest(samples(file_of(r, call["call"])), TONE_HZ)
    played, other = loudest(ear.samples, TONE_HZ), loudest(ear.samples, OTHER_HZ)
    need_tone(played, 2.6, "out of the console")
    need(abs(played.seconds - recorded.seconds) <= 0.3, f"recorded {told(recorded)}, played {told(played)}")
    need(other.seconds == 0.0, f"another tone: {told(other)}")
    need(first["after_s"] <= HEARD_WITHIN_S, f"first sound after {first['after_s']:.2f} s")
    return f"recorded {told(recorded)}; played {told(played)}; first sound after {first['after_s']:.2f} s"


def no_device() -> str:
    """Without a sound device the console says so in words, at once."""
    r = rig()
    lan = r.console("lan")
    with heard_call(r, lan) as call:
        until(lambda: call["caller"].packets_sent >= 50, "a second of the call")
    summed(r, call["call"])
    kept = os.environ.get("PULSE_SERVER", "")
    os.environ["PULSE_SERVER"] = "unix:/nonexistent"
    try:
        if "minh" in r.consoles:
            r.consoles.pop("minh").stop()  # it would know of the sound server
        minh = r.console("minh")
        minh.do(f"nghe {call['number']}")
        said = until(
            lambda: [it for it in minh.notices if it["code"] == "no_sound_device"], "a sentence about it", 5.0
        )
    finally:
        os.environ.pop("PULSE_SERVER")
        if kept:
            os.environ["PULSE_SERVER"] = kept
        r.consoles.pop("minh").stop()
    return str(said[0]["sentence"])


def gap() -> str:
    """Recording stopped in mid-call at the switch's own console: an alarm names the incident; the story says why."""
    r = rig()
    lan = r.console("lan")
    for told in [it for it in lan.report()["alarms"] if it.startswith("recording_gap")]:
        lan.do(f"alarm {told}")  # of calls before: so many are told one by one, and no more
    with heard_call(r, lan, sine(TONE_HZ, 8.0)) as call:
        until(lambda: call["caller"].packets_sent >= 50, "a second of it recorded")
        channel = next(fields[0] for fields in r.channels() if fields[0].startswith("PJSIP/viettel"))
        r.system.asterisk.ask(f"mixmonitor stop {channel}")
        until(lambda: call["caller"].packets_sent >= 6 * 50, "five seconds more of the call")
    state, faults, ms = summed(r, call["call"])
    need((state, faults) == ("faulty", ["short"]), f"{state} {faults}, {ms} ms")
    key = f"recording_gap:{call['call']}"
    until(lambda: key in lan.report()["alarms"], "the alarm")
    tag = short(call["incident"])
    sentence = until(
        lambda: [it["sentence"] for it in lan.notices if it["code"] == "alarm" and tag in it["sentence"]],
        f"a notice that names {tag}",
    )[-1]
    lan.do(f"alarm {key}")
    return f"{ms / 1000:.1f} s recorded of a longer call: {faults}; {sentence}"


def altered() -> str:
    """One byte of a recording changed on disk: `dispatch recordings verify` names the file, and only that."""
    r = rig()
    lan = r.console("lan")
    files = []
    for _ in range(2):
        with heard_call(r, lan) as call:
            until(lambda: call["caller"].packets_sent >= 30, "some of it recorded")
        summed(r, call["call"])
        files.append((call["call"], file_of(r, call["call"])))
    good = r.system.dispatch("recordings", "verify", "--call", files[0][0])
    need(good.returncode == 0, f"an intact one: {good.stdout} {good.stderr}")
    data = bytearray(files[1][1].read_bytes())
    data[-100] ^= 1
    files[1][1].write_bytes(data)
    found = r.system.dispatch("recordings", "verify")
    lines = found.stdout.splitlines()
    need(found.returncode == 1 and len(lines) == 2, f"verify: {found.stdout} {found.stderr}")
    need(files[1][1].name in lines[0] and "was altered" in lines[0], lines[0])
    data[-100] ^= 1
    files[1][1].write_bytes(data)
    return lines[0]


def held() -> str:
    """Past its time a recording goes at the next sweep; one that a supervisor holds stays until it is released."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    calls = []
    for _ in range(2):
        with heard_call(r, lan) as call:
            until(lambda: call["caller"].packets_sent >= 30, "some of it recorded")
        summed(r, call["call"])
        calls.append(call)
    kept, gone = calls
    files = {call["call"]: file_of(r, call["call"]) for call in calls}
    refused = lan.type(f"giu {short(kept['incident'])} khiếu nại")
    need(refused.code == "not_allowed" or refused.code == "role", f"a dispatcher held it: {refused}")
    thao.do(f"giu {short(kept['incident'])} toà án yêu cầu")
    year = 366 * 86_400_000
    aged = "UPDATE calls SET ended_at = ended_at - %s WHERE id = ANY(%s) RETURNING id"
    need(len(r.sql(aged, year, [it["call"] for it in calls])) == 2, "the calls are not in the store")
    swept = r.system.dispatch("recordings", "sweep")
    need(swept.returncode == 0, f"sweep: {swept.stdout} {swept.stderr}")
    need(files[kept["call"]].exists() and not files[gone["call"]].exists(), f"after the sweep: {swept.stdout}")
    listed = r.system.dispatch("recordings", "held").stdout
    need(kept["incident"] in listed and "toà án yêu cầu" in listed, listed)
    lan.do(f"nghe {gone['number']}")
    until(lambda: [it for it in lan.notices if it["code"] == "recording_removed"], "a word about the deleted one")
    thao.do(f"giu- {short(kept['incident'])} đã xong")
    again = r.system.dispatch("recordings", "sweep")
    need(not files[kept["call"]].exists(), f"after its release: {again.stdout}")
    rows = r.sql("SELECT count(*) FROM journal WHERE type = 'RecordingRemoved' AND call = ANY(%s)",
                 [it["call"] for it in calls])  # fmt: skip
    need(rows == [(2,)], f"removals in the journal: {rows}")
    return f"{swept.stdout.strip()}; held one stayed; after its release: {again.stdout.strip()}"


def evidence() -> str:
    """A nuisance caller's calls in one zip, from the command line and from a supervisor's console; its sums verify."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    number = r.number()
    for _ in range(2):
        port, centre = r.system.site.carrier_port, r.system.site.site.ports.sip
        with SoundCaller(port, centre, "113", number, sine(TONE_HZ, 2.0)) as caller:
            caller.wait_connected()
            call = r.answered(lan, number)
            until(lambda: caller.packets_sent >= 50, "a second of it recorded")
            lan.do(f"xx {short(call['incident'])}")
            until(caller.over.is_set, "the line hung up by the one key")
        summed(r, call["call"])
    file = r.layout.var / "evidence.zip"
    file.unlink(missing_ok=True)
    made = r.system.dispatch("evidence", number, "--out", str(file))
    need(made.returncode == 0, f"evidence: {made.stdout} {made.stderr}")
    told_ = _evidence_in(file, r.layout.var / "unpacked", number)
    known = len(thao.told("evidence"))
    thao.do(f"chungcu {number}")
    fetched = Path(until(lambda: thao.told("evidence")[known:], "the console's file", 20.0)[0]["file"])
    try:
        _evidence_in(fetched, r.layout.var / "unpacked-console", number)
    finally:
        fetched.unlink()
    audited = r.sql("SELECT actor FROM journal WHERE type = 'EvidenceExported'")
    need(audited and audited[-1] == ("person:thao",), f"audit: {audited}")
    return told_


def _evidence_in(file: Path, folder: Path, number: str) -> str:
    """Unpacked by the system's own tools, its sums verified by sha256sum. Unmet where something is missing."""
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        archive.extractall(folder)
        rows = list(csv.DictReader(io.StringIO(archive.read("calls.csv").decode("utf-8-sig"), newline="")))
        summary = archive.read("summary.txt").decode()
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    need(checked.returncode == 0, checked.stdout + checked.stderr)
    listed = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    need({line.split("  ", 1)[1] for line in listed} == set(names) - {"SHA256SUMS"}, f"sums of {listed}")
    waves = [name for name in names if name.endswith(".wav")]
    need(len(rows) == len(waves) == 2, f"{len(rows)} calls, {len(waves)} recordings")
    need(all(row["disposition"] == "no_content" and row["number"] == number for row in rows), f"rows: {rows}")
    need("Calls: 2" in summary and f"CỦA SỐ {number}" in summary, summary[:200])
    tone = loudest(samples(folder / waves[0]), TONE_HZ)
    need_tone(tone, 0.8, "in the evidence")
    digest = hashlib.sha256((folder / waves[0]).read_bytes()).hexdigest()
    need(re.search(rf"^{digest}  ", (folder / "SHA256SUMS").read_text("utf-8"), re.MULTILINE), "its sum")
    return f"{len(rows)} calls, {len(waves)} recordings, {len(listed)} sums verified by sha256sum; {told(tone)}"


SCENARIOS = [
    Scenario("a tone in the recording", "1,000 Hz for 5 s is found; a silent caller's has none", tone_found),
    Scenario("instant recall", f"while the call runs, heard within {HEARD_WITHIN_S:g} s", instant_recall),
    Scenario("playback", "what the console plays is the tone that the caller sent", playback),
    Scenario("no sound device", "a sentence, never silence without a word", no_device),
    Scenario("recording stopped in mid-call", "an alarm that names the incident", gap),
    Scenario("an altered recording", "verify names the file", altered),
    Scenario("a hold outlives retention", "the sweep removes one and keeps the other", held),
    Scenario("evidence of a number", "one zip, complete, its sums verify; also from the console", evidence),
]

