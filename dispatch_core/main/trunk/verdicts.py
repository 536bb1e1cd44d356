"""Whether what was reloaded is good, by the switch's own knowledge: a reload itself answers "success" for broken files.

Every changed carrier must be reachable or registered, and every position's phone known, within a set time. Guards: the
verdict that counts is one given after the reload; what is bad for good ends the waiting at once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk.nodes import Node
from dispatch_core.ports import Clock
from dispatch_core.ports.trunk_keeper import JobFailed, JobSteps, JobStopped
from telephony.carrier_answers import CarrierAnswers
from telephony.sip_answers import SipAnswers
from telephony.trunk.site import Carrier, Site

WITHIN_S = 6.0
"""Asterisk asks a new address within 2 s, and waits 2 s for its answer."""

LOOK_EVERY_S = 0.2
UNASKED_S = 2.6
"""Whom it has not asked by then it never will: at a reload Asterisk now and then overlooks new contacts (1 of 70 on a
busy machine). To ask it to ask does not help; another reload does."""

SILENT_S = 4.5
"""An address that the switch has called unreachable for so long does not just begin to answer."""

TWO_HUNDRED = range(200, 300)
ALIVE = frozenset({404, 405, 415, 420, 480, 481, 486, 488, 501})
"""Answers to OPTIONS of somebody who takes calls and does not like the question."""

OF_CONFIGURATION = re.compile(
    r"\b(config|config_options|res_sorcery_config|sorcery|pbx_config|pbx_variables|pbx_builtins|app_queue|manager|loader|"
    r"acl|logger|res_musiconhold|res_geolocation|geoloc_\w+|config_\w+|pjsip_configuration|location|"
    r"res_pjsip_endpoint_identifier_ip|res_pjsip_outbound_registration|app_confbridge|conf_config_parser)\.c\b"
)
OF_A_CALL = re.compile(r"\[C-[0-9a-f]+\]")
LATER = re.compile(
    r"registration attempt|No response received|transport .*(reload|updat|chang)|(reload|updat|chang)\w* .*transport|"
    r"is not fully loaded|allow_reload|Auth object .* could not be found|authenticated REGISTER request",
    re.IGNORECASE,
)
"""Not that the files are bad: what a registration meets has a verdict of its own, also one that was taken out with its
password and cannot be taken back any more; a transport is told as a restart."""

_CERTIFICATES = (
    ", chứng thư của hai bên (tls.authority phải ký chứng thư của nhà mạng, cho đúng địa chỉ đó)",
    ", both sides' certificates (tls.authority must have signed the carrier's, for that address)",
)


@dataclass(frozen=True)
class Judged:
    """None while there is no verdict."""

    good: bool | None
    vi: str = ""
    en: str = ""


def complaints(lines: Sequence[str]) -> list[str]:
    """Lines of the switch's log that say that files are bad."""
    return [
        line
        for line in lines
        if OF_CONFIGURATION.search(line) and not OF_A_CALL.search(line) and not LATER.search(line)
    ]


@dataclass
class _Again:
    """One more reload of a node, for whoever was not asked by then; once."""

    node: Node
    due: float
    done: bool = False

    async def reload(self, now: float) -> None:
        if not self.done and now >= self.due:
            self.done = True
            await self.node.board.reload()


