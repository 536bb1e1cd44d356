"""Every setting and every limit of the product, in one place. Unknown settings are refused at start.

The file (``dispatch.toml``) holds addresses and paths; secrets are given by the path of a file that holds them. The
limits below the settings are law for what several parts share and for every queue that strangers fill; a number that
only one rule knows stands beside that rule.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from dispatch_core.domain.errors import DispatchError

# --- limits -----------------------------------------------------------------------------------------------------------

COMMANDS_WAITING = 20_000
"""Commands in the sequencer's queue; beyond it people are refused ("overloaded"), facts of the switch still enter."""

FACTS_WAITING = 200_000
"""Hard bound of the queue, facts included: beyond it the process ends rather than lose one in silence."""

BATCH_SIZE = 256
"""Commands in one transaction (measured: 8.7 times the rate of one commit each)."""

OUTCOMES_REMEMBERED = 10_000
"""Outcomes of the newest commands kept in memory, so that one that comes again is answered, not repeated."""

STREAM_LENGTH = 50_000
"""Events kept in a stream: the replay window of a console that was away."""

SHORT_STREAM_LENGTH = 200
BEAT_EVERY_S = 0.5
CHECKSUM_EVERY_S = 5.0
SNAPSHOT_EVERY_S = 5.0
STORE_SNAPSHOT_EVERY = 5_000
"""Events between two snapshots in the database: bounds the tail that a start must replay."""

TIMERS_EVERY_S = 1.0
RETRY_FIRST_S = 0.05
RETRY_MOST_S = 2.0
BROADCAST_TIMEOUT_S = 2.0
SIGN_IN_TRIES = 10
"""Wrong passwords for one user from one address in ``SIGN_IN_WINDOW_S`` before further tries are refused. By address,
or whoever reaches the port could keep a dispatcher out."""

SIGN_IN_WINDOW_S = 300.0
SIGN_INS_AT_ONCE = 2
"""Passwords hashed at the same time: each takes 64 MiB and a core for a tenth of a second."""

SIGN_INS_WAITING = 50
"""Sign-ins that wait for that; further ones are told to try again."""

HTTP_CONNECTIONS = 400
"""Below the files that a process may have open by default (1,024)."""

HTTP_BODY_LIMIT = 64 * 1024
TRUNK_BODY_LIMIT = 640 * 1024
"""A site.toml of TRUNK_TEXT_LIMIT as JSON, where every other character is escaped."""

TRUNK_TEXT_LIMIT = 256 * 1024
AML_BODY_LIMIT = 16 * 1024
AML_PER_S, AML_BURST = 50, 200
"""Locations that phones send by HTTPS: so many a second, and so many at once; one more is answered and dropped."""

ORDER_BYTES = 64 * 1024
ORDER_LIMIT_S = 60
"""An order of a person that is older than this when it is read is refused in words: longer than a take-over, shorter
than it takes a person to turn to something else. ``order_limit_s`` of the settings changes it."""

MAP_PART_BYTES = 1024 * 1024
"""Of a map file in one answer: a console fetches it part by part."""

REACHABLE_MOST_S = 3_600
REACHABLE_PLACES_MOST = 500
SUGGEST_LIMIT = 20
SUGGEST_CHARACTERS = 300
"""Of an address that is asked for; a longer one is refused: nobody says so much, and the rest would not be read."""

WORKERS = 2
"""Threads for questions (geography, accounts), so that no reactor turn waits for them."""

ASIDE_WORKERS = 2
ASIDE_AT_ONCE = 12
"""Questions of people about ways beside any incident's own: threads, and how many are taken at once; one more is told
to come again. They never stand before a new incident's way."""

WORK_WAITING = 2_000
ACTION_TIMEOUT_S = 5.0
SERVE_TRIES = 5
"""How often a phone is told whether it serves its queues before the next connection of the node must do it."""

GATEWAY_BLOCK_MS = 1_000
ORDERS_AT_ONCE = 200
ALONG_POINTS_MOST = 20
"""Of a line that is measured by road: one search for each piece of it."""

POSITIONS_AT_ONCE = 2_500
POSITIONS_BODY_LIMIT = 400 * 1024
POSITIONS_PER_S, POSITIONS_BURST = 1_000, 10_000
"""Positions of units by HTTPS: so many in one list, so long a list, and so many in the long run."""

