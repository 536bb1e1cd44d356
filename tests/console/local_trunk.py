"""A core's ``/v1/trunk…`` for the console's own tests: it answers the shapes of ``dispatch_core.wire.trunk`` from a
site in memory. ``answer`` is one question, whether it comes over HTTPS or from a desk without a network."""

from __future__ import annotations

import copy
import difflib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from dispatch_core.wire import trunk as w

VALUES: dict[str, Any] = {
    "carriers": [
        {"name": "viettel", "peers": ["10.20.0.1:5060", "10.20.0.2:5060"], "capacity": 30, "codecs": ["alaw", "ulaw"],
         "auth": "ip"},
        {"name": "vnpt", "peers": ["10.30.0.1:5060"], "capacity": 60, "auth": "registration",
         "secret_file": "secrets/vnpt.txt"},
    ],
    "numbers": [{"dial": "113", "services": ["police"]}, {"dial": "115", "services": ["ambulance"]}],
    "queues": [{"service": "police", "overflow_after": 20}, {"service": "ambulance"}],
    "positions": [{"id": "B01", "vi": "Bàn 1", "en": "Desk 1", "services": ["police"],
                   "phone": "sip:b01@10.0.0.11:5060"}],
    "recording": {"on": True, "keep_days": 365},
}  # fmt: skip

ADDRESS = r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$"


def told(section: str, key: str, kind: str, vi: str, en: str, **more: Any) -> w.FieldShown:
    hints = more.pop("hint", ("", ""))
    return w.FieldShown(section=section, key=key, kind=kind, vi=vi, en=en, hint_vi=hints[0], hint_en=hints[1], **more)


NAME = {"pattern": r"^[a-z][a-z0-9-]{0,31}$", "hint": ("chữ thường, số, gạch nối", "small letters, digits, -")}
FIELDS = (
    told("carriers", "name", "text", "Tên", "Name", required=True, **NAME),
    told("carriers", "peers", "list", "Địa chỉ", "Addresses", required=True, pattern=ADDRESS,
         hint=("địa chỉ và cổng, ví dụ 10.20.0.1:5060", "address and port, such as 10.20.0.1:5060")),
    told("carriers", "capacity", "number", "Số kênh", "Channels", required=True, least=1, most=5000,
         hint=("số cuộc gọi cùng lúc", "calls at a time")),
    told("carriers", "auth", "choice", "Nhận biết", "Recognised by", choices=("ip", "digest", "registration"),
         usual="ip"),
    told("carriers", "secret_file", "secret", "Tệp mật khẩu", "Secret's file",
         hint=("đường dẫn tệp, không phải mật khẩu", "a path, not the secret")),
    told("carriers", "codecs", "list", "Bộ mã", "Codecs", choices=("alaw", "ulaw", "g722", "opus"),
         usual=["alaw", "ulaw"]),
    told("carriers", "enabled", "yes", "Đang dùng", "In use", usual=True),
    told("carriers", "answer_after", "decimal", "Chờ trả lời", "Answer within", unit="s", least=0.5, most=30,
         usual=4.0),
    told("numbers", "dial", "text", "Đầu số", "Number", required=True, pattern=r"^[0-9]{2,15}$",
         hint=("chỉ chữ số", "digits only")),
    told("numbers", "services", "list", "Lực lượng", "Services", required=True, **NAME),
    told("queues", "service", "text", "Lực lượng", "Service", required=True, **NAME),
    told("queues", "overflow_after", "number", "Tràn sau", "Overflow after", unit="s", least=1, most=600, usual=20),
    told("positions", "id", "text", "Mã bàn", "Id", required=True, pattern=r"^[A-Za-z][A-Za-z0-9-]{0,15}$"),
    told("positions", "phone", "table", "Máy", "Phone", required=True),
    told("partners", "name", "text", "Tên", "Name", required=True, **NAME),
    told("recording", "on", "yes", "Ghi âm", "Record", usual=True),
    told("recording", "keep_days", "number", "Giữ", "Keep", unit="d", least=1, most=36500, usual=365),
)  # fmt: skip
NAMED = {"carriers": "name", "numbers": "dial", "queues": "service", "positions": "id", "partners": "name"}
NOW = 1_763_900_000_000


def written(values: dict[str, Any]) -> str:
    lines: list[str] = []
    for section, value in values.items():
        for table in value if isinstance(value, list) else [value]:
            lines.append(f"[[{section}]]" if isinstance(value, list) else f"[{section}]")
            lines += [f"{key} = {msgspec.json.encode(it).decode()}" for key, it in table.items()]
            lines.append("")
    return "\n".join(lines)