class Verdicts:
    def __init__(self, answers: SipAnswers, clock: Clock) -> None:
        self._answers, self._clock = answers, clock

    async def wait(
        self, node: Node, site: Site, carriers: Sequence[Carrier], anew: Sequence[str], job: JobSteps,
        lenient: bool = False,
    ) -> None:  # fmt: skip
        """Raises JobFailed with the first carrier or position that is not good in time, JobStopped, ActionFailed.
        ``anew``: carriers whose password changed, so that their registration must be sent again. ``lenient``: a carrier
        that is not good is only told."""
        await self._known(node, site, job)
        if carriers:
            again = _Again(node, self._clock.monotonic() + UNASKED_S)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._caught(node, it, it.name in anew, again, job)) for it in carriers]
            for problem in (task.result() for task in tasks):
                if problem is not None and not (lenient and isinstance(problem, JobFailed)):
                    raise problem
                if problem is not None:
                    job.say("silent", problem.vi, problem.en, node.name, False)

    async def _caught(
        self, node: Node, carrier: Carrier, anew: bool, again: _Again, job: JobSteps
    ) -> DispatchError | None:
        try:
            await self._carrier(node, carrier, anew, again, job)
        except DispatchError as problem:
            return problem
        return None

    async def _known(self, node: Node, site: Site, job: JobSteps) -> None:
        deadline = self._clock.monotonic() + WITHIN_S
        missing = [it.id for it in site.positions]
        while True:
            missing = [it for it in missing if not await node.board.knows_endpoint(it)]
            if not missing:
                return
            if self._clock.monotonic() > deadline:
                named = ", ".join(missing[:5])
                raise JobFailed(
                    "position_unknown",
                    f"Tổng đài {node.name} không nhận bàn {named} sau khi nạp lại; xem positions của bàn đó.",
                    f"Switch {node.name} does not know position {named} after the reload; look at its positions entry.",
                )
            await _pause(job)

    async def _carrier(self, node: Node, carrier: Carrier, anew: bool, again: _Again, job: JobSteps) -> None:
        began = self._clock.monotonic()
        before = await node.board.carrier_answers(carrier.name)
        if anew and _registers(carrier) and before.known:
            await node.board.register_anew(carrier.name)
        silent_since: float | None = None
        good, left = 0, before.registration != "Registered"
        while True:
            told = await node.board.carrier_answers(carrier.name)
            now = self._clock.monotonic()
            if carrier.qualify and told.known and told.unasked:
                await again.reload(now)
            silent_since = None if told.reachable is not False else silent_since if silent_since is not None else now
            over = now - began > WITHIN_S or (silent_since is not None and now - silent_since > SILENT_S)
            left = left or told.registration != "Registered"
            fresh = not anew or left or told.renewed_in > before.renewed_in or self._registered_since(carrier, began)
            judged = self._judged(carrier, told, fresh, over)
            good += judged.good is True
            # the copy of its answer may come a moment after the switch has made up its mind
            if judged.good and (good > 1 or self._status(carrier.peers, "OPTIONS") is not None or not carrier.qualify):
                job.say("answers", judged.vi, judged.en, node.name)
                return
            if judged.good is False:
                vi, en = f"{carrier.name} ở {node.name}: {judged.vi}", f"{carrier.name} at {node.name}: {judged.en}"
                raise JobFailed("carrier_bad", vi, en)
            await _pause(job)

    def _judged(self, carrier: Carrier, told: CarrierAnswers, fresh: bool, over: bool) -> Judged:
        name = f"carriers.{carrier.name}"
        if not told.known:
            return Judged(
                False if over else None,
                f"tổng đài không nhận nhà mạng này sau khi nạp lại; xem {name}.",
                f"the switch does not know it after the reload; look at {name}.",
            )
        if _registers(carrier) and (judged := self._registered(carrier, told, fresh, over)).good is not True:
            return judged
        if not carrier.qualify:
            if _registers(carrier):
                return Judged(True, f"{carrier.name} đã đăng ký", f"{carrier.name} is registered")
            return Judged(
                True, f"{carrier.name}: qualify tắt, không hỏi được nó có trả lời không",
                f"{carrier.name}: qualify is off, so nobody can ask whether it answers",
            )  # fmt: skip
        return self._reachable(carrier, told, over)

    def _registered(self, carrier: Carrier, told: CarrierAnswers, fresh: bool, over: bool) -> Judged:
        name = f"carriers.{carrier.name}"
        if told.registration == "Registered" and fresh:
            return Judged(True)
        status = self._status([carrier.registrar], "REGISTER")
        if told.registration == "Rejected" or (status is not None and status not in TWO_HUNDRED and status != 401):
            if status in (None, 401, 403, 407):
                said = f" ({status})" if status else ""
                return Judged(
                    False,
                    f"không cho đăng ký{said}: sai tài khoản hoặc mật khẩu; xem {name}.user và {name}.secret_file.",
                    f"it refuses the registration{said}: wrong account or password; look at {name}.user and "
                    f"{name}.secret_file.",
                )
            return Judged(
                False,
                f"trả lời {status} khi đăng ký; hỏi nhà mạng, hoặc xem {name}.server.",
                f"it answers {status} to the registration; ask the carrier, or look at {name}.server.",
            )
        return Judged(
            False if over else None,
            f"không trả lời đăng ký; xem {name}.server, {name}.peers và tường lửa.",
            f"it does not answer the registration; look at {name}.server, {name}.peers and the firewall.",
        )

    def _reachable(self, carrier: Carrier, told: CarrierAnswers, over: bool) -> Judged:
        name = f"carriers.{carrier.name}"
        if told.reachable is True:
            status = self._status(carrier.peers, "OPTIONS")
            refuses = status is not None and status not in TWO_HUNDRED and status not in ALIVE
            if refuses and not (status in (401, 407) and carrier.auth != "ip"):
                return Judged(
                    False,
                    f"trả lời {status} khi được hỏi (OPTIONS): nhà mạng chưa nhận địa chỉ này; báo nhà mạng, hoặc "
                    f"xem {name}.peers.",
                    f"it answers {status} when asked (OPTIONS): the carrier does not take this address; tell it, or "
                    f"look at {name}.peers.",
                )
            return Judged(True, f"{carrier.name} trả lời", f"{carrier.name} answers")
        vi, en = _CERTIFICATES if carrier.transport == "tls" else ("", "")
        return Judged(
            False if over else None,
            f"không trả lời (OPTIONS); xem {name}.peers, đường truyền và tường lửa{vi}, hoặc ghi qualify = false nếu "
            "nhà mạng không trả lời OPTIONS.",
            f"it does not answer (OPTIONS); look at {name}.peers, the line and the firewall{en}, or write qualify = "
            "false if the carrier answers no OPTIONS.",
        )

    def _registered_since(self, carrier: Carrier, began: float) -> bool:
        heard = self._answers.newest(carrier.registrar, "REGISTER")
        return heard is not None and heard.at >= began and heard.status in TWO_HUNDRED

    def _status(self, peers: Sequence[str], method: str) -> int | None:
        """The best of what these addresses answered; None where nothing was heard."""
        heard = [found.status for peer in peers if (found := self._answers.newest(peer, method)) is not None]
        return min(heard, default=None)


def _registers(carrier: Carrier) -> bool:
    return carrier.auth == "register"


async def _pause(job: JobSteps) -> None:
    if job.stop_asked:
        raise stopped()
    await asyncio.sleep(LOOK_EVERY_S)


def stopped() -> JobStopped:
    return JobStopped("stopped", "Người quản trị đã dừng việc này.", "An admin stopped it.")
