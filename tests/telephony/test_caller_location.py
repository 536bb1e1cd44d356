"""Where a caller is, from an INVITE's body, an SMS or a form: every shape and vector, and every kind of nonsense."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain.placing import OUTLINE_POINTS, on_earth
from dispatch_core.domain.vocabulary import Location, LocationSource
from scripts.stage import presence as p
from telephony.caller_location import aml_https, aml_sms
from telephony.caller_location.pidf_lo import read_pidf
from telephony.caller_location.shapes import METRES_PER_DEGREE, arc_band, ellipse, polygon
from telephony.caller_location.sip_invite import read_invite
from telephony.caller_location.xml_tree import XML_BYTES, XML_DEPTH, XML_ELEMENTS, read_xml
from tests.domain.examples import tries

CAME = 1_795_000_000_000  # 2026-11-18T11:06:40Z
HARMLESS_S = 0.05
"""What hostile XML may cost of a processor."""


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points, longitude first."""
    (x, y), (x2, y2) = one, other
    return math.hypot((x2 - x) * math.cos(math.radians(y)), y2 - y) * METRES_PER_DEGREE


def read(shape: str, **more: str) -> Location:
    places, why = read_pidf(p.presence(shape, **more).encode(), CAME)
    assert why == "" and len(places) == 1, why
    return places[0]


def is_held(place: Location) -> bool:
    """Whether the circle holds the outline, and nothing smaller would by much."""
    assert place.lat is not None and place.lon is not None
    far = max(metres((place.lon, place.lat), point) for point in place.outline)
    return place.uncertainty_m * 0.98 <= far <= place.uncertainty_m * 1.02 + 0.2


# --- shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shape", "uncertainty", "altitude"),
    [
        ("point", "point", 0.0, None), ("high point", "point", 0.0, 12.5), ("circle", "circle", 180.0, None),
        ("ellipse", "ellipse", 400.0, None), ("sphere", "sphere", 8.5, 26.3), ("ellipsoid", "ellipsoid", 77.5, 26.3),
    ],
)  # fmt: skip
def test_a_shape_around_its_middle(name: str, shape: str, uncertainty: float, altitude: float | None) -> None:
    place = read(p.SHAPES[name])
    assert (place.lat, place.lon, place.shape, place.uncertainty_m) == (p.LAT, p.LON, shape, uncertainty)
    assert (place.altitude_m, place.source, place.method, place.at) == (altitude, LocationSource.PIDF_LO, "gnss", CAME)
    assert not place.outline or is_held(place)
    assert place.confidence == (95 if name == "circle" else 0)


def test_an_ellipse_points_where_it_says() -> None:
    place = read(p.SHAPES["ellipse"])
    farthest = max(place.outline, key=lambda point: metres((p.LON, p.LAT), point))
    east, north = (farthest[0] - p.LON) * math.cos(math.radians(p.LAT)), farthest[1] - p.LAT
    assert math.degrees(math.atan2(east, north)) % 180 == pytest.approx(43.2, abs=0.5)


@pytest.mark.parametrize("name", ["arc band", "arc band in radians"])
def test_the_middle_of_an_arc_band_is_not_the_mast(name: str) -> None:
    place = read(p.SHAPES[name])
    assert place.shape == "arc_band" and is_held(place)
    assert place.lat is not None and place.lon is not None
    away = metres((p.LON, p.LAT), (place.lon, place.lat))
    assert 1_000 < away < 1_600, "the middle lies in the band"
    assert place.lat > p.LAT and place.lon > p.LON, "north-east, where 0 to 90 degrees is"
    assert 1_130 < place.uncertainty_m < 1_140
    distances = [metres((p.LON, p.LAT), point) for point in place.outline]
    assert min(distances) == pytest.approx(1_000, rel=0.01) and max(distances) == pytest.approx(1_600, rel=0.01)


