"""AML by HTTPS (ETSI TS 103 625, and Android's ELS that follows it): a form to a `Location` and whose it is.

Every field is optional. The phone's identities (IMSI, IMEI, ICCID), its model and whatever else the form tells of a
person are passed over.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.aml_sms import placed
from telephony.caller_location.pidf_lo import method_named
from telephony.caller_location.places import Measured, of_shape
from telephony.caller_location.reasons import NoLocation, number, percent

FIELDS_MOST = 120
NUMBER_LIMIT = 40
_SIGNED_BY = b"&hmac="


@dataclass(frozen=True)
class Sent:
    """`number`: the phone's, as it was sent. `why`: there is no place that could be read."""

    number: str
    location: Location | None
    why: str = ""


def read_form(body: bytes, came: int) -> Sent:
    """Whatever bytes come, an answer. `came`: when, in ms."""
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_MOST)
    except ValueError:
        return Sent("", None, "too_many")
    form = dict(reversed(pairs))  # the first of a name counts
    whose = form.get("device_number", "").strip()[:NUMBER_LIMIT]
    try:
        return Sent(whose, _place(form, came))
    except NoLocation as why:
        return Sent(whose, None, str(why))


def _place(form: Mapping[str, str], came: int) -> Location:
    shape = placed(*(form.get(f"location_{name}", "").strip() for name in ("latitude", "longitude", "accuracy")))
    high = form.get("location_altitude", "").strip()
    if high:
        shape = placed(str(shape.lat), str(shape.lon), str(shape.metres), high)
    told = Measured(
        LocationSource.AML,
        came,
        _moment(form.get("location_time", "")),
        _confidence(form),
        method_named(form.get("location_source", "")),
        form.get("location_floor", "").strip()[:NUMBER_LIMIT],
    )
    return of_shape(shape, told)


def _confidence(form: Mapping[str, str]) -> int:
    """`location_certainty` is percent; `location_confidence` a share of 1."""
    share = form.get("location_confidence", "")
    if share:
        try:
            value = number(share)
        except NoLocation:
            return 0
        return percent(str(value * 100 if value <= 1.0 else value))
    return percent(form.get("location_certainty", ""))


def _moment(text: str) -> int:
    """Milliseconds since 1970; 0 where it is not said."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def is_signed(body: bytes, key: str) -> bool:
    """Whether the form ends with `hmac`, the HMAC-SHA1 under `key` of everything before it, in hexadecimal digits."""
    message, mark, told = body.rpartition(_SIGNED_BY)
    if not mark or not key:
        return False
    own = hmac.new(key.encode(), message, hashlib.sha1).hexdigest().encode()
    return hmac.compare_digest(own, told.strip().lower())