POSITION_AHEAD_MS = 60_000
POSITION_OLD_MS = 3_600_000
"""A position may be so much ahead of our clock, and so old, and no more."""

POSITIONS_SHOW_S = 2.0
REFUSED_SHOWN = 50

LIVE_FLUSH_S = 0.5
LIVE_KEYS = 5_000

# recordings
LISTENERS = 3
"""Threads for sound, sums and evidence, so that an hour of it does not hold up an address."""

SOUND_PART_BYTES = 4 * 1024 * 1024
"""Of sound or evidence in one answer to a request for a part: 4 minutes."""

SOUND_WHOLE_BYTES = 64 * 1024 * 1024
"""A recording longer than this (an hour) is heard part by part."""

LISTENING_S = 300.0
"""Parts of one recording that one person asks for within this of each other are one listening in the audit."""

LISTENINGS_REMEMBERED = 2_000
RECALL_MOST_S = 3_600
SUM_AFTER_S = 0.5
SUM_UNFINISHED_AFTER_S = 8.0
"""A file that nobody has closed this long after its call is summed as it is, and called unfinished."""

SUMS_WAITING = 20_000
SWEEPS_LOOKED_EVERY_S = 2.0
SWEEP_AT_HOUR = 3
"""Of the site's night: recordings past their time are deleted then."""

SWEEP_PAGE = 200
SWEEP_LEFT_OVER_DAYS = 7
"""Files whose removal was decided within these days are deleted again, should one have been left by a crash."""

EVIDENCE_CALLS_MOST = 2_000
EVIDENCE_BYTES_MOST = 2 * 1024**3
EVIDENCES_KEPT = 3
EVIDENCE_KEPT_S = 900.0

# the switch's event stream (AMI): silence is noticed in 6 s, a drop is shown in 2 s
AMI_CONNECT_S = 3.0
AMI_ACTION_S = 4.0
"""One action, login included, until its answer is complete: below ``ACTION_TIMEOUT_S``: the link says it first."""

AMI_PING_EVERY_S = 2.0
AMI_PINGS_MISSED = 3
AMI_PENDING = 200
"""Actions without an answer; further ones are refused unsent."""

AMI_MESSAGE_BYTES = 64 * 1024
AMI_HEADERS = 512
AMI_LIST_ITEMS = 50_000
"""Entries in the answer to one action (channels, queue members)."""

AMI_LINE_BYTES = 1_000
"""Asterisk reads lines of at most 1,024 bytes; a longer header is refused before anything is sent."""

AMI_ACTION_HEADERS = 120
AMI_PARKED = 100
"""Messages kept with their bytes because nobody could make sense of them."""

AMI_RETRY_FIRST_S = 0.25
AMI_RETRY_MOST_S = 8.0
AMI_REFUSED_RETRY_FIRST_S = 4.0
AMI_REFUSED_RETRY_MOST_S = 60.0
"""A wrong password does not mend itself: fewer tries, so that Asterisk's security log stays readable."""

LOOK_EVERY_S = 5.0
DEAF_AFTER_LOOKS = 2
"""Looks in a row that found changes which no event had told: then the event stream itself is taken for broken."""

PROBE_SEEN_S = 10.0
"""A synthetic call that has not come through by then is an alarm."""

PROBE_LOOK_S = 0.5
"""While a node is away: how often it is looked whether it can be probed again."""

TRUNK_GRACE_S = 3.0
"""A carrier that does not answer for this long, on top of the 4 s in which the switch notices, is an alarm."""

CLOCKS_APART_MS = 1_000
"""A node's clock that differs more than this from ours is reckoned with."""

DRAIN_LASTS_S = 8
"""New callers are sent on for so long without the core saying so anew: should it die, the node takes calls again."""

DRAIN_RENEW_S = 2.0
SHUT_LASTS_S = 5
"""Likewise for the last moments before a node is stopped, when also those are sent on who come again."""

CALLS_FOLLOWED = 20_000
ENDED_REMEMBERED = 20_000
"""Ended channels and calls that are remembered, so that a late or repeated event does not bring them back."""

CLOCK_STEP_US = 5_000_000
"""An event this much older than the newest one means that the switch's clock was set back, not that it is late."""

