"""What `dispatch trunk` asks of the core. Blocking; raises CoreRefused and CoreUnreachable.

Guards: whatever starts something is sent once, on a connection that is new: a broken one leaves in doubt whether it was
taken, and nothing is done twice.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import msgspec

from dispatch_core.domain.errors import DispatchError
from dispatch_core.settings import Settings
from dispatch_core.wire.envelopes import BriefSignedIn, SignInAsked
from dispatch_core.wire.https_client import HttpsClient, T
from dispatch_core.wire.names import WIRE_VERSION
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    ChangeShown,
    Checked,
    JobShown,
    JobStarted,
    Planned,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
    TrunkShown,
    TrunkStatus,
)

PATIENCE_S = 120.0
"""A plan boots a scratch switch at every node before it answers."""

ANSWER_BYTES = 16 * 1024 * 1024
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


class TrunkClient(HttpsClient):
    def sign_in(self, user: str, password: str) -> BriefSignedIn:
        asked = SignInAsked(wire=WIRE_VERSION, user=user, password=password)
        told = self._told("POST", "/v1/sign-in/brief", BriefSignedIn, asked)
        self._session = told.session
        return told

    def sign_out(self) -> None:
        if self._session:
            self._ask("POST", "/v1/sign-out/brief", b"{}")
            self._session = ""

    def shown(self) -> TrunkShown:
        return self._told("GET", "/v1/trunk", TrunkShown)

    def check(self, candidate: Candidate) -> Checked:
        return self._told("POST", "/v1/trunk/check", Checked, candidate)

    def plan(self, candidate: Candidate) -> Planned:
        return self._told("POST", "/v1/trunk/plan", Planned, candidate)

    def apply(self, wanted: ApplyWanted) -> str:
        return self._started("apply", wanted)

    def roll_back(self, wanted: RollbackWanted) -> str:
        return self._started("rollback", wanted)

    def replace_secret(self, wanted: SecretWanted) -> str:
        return self._started("secret", wanted)

    def restart(self, wanted: RestartWanted) -> str:
        return self._started("restart", wanted)

    def test_call(self, wanted: TestCallWanted) -> str:
        return self._started("test-call", wanted)

    def job(self, ident: str) -> JobShown:
        return self._told("GET", f"/v1/trunk/jobs/{ident}", JobShown)

    def stop(self, ident: str) -> None:
        self._ask("POST", f"/v1/trunk/jobs/{ident}/stop", b"{}")

    def history(self) -> list[ChangeShown]:
        return self._told("GET", "/v1/trunk/history", list[ChangeShown])

    def change(self, version: int) -> ChangeShown:
        return self._told("GET", f"/v1/trunk/history/{version}", ChangeShown)

    def status(self) -> TrunkStatus:
        return self._told("GET", "/v1/trunk/status", TrunkStatus)

    def _started(self, what: str, wanted: msgspec.Struct) -> str:
        """The job."""
        self.close()
        return self._told("POST", f"/v1/trunk/{what}", JobStarted, wanted).job

    def _told(self, method: str, path: str, kind: type[T], asked: msgspec.Struct | None = None) -> T:
        _, body, _ = self._ask(method, path, None if asked is None else msgspec.json.encode(asked))
        return self._read(body, kind)


def client_of(settings: Settings, address: str = "", authority: Path | None = None) -> TrunkClient:
    """A client of the core of these settings, or of the one at ``address``. Without ``authority`` the one certificate
    is trusted that the settings let the core show. Raises DispatchError where it cannot be made."""
    file = authority or settings.path(settings.tls_certificate)
    host = EVERYWHERE.get(settings.http_host, settings.http_host)
    try:
        trust = ssl.create_default_context(cafile=str(file))
        trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return TrunkClient(
            address or f"https://{host}:{settings.http_port}", trust, connect_s=PATIENCE_S, answer_bytes=ANSWER_BYTES
        )
    except OSError as problem:  # ssl's errors among them
        raise DispatchError(
            "authority",
            f"Không dùng được chứng thư {file} ({problem.strerror or problem}); nêu tệp khác bằng --ca.",
            f"The certificate {file} cannot be used ({problem.strerror or problem}); name another file with --ca.",
        ) from None
    except ValueError:
        raise DispatchError(
            "core_address",
            f"--core phải có dạng https://MÁY:CỔNG, không phải {address}.",
            f"--core is https://HOST:PORT, not {address}.",
        ) from None
