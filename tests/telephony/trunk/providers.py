"""What the rendered dialplan calls, and which module of Asterisk 22 gives it.

An application or function that no loaded module gives drops the caller without a word, so that both are checked: the
table against the modules that are loaded (`test_render`), and against a real Asterisk (`test_voice_configuration`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from telephony.dialplan_contexts import AUTO_ANSWER, PROBE_TOKEN, TEST_TOKEN

BUILTIN = "builtin"
"""In place of a module: the program itself."""

APPLICATIONS: Mapping[str, str] = {
    "Answer": BUILTIN,
    "ChanSpy": "app_chanspy",
    "ChannelRedirect": "app_channelredirect",
    "ConfBridge": "app_confbridge",
    "Dial": "app_dial",
    "Gosub": "app_stack",
    "GosubIf": "app_stack",
    "Goto": BUILTIN,
    "GotoIf": BUILTIN,
    "Hangup": BUILTIN,
    "MixMonitor": "app_mixmonitor",
    "NoOp": BUILTIN,
    "Originate": "app_originate",
    "PlayTones": "app_playtones",
    "Playback": "app_playback",
    "Queue": "app_queue",
    "Return": "app_stack",
    "Set": BUILTIN,
    "SoftHangup": "app_softhangup",
    "StopPlayTones": "app_playtones",
    "UserEvent": "app_userevent",
    "Wait": BUILTIN,
}

FUNCTIONS: Mapping[str, str] = {
    "BASE64_ENCODE": "func_base64",
    "CALLERID": "func_callerid",
    "CHANNEL": "func_channel",
    "CHANNEL_EXISTS": "func_channel",
    "CONFBRIDGE_CHANNELS": "app_confbridge",
    "CONFBRIDGE_INFO": "app_confbridge",
    "CUT": "func_cut",
    "DB": "func_db",
    "DEVICE_STATE": "func_devstate",
    "DIALPLAN_EXISTS": "func_dialplan",
    "FIELDQTY": "func_strings",
    "FILTER": "func_strings",
    "GLOBAL": "func_global",
    "IF": "func_logic",
    "IMPORT": "func_logic",
    "LEN": "func_strings",
    "LOCAL": "app_stack",
    "MASTER_CHANNEL": "func_channel",
    "MESSAGE": BUILTIN,
    "MESSAGE_DATA": BUILTIN,
    "PJSIP_HEADER": "res_pjsip_header_funcs",
    "PJSIP_HEADERS": "res_pjsip_header_funcs",
    "QUEUE_EXISTS": "app_queue",
    "QUEUE_MEMBER": "app_queue",
    "QUEUE_WAITING_COUNT": "app_queue",
    "SHARED": "func_global",
    "SHIFT": "func_strings",
    "STRFTIME": "func_strings",
    "TALK_DETECT": "func_talkdetect",
    "TIMEOUT": "func_timeout",
}

OUTSIDE = frozenset(it.partition("(")[0] for it in (*AUTO_ANSWER, PROBE_TOKEN, TEST_TOKEN))
"""Functions that an action of ours sets on a channel."""

_STEP = re.compile(r"(?:exten => [^,]+,1| same => n)(?:\(\w+\))?,(\w+)\((.*)\)$")
_READ = re.compile(r"\$\{(\w+)\(")
_WRITTEN = re.compile(r"_{0,2}(\w+)\(")


def applications(extensions: str) -> set[str]:
    """The applications of an extensions.conf. ValueError for a step that is not understood."""
    return {name for name, _ in _steps(extensions)}


def functions(files: Mapping[str, str]) -> set[str]:
    """The functions that any of the rendered files reads, and those that extensions.conf writes."""
    read = {name for text in files.values() for name in _READ.findall(text)}
    written = [_WRITTEN.match(given) for name, given in _steps(files["extensions.conf"]) if name == "Set"]
    return read | {found[1] for found in written if found is not None}


def _steps(extensions: str) -> list[tuple[str, str]]:
    found = []
    for line in extensions.splitlines():
        if "=>" in line:
            step = _STEP.match(line)
            if step is None:
                raise ValueError(f"no step: {line!r}")
            found.append((step[1], step[2]))
    return found