FORGERY_TOLD_EVERY_S = 60.0
ODDITY_TOLD_EVERY_S = 10
PARKED_TOLD_EVERY_S = 10.0

# the journal in PostgreSQL: a standby takes over within 2 s (measured; the order of the three is what makes it safe)
HEARTBEAT_EVERY_S = 0.5
WATCHDOG_S = 1.0
"""Without an answer to a heartbeat for this long the leader stops publishing and acting."""

LOCK_SESSION_IDLE_MS = 1_500
"""The server ends a silent leader's session, and a paused leader's open transaction, after this: above the watchdog."""

REGAIN_EVERY_S = 0.2
STATEMENT_TIMEOUT_MS = 2_000
IDLE_IN_TRANSACTION_MS = 30_000
LOCK_TIMEOUT_MS = 1_000
JOURNAL_DEADLINE_S = 5.0
"""One journal call, seen from here: then its connection is cut, whether or not the server still answers."""

LOAD_DEADLINE_S = 120.0
CONNECT_TIMEOUT_S = 2
STORE_SNAPSHOTS_KEPT = 3

# --- settings ---------------------------------------------------------------------------------------------------------


class SettingsError(DispatchError):
    """A settings file that cannot be used; names file, line where known, key and what to write instead."""


class NodeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach one Asterisk's AMI. ``files`` and ``recordings``: as ``asterisk_files`` and ``asterisk_recordings``
    of the settings, where there are several nodes and each has its own.

    ``agent``: the command that starts the agent at the switch's machine, such as ``["ssh", "-T", "pbx1",
    "dispatch-trunk-agent"]``; none = our own python here, with ``agent_settings`` (a file) or with ``files`` alone."""

    name: str
    host: str
    port: int
    user: str
    secret_file: str
    files: str = ""
    recordings: str = ""
    agent: tuple[str, ...] = ()
    agent_settings: str = ""


class GeocoderSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """An address service of the site's own; ``kind``: nominatim, photon or pelias. A public one is refused."""

    kind: str
    url: str


class RoutingSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A routing engine of the site's own: it is asked first, and never waited for."""

    kind: str
    """valhalla or osrm"""
    url: str
    """Such as ``http://10.0.0.5:8002``; public servers are refused."""
    time_limit_s: float = 1.0


class SenderSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Another system that sends over HTTPS. ``name`` stands in the journal; ``kind``: hospital (beds, diverts), station
    (offers), roster (crews), vehicle (statuses, positions, crews' offers) or location (callers' locations, AML).
    ``token_file``: its token, one a line; replacing the file changes it at once."""

    name: str
    kind: str
    token_file: str


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The core's settings. Paths may be relative to the settings file."""

    database: str
    redis: str
    redis_password_file: str
    site: str
    types: str
    stations: str
    units: str
    http_host: str
    http_port: int
    tls_certificate: str
    tls_key: str
    redis_public_host: str
    redis_public_port: int
    nodes: tuple[NodeSettings, ...]
    senders: tuple[SenderSettings, ...] = ()
    """Who may send over HTTPS, each with a token of its own."""
    intake_token_file: str = ""
    """One token for every kind of sender (but location) of which ``senders`` names none; better name them all."""
    zone_rules: str = ""
    """When two stations are alerted, and whom to call beyond the border; empty: the usual rules, nobody's number."""
    probe_every_s: float = 60.0
    """Seconds between two synthetic calls to one service number at one node."""
    order_limit_s: int = ORDER_LIMIT_S
    """Seconds after which an order of a person takes no effect any more."""
    aml_key_file: str = ""
    """Whoever holds this secret may send callers' locations by HTTPS (AML), and who ``senders`` names for it."""
    asterisk_files: str = ""
    """Where the switch reads its rendered files; empty where another way brings them there: then no position can be
    added from the screen."""
    asterisk_recordings: str = ""
    map_dir: str = "map"
    """Versions of the city's map, as `dispatch map` makes them."""
    capabilities: str = ""
    """What units can do, by the names that people read; empty: the codes of units and plans are shown, unchecked."""
    hospitals: str = ""
    """CSV of the hospitals; empty: there are none until a list is imported."""
    place_rules: str = ""
    """Kinds of premise notes and beds, and how soon each service shall be anywhere; empty: the usual ones."""
    triage_cards: str = ""
    """What call takers ask, by type of incident, and read to callers; empty: nothing."""
    geocoders: tuple[GeocoderSettings, ...] = ()
    """Asked in this order where the map and the names that come with the product know nothing good; none: nobody is."""
    geocoder_limit_s: float = 1.0
    """For all of them together, whatever they do."""
    vehicles: str = ""
    """Table of travel profiles; empty: the one that comes with the product."""
    routing: RoutingSettings | None = None
    log_level: str = "info"
    base: str = ""

    def files_of(self, node: NodeSettings) -> str:
        """Where the node reads its rendered files; "" where that is not here."""
        return node.files or (self.asterisk_files if len(self.nodes) == 1 else "")

    def recordings_of(self, node: NodeSettings) -> str:
        """Where the node keeps its recordings; "" where that is not here."""
        return node.recordings or (self.asterisk_recordings if len(self.nodes) == 1 else "")

    def path(self, value: str) -> Path:
        """A path of the settings, made absolute against the folder of the settings file."""
        return Path(self.base, value) if self.base else Path(value)

    def secret(self, value: str) -> str:
        """What the secret's file holds, without its line end. Raises SettingsError where it cannot be read."""
        file = self.path(value)
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise SettingsError(
                "secret_file",
                f"Không đọc được tệp mật khẩu {file}: {problem.strerror}; hãy tạo tệp hoặc sửa đường dẫn.",
                f"Cannot read the secret's file {file}: {problem.strerror}; make it or mend the path.",
            ) from None


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return 0


