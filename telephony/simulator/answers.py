"""AMI's actions: what a simulated switch answers, in Asterisk's words, from what is alive at this moment.

Orders go to the model of the switch, where there is one; a recording that is played takes no orders.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from telephony.simulator.alive import Alive, Switch
from telephony.simulator.floor import NoSuchChannel
from telephony.simulator.framing import Action, message
from telephony.simulator.telling import Headers

VERSION = "22.0.0 (simulated)"
PJSIP = "PJSIP/"
# Device states as QueueStatus numbers them and as PJSIPShowEndpoints words them.
STATUS = {"NOT_INUSE": 1, "INUSE": 2, "BUSY": 3, "UNAVAILABLE": 5, "RINGING": 6, "RINGINUSE": 7, "ONHOLD": 8}
WORDED = {
    "NOT_INUSE": "Not in use", "INUSE": "In use", "BUSY": "Busy", "UNAVAILABLE": "Unavailable", "RINGING": "Ringing",
    "RINGINUSE": "Ring+Inuse", "ONHOLD": "On Hold",
}  # fmt: skip


class Orders(Protocol):
    """What takes orders: `centre.Centre`."""

    def redirect(self, channel: str, context: str, exten: str) -> None: ...

    def hang_up(self, channel: str) -> None: ...

    def pause(self, queue: str, position: str, paused: bool) -> bool: ...

    def originate(self, channel: str, variables: dict[str, str]) -> None: ...


class Answers:
    """`began`: microseconds since 1970 at which the simulated switch started; `now` the same for this moment."""

    def __init__(
        self, switch: Switch, orders: Orders | None, system: str, began: int, now: Callable[[], int],
        endpoints: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._switch = switch
        self._orders = orders
        self._system = system
        self._began = began
        self._now = now
        self._endpoints = endpoints
        self._database: set[tuple[str, str]] = set()

    def to(self, action: Action) -> list[bytes]:
        """The messages of the answer, whole."""
        answer = _ANSWERS.get(action.name.lower())
        if answer is None:
            return [_error(action, f"Invalid/unknown command: {action.name[:40]}. Use Action: ListCommands to show "
                           "available commands.")]  # fmt: skip
        try:
            return answer(self, action)
        except NoSuchChannel as problem:
            hangs_up = action.name.lower() == "hangup"
            return [_error(action, "No such channel" if hangs_up else f"Channel does not exist: {problem}")]

    # --- of the node --------------------------------------------------------------------------------------------------

    def _ping(self, action: Action) -> list[bytes]:
        seconds, micro = divmod(self._now(), 1_000_000)
        return [_success(action, [("Ping", "Pong"), ("Timestamp", f"{seconds}.{micro:06d}")])]

    def _settings(self, action: Action) -> list[bytes]:
        settings: Headers = [
            ("AMIversion", "11.0.0"), ("AsteriskVersion", VERSION), ("SystemName", self._system), ("CoreMaxCalls", 0),
            ("CoreMaxLoadAvg", "0.000000"), ("CoreRunUser", ""), ("CoreRunGroup", ""), ("CoreMaxFilehandles", 0),
            ("CoreRealTimeEnabled", "No"), ("CoreCDRenabled", "No"), ("CoreHTTPenabled", "No"),
            ("SoundsSearchCustomDir", "No"),
        ]  # fmt: skip
        return [_success(action, settings)]

    def _status(self, action: Action) -> list[bytes]:
        began = time.gmtime(self._began // 1_000_000)
        day, moment = time.strftime("%Y-%m-%d", began), time.strftime("%H:%M:%S", began)
        status: Headers = [
            ("CoreStartupDate", day), ("CoreStartupTime", moment), ("CoreReloadDate", day), ("CoreReloadTime", moment),
            ("CoreCurrentCalls", len(self._switch.channels)), ("CoreProcessedCalls", self._switch.processed),
        ]  # fmt: skip
        return [_success(action, status)]

    # --- lists --------------------------------------------------------------------------------------------------------

    def _channels(self, action: Action) -> list[bytes]:
        items = [[("Event", "CoreShowChannel"), _id(action), *self._shown(one)] for one in self._live()]
        return _listed(action, "Channels will follow", items, "CoreShowChannelsComplete")

    def _live(self) -> list[Alive]:
        return list(self._switch.channels.values())

    def _shown(self, one: Alive) -> Headers:
        hours, seconds = divmod((self._now() - one.since) // 1_000_000, 3600)
        application, data = self._application(one)
        return [
            *one.headers, ("Application", application), ("ApplicationData", data),
            ("Duration", f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}"), ("BridgeId", one.bridge),
        ]  # fmt: skip

    def _application(self, one: Alive) -> tuple[str, str]:
        uid = one.get("Uniqueid")
        if uid in self._switch.waiting:
            return "Queue", self._switch.waiting[uid][0]
        return ("Dial", "") if one.call == uid else ("AppDial", "(Outgoing Line)")

    def _channel_status(self, action: Action) -> list[bytes]:
        """Status; with `Variables` the named ones, of which the recording's file is known."""
        wanted = [name for name in action.get("Variables").split(",") if name]
        items = []
        for one in self._live():
            application, data = self._application(one)
            more: Headers = [
                ("Type", "PJSIP"), ("DNID", ""), ("EffectiveConnectedLineNum", one.get("ConnectedLineNum")),
                ("EffectiveConnectedLineName", one.get("ConnectedLineName")), ("TimeToHangup", 0),
                ("BridgeID", one.bridge), ("Application", application), ("Data", data), ("Nativeformats", "(alaw)"),
                ("Readformat", "alaw"), ("Readtrans", ""), ("Writeformat", "alaw"), ("Writetrans", ""),
                ("Callgroup", 0), ("Pickupgroup", 0), ("Seconds", (self._now() - one.since) // 1_000_000),
                *(("Variable", f"{name}={one.recording if name == 'MIXMONITOR_FILENAME' else ''}") for name in wanted),
            ]  # fmt: skip
            items.append([("Event", "Status"), ("Privilege", "Call"), *one.headers, *more, _id(action)])
        complete = _listed(action, "Channel status will follow", items, "StatusComplete")
        return [*complete[:-1], complete[-1].removesuffix(b"\r\n") + b"Items: %d\r\n\r\n" % len(items)]

    def _queues(self, action: Action) -> list[bytes]:
        items: list[Headers] = []
        for queue, members in self._switch.members.items():
            waiting = [(uid, at) for uid, (name, at) in self._switch.waiting.items() if name == queue]
            items.append(
                [("Event", "QueueParams"), ("Queue", queue), ("Max", 0), ("Strategy", "ringall"),
                 ("Calls", len(waiting)), ("Holdtime", 0), ("TalkTime", 0), ("Completed", 0), ("Abandoned", 0),
                 ("ServiceLevel", 0), ("ServicelevelPerf", "0.0"), ("ServicelevelPerf2", "0.0"), ("Weight", 0),
                 _id(action)]
            )  # fmt: skip
            for interface, paused in members.items():
                status = STATUS.get(self._switch.devices.get(interface, "NOT_INUSE"), 0)
                name = interface.removeprefix(PJSIP)
                items.append(
                    [("Event", "QueueMember"), ("Queue", queue), ("Name", name), ("Location", interface),
                     ("StateInterface", interface), ("Membership", "static"), ("Penalty", 0), ("CallsTaken", 0),
                     ("LastCall", 0), ("LastPause", 0), ("LoginTime", 0), ("InCall", 0), ("Status", status),
                     ("Paused", int(paused)), ("PausedReason", ""), ("Wrapuptime", 0), _id(action)]
                )  # fmt: skip
            items += [self._entry(action, queue, place, uid, at) for place, (uid, at) in enumerate(waiting, 1)]
        return _listed(action, "Queue status will follow", items, "QueueStatusComplete")

    def _entry(self, action: Action, queue: str, place: int, uid: str, at: int) -> Headers:
        one = self._switch.channels.get(uid) or Alive([], at)
        return [
            ("Event", "QueueEntry"), ("Queue", queue), ("Position", place), ("Channel", one.get("Channel")),
            ("Uniqueid", uid), ("CallerIDNum", one.get("CallerIDNum")), ("CallerIDName", one.get("CallerIDName")),
            ("ConnectedLineNum", "unknown"), ("ConnectedLineName", "unknown"),
            ("Wait", (self._now() - at) // 1_000_000), ("Priority", 0), _id(action),
        ]  # fmt: skip

    def _endpoint_list(self, action: Action) -> list[bytes]:
        if not self._endpoints:
            return [_error(action, "No endpoints found")]
        items: list[Headers] = []
        for name in self._endpoints:
            state = self._switch.devices.get(PJSIP + name, "NOT_INUSE")
            active = sum(one.get("Channel").startswith(f"{PJSIP}{name}-") for one in self._live())
            items.append(
                [("Event", "EndpointList"), _id(action), ("ObjectType", "endpoint"), ("ObjectName", name),
                 ("Transport", "udp"), ("Aor", name), ("Auths", ""), ("OutboundAuths", ""), ("Contacts", ""),
                 ("DeviceState", WORDED.get(state, "Unknown")), ("ActiveChannels", active)]
            )  # fmt: skip
        text = "A listing of Endpoints follows, presented as EndpointList events"
        return _listed(action, text, items, "EndpointListComplete")

    def _endpoint(self, action: Action) -> list[bytes]:
        name = action.get("Endpoint")
        if name not in self._endpoints:
            return [_error(action, f"Unable to retrieve endpoint {name[:80]}")]
        state = self._switch.devices.get(PJSIP + name, "NOT_INUSE")
        item: Headers = [
            ("Event", "EndpointDetail"), _id(action), ("ObjectType", "endpoint"), ("ObjectName", name),
            ("DeviceState", WORDED.get(state, "Unknown")),
        ]  # fmt: skip
        text = "Following are Events for each object associated with the Endpoint"
        return _listed(action, text, [item], "EndpointDetailComplete")

    # --- orders -------------------------------------------------------------------------------------------------------

    def _redirect(self, action: Action) -> list[bytes]:
        if not action.get("Channel"):
            return [_error(action, "Channel not specified")]
        self._taker(action.get("Channel")).redirect(action.get("Channel"), action.get("Context"), action.get("Exten"))
        return [_success(action, [("Message", "Redirect successful")])]

    def _hangup(self, action: Action) -> list[bytes]:
        if not action.get("Channel"):
            return [_error(action, "No channel specified")]
        self._taker(action.get("Channel")).hang_up(action.get("Channel"))
        return [_success(action, [("Message", "Channel Hungup")])]

    def _taker(self, channel: str) -> Orders:
        if self._orders is None:
            raise NoSuchChannel(channel)
        return self._orders

    def _pause(self, action: Action) -> list[bytes]:
        position = action.get("Interface").removeprefix(PJSIP)
        paused = action.get("Paused").lower() in ("true", "1", "yes", "on")
        if self._orders is None or not self._orders.pause(action.get("Queue"), position, paused):
            return [_error(action, "Interface not found")]
        return [_success(action, [("Message", f"Interface {'' if paused else 'un'}paused successfully")])]

    def _originate(self, action: Action) -> list[bytes]:
        """Taken, as Asterisk takes it, whether or not anybody will be reached."""
        if not action.get("Channel"):
            return [_error(action, "Channel not specified")]
        if action.get("Async").lower() not in ("true", "1", "yes", "on"):
            return [_error(action, "Originate failed")]
        if self._orders is not None:
            variables = (it.partition("=") for it in action.variables)
            self._orders.originate(action.get("Channel"), {name: value for name, _, value in variables})
        return [_success(action, [("Message", "Originate successfully queued")])]

    def _get(self, action: Action) -> list[bytes]:
        name = action.get("Variable")
        if not name:
            return [_error(action, "No variable specified")]
        return [_success(action, [("Variable", name[:80]), ("Value", self._switch.variables.get(name, ""))])]

    def _set(self, action: Action) -> list[bytes]:
        return [_success(action, [("Message", "Variable Set")])]

    def _put(self, action: Action) -> list[bytes]:
        self._database.add((action.get("Family"), action.get("Key")))
        return [_success(action, [("Message", "Updated database successfully")])]

    def _delete(self, action: Action) -> list[bytes]:
        """A key, or without one the family."""
        family, key = action.get("Family"), action.get("Key")
        gone = {it for it in self._database if it[0] == family and key in ("", it[1])}
        self._database -= gone
        if not gone:
            return [_error(action, "Database entry could not be deleted" if key else "Database entry not found")]
        return [_success(action, [("Message", f"Key {'' if key else 'tree '}deleted successfully")])]

    def _reload(self, action: Action) -> list[bytes]:
        return [_success(action, [("Message", "Module Reloaded")])]

    def _events(self, action: Action) -> list[bytes]:
        return [_success(action, [("Events", action.get("EventMask") or "On")])]


_ANSWERS: dict[str, Callable[[Answers, Action], list[bytes]]] = {
    "ping": Answers._ping,
    "coresettings": Answers._settings,
    "corestatus": Answers._status,
    "coreshowchannels": Answers._channels,
    "status": Answers._channel_status,
    "queuestatus": Answers._queues,
    "pjsipshowendpoints": Answers._endpoint_list,
    "pjsipshowendpoint": Answers._endpoint,
    "redirect": Answers._redirect,
    "hangup": Answers._hangup,
    "queuepause": Answers._pause,
    "originate": Answers._originate,
    "getvar": Answers._get,
    "setvar": Answers._set,
    "dbput": Answers._put,
    "dbdel": Answers._delete,
    "dbdeltree": Answers._delete,
    "reload": Answers._reload,
    "events": Answers._events,
}


def _id(action: Action) -> tuple[str, object]:
    return "ActionID", action.get("ActionID")


def _answer(outcome: str, action: Action, headers: Headers) -> bytes:
    ident = [_id(action)] if action.get("ActionID") else []
    return message([("Response", outcome), *ident, *headers])


def _success(action: Action, headers: Headers) -> bytes:
    return _answer("Success", action, headers)


def _error(action: Action, text: str) -> bytes:
    return _answer("Error", action, [("Message", text)])


def _listed(action: Action, text: str, items: list[Headers], complete: str) -> list[bytes]:
    first = _success(action, [("EventList", "start"), ("Message", text)])
    last: Headers = [("Event", complete), _id(action), ("EventList", "Complete"), ("ListItems", len(items))]
    return [first, *(message(item) for item in items), message(last)]


