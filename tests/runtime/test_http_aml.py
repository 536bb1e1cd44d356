"""Callers' locations by HTTPS: who knows the secret is answered 2xx whatever they send, and nobody waits."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain.commands import LocationCame, SenderKind
from dispatch_core.runtime.clock import SystemIds
from dispatch_core.runtime.http import ApiResource, HttpRefusal
from dispatch_core.runtime.http.aml import AmlIntake
from dispatch_core.runtime.http.senders import Senders, only
from dispatch_core.settings import AML_BODY_LIMIT, AML_BURST, AML_PER_S
from telephony.caller_location.aml_https import is_signed, read_form
from tests.domain.examples import tries

KEY = "the sender's secret"
FORM = b"v=1&device_number=%2B84912345678&location_latitude=10.7769&location_longitude=106.7009&location_accuracy=12"


class Still:
    def __init__(self) -> None:
        self.time = 1_000.0

    def now(self) -> int:
        return 1_795_000_000_000

    def monotonic(self) -> float:
        return self.time


class Stage:
    def __init__(self) -> None:
        self.clock = Still()
        self.told: list[LocationCame] = []
        ids = SystemIds(self.clock)
        self.intake = AmlIntake(
            Senders([only(KEY, "aml", SenderKind.LOCATION)]), read_form, is_signed,
            lambda _, told: self.told.append(told), self.clock, ids,
        )  # fmt: skip

    def send(self, body: bytes, token: str = KEY) -> tuple[int, str]:
        status, answer, _ = self.intake.take(body, token)
        return status, json.loads(answer)["outcome"]


def test_a_location_is_told_at_once() -> None:
    stage = Stage()
    assert stage.send(FORM) == (200, "taken")
    (told,) = stage.told
    assert told.number == "+84912345678" and told.location is not None
    assert (told.location.lat, told.location.lon, told.location.uncertainty_m) == (10.7769, 106.7009, 12.0)
    assert ("POST", "/v1/aml") in stage.intake.routes()
    ApiResource(stage.intake)


def test_who_signs_the_form_needs_no_token() -> None:
    stage = Stage()
    digest = hmac.new(KEY.encode(), FORM, hashlib.sha1).hexdigest().encode()
    assert stage.send(FORM + b"&hmac=" + digest, "") == (200, "taken")
    for body, token in ((FORM, ""), (FORM, "wrong"), (FORM + b"&hmac=" + b"0" * 40, ""), (b"x" * 99_999, "ẩn")):
        with pytest.raises(HttpRefusal) as caught:
            stage.send(body, token)
        assert (caught.value.status, caught.value.code) == (401, "bad_token")
    assert len(stage.told) == 1 and stage.intake.counts["refused"] == 4


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"a" * (AML_BODY_LIMIT + 1), b"&" * 9_000, FORM.replace(b"10.7769", b"nan"), b"=&=&="]
)
def test_what_cannot_be_read_is_counted_and_answered(body: bytes) -> None:
    stage = Stage()
    assert stage.send(body) == (202, "unread")
    assert stage.intake.counts["unread"] == 1
    assert all(told.location is None and told.note for told in stage.told)


def test_a_form_without_a_number_belongs_to_nobody() -> None:
    stage = Stage()
    assert stage.send(FORM.replace(b"device_number", b"number")) == (202, "unread")
    assert not stage.told


def test_too_many_are_answered_and_dropped() -> None:
    stage = Stage()
    for _ in range(AML_BURST):
        assert stage.send(FORM)[0] == 200
    assert stage.send(FORM) == (202, "too_many")
    stage.clock.time += 1.0
    assert [stage.send(FORM)[0] for _ in range(AML_PER_S + 1)] == [200] * AML_PER_S + [202]


@given(st.binary(max_size=400))
@tries(150, 5_000)
def test_whatever_it_is_the_answer_is_2xx(body: bytes) -> None:
    stage = Stage()
    for whole in (body, FORM + body, body + FORM):
        assert stage.send(whole)[0] in (200, 202)