def test_a_band_all_around_is_around_the_mast() -> None:
    band = arc_band(p.LAT, p.LON, (100, 500), 20, 360)
    assert (band.lat, band.lon, band.metres) == (p.LAT, p.LON, 500)
    wedge = arc_band(p.LAT, p.LON, (0, 500), -45, 90)
    assert (round(p.LON, 6), round(p.LAT, 6)) in wedge.outline and wedge.lat > p.LAT
    line = arc_band(p.LAT, p.LON, (500, 500), 0, 10)
    assert metres((p.LON, p.LAT), (line.lon, line.lat)) == pytest.approx(500, rel=0.02)
    assert arc_band(p.LAT, p.LON, (0, 0), 0, 10).metres == 0


@pytest.mark.parametrize("name", ["polygon", "list polygon", "prism"])
def test_a_polygon_keeps_its_corners(name: str) -> None:
    place = read(p.SHAPES[name])
    assert set(place.outline) == {(lon, lat) for lat, lon in p.SQUARE}
    assert (round(place.lat or 0, 5), round(place.lon or 0, 5)) == (10.77845, 106.7034) and is_held(place)
    assert place.altitude_m == (36.0 if name == "prism" else None)


def test_a_polygon_without_an_area_still_has_a_middle() -> None:
    line = polygon("polygon", [(10.0, 106.0), (10.1, 106.0), (10.2, 106.0)])
    assert (round(line.lat, 6), line.lon) == (10.1, 106.0)


def test_a_shape_over_the_date_line_is_not_a_belt_around_the_earth() -> None:
    place = polygon("polygon", [(10.0, 179.99), (10.0, -179.99), (10.01, -179.99)])
    assert place.metres < 3_000 and abs(place.lon) > 179.9


def test_axes_that_were_swapped_are_turned_and_said() -> None:
    place = read(p.SHAPES["swapped"])
    assert (place.lat, place.lon, place.doubt) == (p.LAT, p.LON, "swapped")


def test_an_address_is_said_as_it_is_here() -> None:
    place = read(p.SHAPES["civic"])
    assert place.label == "12 Lê Lợi, Chợ Bến Thành, Phường Sài Gòn, Thành phố Hồ Chí Minh"
    assert (place.lat, place.lon, place.floor, place.shape) == (None, None, "3", "civic")


def test_a_shape_and_an_address_are_both_told() -> None:
    places, why = read_pidf(p.presence(p.SHAPES["circle"] + p.SHAPES["civic"]).encode(), CAME)
    assert why == "" and [place.shape for place in places] == ["circle", "civic"]