def read_settings(file: Path) -> Settings:
    """The settings in ``file``. Raises SettingsError naming file, line and key."""
    try:
        text = file.read_text(encoding="utf-8")
        values = tomllib.loads(text)
        settings = msgspec.convert({**values, "base": str(file.parent)}, Settings)
    except OSError as problem:
        raise SettingsError(
            "settings_missing",
            f"Không đọc được {file}: {problem.strerror}; chạy scripts/run để tạo, hoặc nêu --settings TỆP.",
            f"Cannot read {file}: {problem.strerror}; scripts/run makes it, or name one with --settings FILE.",
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            "settings_encoding", f"{file} không phải UTF-8; hãy lưu lại.", f"{file} is not UTF-8; save it so."
        ) from None
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(
            "settings_syntax",
            f"{file} không đúng cú pháp TOML: {problem}",
            f"{file} is not valid TOML: {problem}",
        ) from None
    except msgspec.ValidationError as problem:
        named = re.search(r"field `(\w+)`", str(problem)) or re.search(r"\$.*?\.(\w+)`$", str(problem))
        key = named.group(1) if named else ""
        line = _line_of(text, key)
        where = f"{file}, dòng {line}" if line else str(file)
        where_en = f"{file}, line {line}" if line else str(file)
        allowed = ", ".join(Settings.__struct_fields__[:-1])
        raise SettingsError(
            "settings_invalid",
            f"{where}: {problem}. Các khoá dùng được: {allowed}.",
            f"{where_en}: {problem}. Keys that may be used: {allowed}.",
        ) from None
    if not 0.1 <= settings.geocoder_limit_s <= 10.0:
        line = _line_of(text, "geocoder_limit_s")
        raise SettingsError(
            "settings_invalid",
            f"{file}, dòng {line}: geocoder_limit_s phải từ 0.1 đến 10 giây.",
            f"{file}, line {line}: geocoder_limit_s goes from 0.1 to 10 seconds.",
        )
    if not 1.0 <= settings.probe_every_s <= 3600.0:
        line = _line_of(text, "probe_every_s")
        raise SettingsError(
            "settings_invalid",
            f"{file}, dòng {line}: probe_every_s phải từ 1 đến 3600 giây.",
            f"{file}, line {line}: probe_every_s goes from 1 to 3600 seconds.",
        )
    if not 5 <= settings.order_limit_s <= 3600:
        line = _line_of(text, "order_limit_s")
        raise SettingsError(
            "settings_invalid",
            f"{file}, dòng {line}: order_limit_s phải từ 5 đến 3600 giây.",
            f"{file}, line {line}: order_limit_s goes from 5 to 3600 seconds.",
        )
    return settings