class LocalTrunk:
    """``role_may`` is what ``may_change`` tells; ``ends`` how the next job ends; ``held`` keeps a job running."""

    def __init__(self) -> None:
        self.values = copy.deepcopy(VALUES)
        self.version, self.by = 12, "quan"
        self.may = True
        self.ends, self.why = w.JobState.DONE, ("", "")
        self.held = False
        self.job: w.JobShown | None = None
        self.plan: tuple[str, dict[str, Any]] | None = None
        self.drift: tuple[w.DriftShown, ...] = ()
        self.events: list[w.SwitchEvent] = []
        self.missed = 0
        self.asked: list[tuple[str, str, Any]] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.history = [
            w.ChangeShown(version=12, at=NOW, by="quan", kind="apply", why="thêm kênh VNPT", outcome="done",
                          in_force=True, site_diff="@@ -8 +8 @@\n-capacity = 30\n+capacity = 60"),
            w.ChangeShown(version=11, at=NOW - 86_400_000, by="quan", kind="apply", why="đổi địa chỉ Viettel",
                          outcome="rolled_back", reason_vi="viettel tại pbx1 không trả lời trong 8 s (OPTIONS)",
                          reason_en="viettel at pbx1 did not answer within 8 s (OPTIONS)"),
            w.ChangeShown(version=10, at=NOW - 172_800_000, by="hà", kind="secret", why="đổi định kỳ", outcome="done"),
        ]  # fmt: skip

    # --- one question -------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        place = urlsplit(path).path
        if place in self.answers:
            return self.answers[place]
        self.asked.append((method, path, msgspec.json.decode(body) if body else None))
        done = self._answer(method, place, path, body)
        if isinstance(done, tuple):
            return done
        return 200, msgspec.json.encode(done)

    def _answer(self, method: str, place: str, path: str, body: bytes) -> Any:
        if method == "GET":
            return self._look(place, path)
        if place == "/v1/trunk/check":
            values = self._made(msgspec.json.decode(body, type=w.Candidate))
            return w.Checked(text=written(values), mistakes=self._mistakes(values))
        if not self.may:
            return 403, b'{"code": "not_allowed", "vi": "Ch\\u1ec9 qu\\u1ea3n tr\\u1ecb.", "en": "Admins only."}'
        if place == "/v1/trunk/plan":
            return self._planned(self._made(msgspec.json.decode(body, type=w.Candidate)))
        if place == "/v1/trunk/apply":
            return self._apply(msgspec.json.decode(body, type=w.ApplyWanted))
        if place.endswith("/stop"):
            assert self.job is not None
            self.held, self.ends = False, w.JobState.STOPPED
            return self.run_on()
        return self._start(place.rpartition("/")[2].replace("-", "_"))

    def _look(self, place: str, path: str) -> Any:
        if place == "/v1/trunk":
            return w.TrunkShown(
                text=written(self.values), version=self.version, applied_at=NOW, applied_by=self.by, nodes=("pbx1",),
                values=self.values, fields=FIELDS, secrets=self.secrets(), drift=self.drift, may_change=self.may,
                job=self.job.ident if self.job is not None and self.job.state is w.JobState.RUNNING else "",
            )  # fmt: skip
        if place == "/v1/trunk/status":
            return self.status()
        if place == "/v1/trunk/events":
            after = int(parse_qs(urlsplit(path).query)["after"][0])
            fresh = tuple(it for it in self.events if it.number > after)
            missed, self.missed = self.missed, 0
            newest = self.events[-1].number if self.events else 0
            return w.SwitchEvents(events=fresh, newest=newest, missed=missed)
        if place == "/v1/trunk/history":
            return self.history
        if place.startswith("/v1/trunk/history/"):
            return next(it for it in self.history if it.version == int(place.rpartition("/")[2]))
        return self.run_on()

    # --- the site -----------------------------------------------------------------------------------------------------

    def _made(self, candidate: w.Candidate) -> dict[str, Any]:
        values = copy.deepcopy(self.values)
        for edit in candidate.edits:
            named = NAMED.get(edit.section)
            if named is None:
                table = values.setdefault(edit.section, {})
            else:
                tables = values.setdefault(edit.section, [])
                if not edit.key and edit.value is None:
                    tables[:] = [it for it in tables if it.get(named) != edit.entry]
                    continue
                if not edit.key:
                    tables.append({named: edit.entry, **edit.value})
                    continue
                table = next(it for it in tables if it.get(named) == edit.entry)
            first, _, second = edit.key.partition(".")
            if second:
                table, first = table.setdefault(first, {}), second
            if edit.value is None:
                table.pop(first, None)
            else:
                table[first] = edit.value
        return values

    def _mistakes(self, values: dict[str, Any]) -> tuple[w.Mistake, ...]:
        """What the description may say of itself, as far as the tests need it."""
        found = []
        for it in values["carriers"]:
            name = it.get("name") or f"[{values['carriers'].index(it) + 1}]"
            where = f"carriers.{name}" if it.get("name") else f"carriers{name}"
            for key in ("name", "peers", "capacity"):
                if key not in it:
                    found.append(self.mistake(f"{where}.{key}", "Thiếu khóa này.", "The key is missing.",
                                              "Thêm dòng này.", "Add the line."))  # fmt: skip
            if it.get("auth") in ("digest", "registration") and not it.get("secret_file"):
                found.append(self.mistake(
                    f"{where}.secret_file", "Cách nhận biết này cần mật khẩu.", "This way needs a secret.",
                    "Ghi đường dẫn tệp mật khẩu.", "Write the path of the secret's file."))  # fmt: skip
        seen: dict[str, str] = {}
        for it in values["carriers"]:
            for peer in it.get("peers", []):
                if peer in seen:
                    found.append(self.mistake(
                        f"carriers.{it.get('name')}.peers", f"{peer} là của {seen[peer]} rồi.",
                        f"{peer} belongs to {seen[peer]}.", "Mỗi địa chỉ chỉ của một nhà mạng.",
                        "An address belongs to one carrier."))  # fmt: skip
                seen.setdefault(peer, str(it.get("name")))
        return tuple(found)

    @staticmethod
    def mistake(key: str, vi: str, en: str, instead_vi: str, instead_en: str) -> w.Mistake:
        return w.Mistake(code="x", key=key, line=7, vi=vi, en=en, instead_vi=instead_vi, instead_en=instead_en)

    def _planned(self, values: dict[str, Any]) -> w.Planned:
        mistakes, text = self._mistakes(values), written(values)
        if mistakes:
            return w.Planned(ident="", text=text, mistakes=mistakes)
        diff = "\n".join(difflib.unified_diff(written(self.values).splitlines(), text.splitlines(), lineterm="", n=2))
        self.plan = ("p1", values)
        names = [it["name"] for it in values["carriers"]]
        was = [it["name"] for it in self.values["carriers"]]
        confirm = next((it for it in names if it not in was), names[0] if names else "trung-tam")
        files = (
            w.FileDiff(node="pbx1", file="pjsip.conf",
                       diff=f"@@ -40,3 +40,9 @@\n ; carriers\n+[{confirm}]\n+type = endpoint\n+secret = ‹mật 3f9a›"),
            w.FileDiff(node="pbx1", file="extensions.conf", diff=f"@@ -9 +9,2 @@\n exten => 115,1,NoOp\n+; {confirm}"),
        ) if diff else ()  # fmt: skip
        return w.Planned(ident="p1" if diff else "", text=text, mistakes=(), site_diff=diff, files=files,
                         confirm=confirm if diff else "", calls_up=10)  # fmt: skip

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def _apply(self, wanted: w.ApplyWanted) -> Any:
        assert self.plan is not None and wanted.plan == self.plan[0]
        return self._start("apply")

    def _start(self, kind: str) -> w.JobStarted:
        step = w.Step(at=NOW + 100, code="write", vi="Ghi 3 tệp", en="3 files written", node="pbx1", ms=12)
        self.job = w.JobShown(ident="j1", kind=kind, by="quan", began_at=NOW, state=w.JobState.RUNNING, steps=(step,))
        return w.JobStarted(job="j1")

    def run_on(self) -> w.JobShown:
        assert self.job is not None
        if self.held or self.job.state is not w.JobState.RUNNING:
            return self.job
        good = self.ends is w.JobState.DONE
        more = [w.Step(at=NOW + 200, code="reload", vi="Nạp lại", en="Reloaded", node="pbx1", ms=140)]
        if not good:
            more.append(w.Step(at=NOW + 8_300, code="reach", vi=self.why[0], en=self.why[1], node="pbx1", ok=False,
                               ms=8_000))  # fmt: skip
            more.append(w.Step(at=NOW + 8_600, code="give_back", vi="Bản cũ trở về", en="The old files are back",
                               node="pbx1", ms=220))  # fmt: skip
        self.job = msgspec.structs.replace(
            self.job, state=self.ends, steps=(*self.job.steps, *more), why_vi=self.why[0], why_en=self.why[1],
            version=self.version + 1,
        )  # fmt: skip
        if good and self.job.kind == "apply" and self.plan is not None:
            self.values, self.version = self.plan[1], self.version + 1
        return self.job

    # --- live ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def secrets() -> tuple[w.SecretShown, ...]:
        return (
            w.SecretShown(name="secrets/b01.txt", used_by=("positions.B01",), state="missing"),
            w.SecretShown(name="secrets/vnpt.txt", used_by=("carriers.vnpt",), state="good", changed_at=NOW),
        )

    @staticmethod
    def status() -> w.TrunkStatus:
        return w.TrunkStatus(
            carriers=(
                w.CarrierHealth(carrier="viettel", node="pbx1", reachable=True, round_trip_ms=11.6, in_use=12,
                                capacity=30, failed={"17": 3, "34": 1}, jitter_ms=4.2,
                                lost_percent=0.3, since=NOW - 3_600_000),
                w.CarrierHealth(carrier="viettel", node="pbx2", reachable=None, capacity=30, since=NOW - 3_600_000),
                w.CarrierHealth(carrier="vnpt", node="pbx1", reachable=False, registered=False,
                                registration="403 Forbidden", in_use=0, capacity=60, since=NOW - 3_600_000),
            ),
            nodes={"pbx1": {"up": True, "why": ""}, "pbx2": {"up": True, "draining": True}},
            queues={}, phones={},
        )  # fmt: skip

    def happen(self, *names: str) -> None:
        for name in names:
            number = len(self.events) + 1
            self.events.append(
                w.SwitchEvent(number=number, at=NOW + number * 250, node="pbx1", name=name,
                              about=f"PJSIP/viettel-{number}", details={"Cause": "16", "State": "Up"})
            )  # fmt: skip