@pytest.mark.parametrize(
    ("stamp", "at", "doubt"),
    [
        ("", CAME, ""), ("2026-11-18T11:06:30+00:00", CAME - 10_000, ""),
        ("2026-11-18T18:06:30+07:00", CAME - 10_000, ""),
        ("2026-11-18T09:00:00Z", CAME - 7_600_000, "old"), ("2026-11-19T00:00:00Z", CAME, ""),
        ("2026-11-18T11:06:30", CAME, ""), ("yesterday", CAME, ""), ("0001-01-01T00:00:00+14:00", CAME, ""),
    ],
)  # fmt: skip
def test_when_it_was_measured(stamp: str, at: int, doubt: str) -> None:
    place = read(p.SHAPES["point"], stamp=stamp)
    assert (place.at, place.doubt) == (at, doubt)


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ("", "empty"), ("words", "empty"), (f"<gml:Point {p.FLAT}/>", "number"), ("<gs:Donut/>", "shape"),
        (p.SHAPES["point"].replace("10.7769", "nan"), "number"),
        (p.SHAPES["point"].replace("10.7769", "1e400"), "number"),
        (p.SHAPES["point"].replace("10.7769", "200"), "number"), (p.SHAPES["circle"].replace("180", "-5"), "number"),
        (p.SHAPES["circle"].replace("180", "1e30"), "number"), (p.SHAPES["circle"].replace("9001", "9002"), "number"),
        (p.SHAPES["point"].replace("4326", "3857"), "shape"), (p.SHAPES["ellipse"].replace("43.2", "1e9"), "number"),
        (p.SHAPES["arc band"].replace(">90<", ">-90<"), "number"), ("<ca:civicAddress/>", "empty"),
        ("<gml:Polygon><gml:pos>1 1</gml:pos><gml:pos>1 1</gml:pos><gml:pos>2 2</gml:pos></gml:Polygon>", "number"),
        ("<gml:Polygon><gml:posList>" + "1 2 " * 200 + "</gml:posList></gml:Polygon>", "too_long"),
        ("<gml:Polygon><gml:posList>1 2 3 4 5</gml:posList></gml:Polygon>", "number"),
        ("<gml:Polygon><gml:posList></gml:posList></gml:Polygon>", "number"),
        (p.SHAPES["point"].replace("10.7769", "1 2 3"), "number"),
        ("<gml:Polygon>" + "".join(f"<gml:pos>1 {n}</gml:pos>" for n in range(61)) + "</gml:Polygon>", "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_shape_says_why(shape: str, why: str) -> None:
    assert read_pidf(p.presence(shape).encode(), CAME) == ((), why)


@given(
    st.floats(-80, 80), st.floats(-180, 180), st.floats(1, 50_000), st.floats(1, 50_000), st.floats(-360, 360),
    st.floats(0.5, 360),
)  # fmt: skip
@tries(150, 5_000)
def test_every_outline_lies_on_earth_and_in_its_circle(
    lat: float, lon: float, one: float, other: float, start: float, opening: float
) -> None:
    for shape in (ellipse("ellipse", lat, lon, (one, other), start), arc_band(lat, lon, (one, other), start, opening)):
        assert 0 < len(shape.outline) <= OUTLINE_POINTS
        assert all(-90 <= y <= 90 and -180 <= x <= 180 for x, y in shape.outline)
        squeeze = math.cos(math.radians(lat))
        for x, y in shape.outline:
            east = ((x - shape.lon + 180) % 360 - 180) * squeeze
            assert math.hypot(east, y - shape.lat) * METRES_PER_DEGREE <= shape.metres * 1.01 + 1


# --- hostile XML ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", p.HOSTILE)
def test_hostile_xml_is_an_unknown_location_at_once(name: str) -> None:
    packet = p.invite(p.HOSTILE[name])
    took = []
    for _ in range(5):  # what else the processor does adds to some of them, never to all
        began = time.thread_time()
        told = read_invite(packet, CAME)
        took.append(time.thread_time() - began)
        assert told is not None and told.places == () and told.why
    assert min(took) < HARMLESS_S, f"{[round(it * 1000, 1) for it in took]} ms"


def test_a_file_of_ours_is_never_in_it() -> None:
    (place,), _ = read_pidf(p.INCLUDE.encode(), CAME)
    assert place.label == "xy"
    assert all("root:" not in str(read_pidf(text.encode(), CAME)) for text in p.HOSTILE.values())


def test_the_limits_are_where_they_are_said_to_be() -> None:
    assert read_xml(b"<a>" * XML_DEPTH + b"</a>" * XML_DEPTH).name == "a"
    assert read_xml(b"<a>" + b"<b/>" * (XML_ELEMENTS - 1) + b"</a>").children
    for data, why in (
        (b"<a>" * (XML_DEPTH + 1), "too_deep"), (b"<a>" + b"<b/>" * XML_ELEMENTS + b"</a>", "too_many"),
        (b"<a>" + b" " * XML_BYTES + b"</a>", "too_long"), (b"<!DOCTYPE a><a/>", "dtd"), (b"<a>&x;</a>", "syntax"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "syntax"), (b"<a>\xff\xfe</a>", "syntax"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"^{why}$"):
            read_xml(data)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
@tries(300, 10_000)
def test_any_bytes_are_places_or_a_reason(data: bytes) -> None:
    places, why = read_pidf(data, CAME)
    assert bool(places) != bool(why)
    assert all(on_earth(place) for place in places)
    for packet in (data, b"INVITE " + data, p.invite().replace(p.SDP.encode(), data)):
        read_invite(packet, CAME)


pieces = st.sampled_from([*p.SHAPES.values(), "<gml:pos>", "</gml:pos>", "1e999", "-91", "<a", "&amp;", "ễ", "\x00"])


@given(st.lists(pieces | st.text(max_size=20), max_size=5))
@tries(300, 10_000)
def test_any_content_is_places_or_a_reason(parts: list[str]) -> None:
    places, why = read_pidf(p.presence("".join(parts)).encode("utf-8", "surrogatepass"), CAME)
    assert bool(places) != bool(why)
    assert all(on_earth(place) for place in places)


# --- INVITE -----------------------------------------------------------------------------------------------------------


def test_every_document_that_a_header_names_is_read() -> None:
    one, other = p.presence(p.SHAPES["circle"]), p.presence(p.SHAPES["civic"])
    told = read_invite(p.invite(one, other, call_id="7@x"), CAME)
    assert told is not None and told.sip_call_id == "7@x"
    assert [place.shape for place in told.places] == ["circle", "civic"]
    both = p.invite(one, other, uris=("cid:l1@here>, <cid:l0@here",))
    again = read_invite(both, CAME)
    assert again is not None and [place.shape for place in again.places] == ["civic", "circle"]
    only = read_invite(p.invite(one, other, uris=("cid:l1@here",)), CAME)
    assert only is not None and [place.shape for place in only.places] == ["civic"]


def test_a_reference_is_a_link_and_a_document_beside_it_is_read() -> None:
    told = read_invite(p.invite(uris=("https://lis.example/x?a=1",)), CAME)
    assert told is not None and (told.places, told.why) == ((), "by_reference")
    assert told.link == "https://lis.example/x?a=1"
    for uri in ("http://lis.example/x", "javascript:alert(1)", "sip:x@y", "https://a b", "https://a\x07b"):
        told = read_invite(p.invite(uris=(uri,)), CAME)
        assert told is None or told.link == ""
    both = read_invite(p.invite(p.presence(p.SHAPES["point"]), uris=("https://lis.example/x", "cid:l0@here")), CAME)
    assert both is not None and both.link and len(both.places) == 1


def test_a_document_that_is_not_there_or_has_no_name() -> None:
    told = read_invite(p.invite(uris=("cid:gone@here",)), CAME)
    assert told is not None and told.why == "no_body"
    packet = p.invite(p.presence(p.SHAPES["point"])).replace(b"Content-ID: <l0@here>\r\n", b"")
    told = read_invite(packet.replace(b"Geolocation: <cid:l0@here>\r\n", b""), CAME)
    assert told is not None and len(told.places) == 1
    alone = p.presence(p.SHAPES["point"]).encode()
    head = b"INVITE sip:115@x SIP/2.0\r\ni: short@x\r\ngeolocation:\r\n <cid:l0@here>\r\nc: application/pidf+xml\r\n"
    told = read_invite(head + b"\r\n" + alone, CAME)
    assert told is not None and told.sip_call_id == "short@x" and len(told.places) == 1


def test_what_says_nothing_of_a_location() -> None:
    assert read_invite(b"INVITE sip:115@x SIP/2.0\r\nc: application/sdp\r\n\r\nv=0\r\n", CAME) is None
    assert read_invite(b"INVITE sip:115@x SIP/2.0\r\nc: multipart/mixed\r\n\r\nv=0\r\n", CAME) is None
    assert read_invite(b"SIP/2.0 200 OK\r\nGeolocation: <cid:a>\r\n\r\n", CAME) is None


# --- AML by SMS -------------------------------------------------------------------------------------------------------

V1 = (
    'A"ML=1;lt=+48.902963;lg=+2.516582;rd=1964;top=20220210134654;lc=95;pm=G;si=123456789012345;'
    "ei=123456789012345;mcc=208;mnc=01;ml=131"
)
V2 = (
    'A"ML=2;en=+15555555555;et=1593187189;lo=-37.42175,-122.08461,2000.1;lt=-9999;lc=68;lz=-100.1,100.1;ls=G;'
    "ei=358239059042542;nc=310260;hc=310260;lg=en-US"
)


def sms(text: str, came: int = CAME) -> Location:
    place, why = aml_sms.read_sms(text, came)
    assert place is not None and why == "", why
    return place


def test_version_1() -> None:
    place = sms(V1, 1_644_500_820_000)
    assert (place.lat, place.lon, place.uncertainty_m, place.confidence) == (48.902963, 2.516582, 1964.0, 95)
    assert (place.at, place.method, place.doubt, place.source) == (1_644_500_814_000, "gnss", "", LocationSource.AML)
    assert sms(V1).doubt == "old"


def test_version_2() -> None:
    place = sms(V2, 1_593_187_200_000)
    assert (place.lat, place.lon, place.uncertainty_m, place.confidence) == (-37.42175, -122.08461, 2000.1, 68)
    assert (place.at, place.altitude_m, place.method, place.doubt) == (1_593_177_190_000, -100.1, "gnss", "old")
    young = sms(V2.replace("lt=-9999", "lt=5"), 1_593_187_200_000)
    assert (young.at, young.doubt) == (1_593_187_194_000, "")


def test_the_same_names_mean_other_things() -> None:
    """`lt` and `lg` of one version read as the other's would be a place in the sea, or none."""
    mixed = V2.replace("lo=-37.42175,-122.08461,2000.1;", "")
    assert aml_sms.read_sms(mixed, CAME) == (None, "no_fix")
    assert aml_sms.read_sms(V1.replace("ML=1", "ML=2"), CAME) == (None, "no_fix")
    assert aml_sms.read_sms(V1.replace("ML=1", "ML=3"), CAME) == (None, "version")


@pytest.mark.parametrize(
    "text",
    [
        'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;si=234159000000000;ei=123456789012345;'
        "mcc=234;mnc=15;ml=127",
        V1.replace("+48.902963", "+00.00000").replace("+2.516582", "+000.00000"),
        V1.replace("pm=G", "pm=N"),
        V2.replace("lo=-37.42175,-122.08461,2000.1", "lo="),
        V2.replace("lo=-37.42175,-122.08461,2000.1", "lo=0.0,0.0,0.0"),
    ],
)
def test_no_fix_is_no_place_in_the_gulf_of_guinea(text: str) -> None:
    assert aml_sms.read_sms(text, CAME) == (None, "no_fix")


def test_a_message_that_was_cut_is_doubted_or_no_place() -> None:
    whole = 'A"ML=1;lt=+10.77690;lg=+106.70090;rd=12;top=20261118110630;lc=95;pm=W;si=1;ei=1;mcc=452;mnc=04;ml=101'
    assert len(whole) == 101 and sms(whole).doubt == ""
    assert sms(whole + "\x00\r\n").doubt == ""
    assert sms(whole.replace("ml=101", "ml=102")).doubt == "cut"
    for end in range(len(whole)):
        place, why = aml_sms.read_sms(whole[:end], CAME)
        if place is not None:
            assert (place.lat, place.lon, place.doubt) == (10.7769, 106.7009, "cut"), whole[:end]
            assert place.uncertainty_m in (0.0, 12.0)
        else:
            assert why in ("syntax", "no_fix", "version")


def test_identities_are_not_kept() -> None:
    for text in (V1, V2):
        assert "358239059042542" not in repr(sms(text)) and "123456789012345" not in repr(sms(text))


def test_what_is_aml_and_what_a_person_wrote() -> None:
    assert aml_sms.is_aml(V1) and aml_sms.is_aml("\ufeff " + V2)
    assert not aml_sms.is_aml('Cháy ở A"ML=1') and not aml_sms.is_aml("")
    assert aml_sms.read_sms("cháy", CAME) == (None, "syntax")
    assert aml_sms.read_sms(V1 + "x" * 500, CAME) == (None, "too_long")


@given(st.lists(st.sampled_from(V1.split(";") + V2.split(";") + ["lt", "=", "lo=1,2,3,4", "et=9" * 30, "top=9"])))
@tries(300, 10_000)
def test_any_attributes_are_a_place_or_a_reason(pairs: list[str]) -> None:
    place, why = aml_sms.read_sms('A"ML=' + ";".join(pairs), CAME)
    assert (place is None) == bool(why) and (place is None or on_earth(place))


@given(st.text(max_size=300))
@tries(200, 10_000)
def test_any_text_is_a_place_or_a_reason(text: str) -> None:
    for whole in (text, 'A"ML=1;' + text, 'A"ML=2;' + text):
        place, why = aml_sms.read_sms(whole, CAME)
        assert (place is None) == bool(why)


# --- AML by HTTPS -----------------------------------------------------------------------------------------------------

FORM = (
    b"v=1&device_number=%2B447477593102&location_latitude=55.85732&location_longitude=-4.26325"
    b"&location_time=1476189444435&location_accuracy=10.4&location_source=GPS&location_certainty=83"
    b"&location_altitude=0.0&location_floor=5&device_model=ABC+ABC+Detente+530&device_imei=354773072099116"
    b"&device_imsi=234159176307582&device_os=AOS&cell_carrier=&cell_home_mcc=234&cell_home_mnc=15"
    b"&cell_network_mcc=234&cell_network_mnc=15&cell_id=0213454321"
)
SIGNED = (
    b"v=1&device_number=%2B33611223344&location_latitude=0.85732&location_longitude=-4.26325"
    b"&location_time=1604912121000&location_accuracy=10.4&location_source=GPS&location_certainty=83"
    b"&hmac=f64c70eb238bb239e00e8ac8c023bf2b5d3c41dd"
)


def test_a_form() -> None:
    sent = aml_https.read_form(FORM, 1_476_189_450_000)
    place = sent.location
    assert sent.number == "+447477593102" and place is not None
    assert (place.lat, place.lon, place.uncertainty_m, place.confidence) == (55.85732, -4.26325, 10.4, 83)
    assert (place.at, place.method, place.floor, place.altitude_m) == (1_476_189_444_435, "gnss", "5", 0.0)
    assert "354773072099116" not in repr(sent) and "234159176307582" not in repr(sent)


def test_a_signature() -> None:
    assert aml_https.is_signed(SIGNED, "AML")
    assert not aml_https.is_signed(SIGNED, "LMA") and not aml_https.is_signed(SIGNED, "")
    assert not aml_https.is_signed(SIGNED.replace(b"0.85732", b"0.85733"), "AML")
    assert not aml_https.is_signed(FORM, "AML") and not aml_https.is_signed(b"", "AML")


@pytest.mark.parametrize(
    ("told", "sure"),
    [(b"0.68", 68), (b"68", 68), (b"1.0", 100), (b"-1", 0), (b"101", 0), (b"nan", 0), (b"much", 0), (b"", 83)],
)
def test_confidence_is_a_share_or_percent(told: bytes, sure: int) -> None:
    place = aml_https.read_form(FORM + b"&location_confidence=" + told, CAME).location
    assert place is not None and place.confidence == sure


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (b"", "no_fix"), (b"v=1", "no_fix"), (FORM.replace(b"55.85732", b"155.8"), "number"),
        (FORM.replace(b"55.85732", b"inf"), "number"), (b"a=b&" * 200, "too_many"), (b"\xff\xfe\x00", "no_fix"),
    ],
)  # fmt: skip
def test_a_form_without_a_place_says_why(form: bytes, why: str) -> None:
    sent = aml_https.read_form(form, CAME)
    assert (sent.location, sent.why) == (None, why)


@given(st.binary(max_size=300))
@tries(200, 10_000)
def test_any_form_is_answered(body: bytes) -> None:
    for whole in (body, FORM + body, b"location_latitude=" + body + b"&location_longitude=1"):
        sent = aml_https.read_form(whole, CAME)
        assert (sent.location is None) == bool(sent.why)
        aml_https.is_signed(whole, "key")
