"""A location that came with a call: shapes become circles, an address is said as it is here, the rest has a reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.asterisk_words import INFO_LIMIT, read_location


def read(info: str, **more: str) -> tuple[Location | None, str]:
    return read_location({"Format": "GML", "Info": info, **more}, 1000)


@pytest.mark.parametrize(
    ("info", "lat", "lon", "metres"),
    [
        ('shape="Point",crs="2d",pos="10.7769 106.7009"', 10.7769, 106.7009, 0.0),
        ('shape="Circle",crs="2d",pos="10.7769 106.7009",radius="50"', 10.7769, 106.7009, 50.0),
        ('shape="Sphere",crs="3d",pos="10.7 106.7 12",radius="8.5"', 10.7, 106.7, 8.5),
        ('shape="Ellipse",pos="10.7 106.7",semiMajorAxis="70",semiMinorAxis="30",orientation="0"', 10.7, 106.7, 70.0),
        (
            'shape="ArcBand",pos="10.7 106.7",innerRadius="5",outerRadius="350",startAngle="0",openingAngle="360"',
            10.7,
            106.7,
            350.0,
        ),
        ('shape="Circle", crs="2d", pos="10.7 106.7", radius="1"', 10.7, 106.7, 1.0),
    ],
)
def test_shapes_become_a_circle(info, lat, lon, metres):
    place, why = read(info)
    assert why == ""
    assert place is not None
    assert (place.lat, place.lon, place.uncertainty_m) == (lat, lon, metres)
    assert (place.source, place.at) == (LocationSource.PIDF_LO, 1000)


def test_a_polygon_is_its_middle_and_the_farthest_corner():
    corners = ["10.0 106.0", "10.0 106.1", "10.1 106.1", "10.1 106.0", "10.0 106.0"]
    for info in (
        'shape="Polygon",' + ",".join(f'pos="{corner}"' for corner in corners),
        f'shape="Polygon",posList="{" ".join(corners)}"',
    ):
        place, _ = read(info)
        assert place is not None
        assert (round(place.lat or 0, 6), round(place.lon or 0, 6)) == (10.05, 106.05)
        assert 7_700 < place.uncertainty_m < 7_900


def test_an_address_is_said_as_it_is_here():
    info = 'lang="vi",country="VN",A1="TP. Hồ Chí Minh",A3="Bến Nghé",RD="Lê Lợi",HNO="12",LMK="Chợ Bến Thành"'
    place, why = read_location({"Format": "civicAddress", "Info": info, "Confidence": "95"}, 5)
    assert why == ""
    assert place is not None
    assert place.label == "12 Lê Lợi, Chợ Bến Thành, Bến Nghé, TP. Hồ Chí Minh"
    assert (place.lat, place.lon, place.confidence) == (None, None, 95)


def test_the_refined_location_counts():
    place, _ = read('shape="Point",pos="1 1"', Effective='shape="Point",pos="10.5 106.5"')
    assert place is not None
    assert place.lat == 10.5


@pytest.mark.parametrize(
    ("info", "why"),
    [
        ("", "empty"),
        ("x" * (INFO_LIMIT + 1), "too_long"),
        ('shape="Circle",pos="10.7 106.7",radius="50', "syntax"),
        ('shape="Circle",pos="10.7 106.7"', "number"),
        ('shape="Circle",pos="10.7 106.7",radius="-5"', "number"),
        ('shape="Circle",pos="10.7 106.7",radius="inf"', "number"),
        ('shape="Circle",pos="nan 106.7",radius="5"', "number"),
        ('shape="Point",pos="91 106.7"', "number"),
        ('shape="Point",pos="10.7 181"', "number"),
        ('shape="Point",pos="10.7"', "number"),
        ('shape="Donut",pos="10.7 106.7"', "shape"),
        ('shape="Polygon",pos="10.7 106.7"', "number"),
    ],
)
def test_what_cannot_be_read_says_why(info, why):
    assert read(info) == (None, why)


def test_a_location_by_reference_is_not_fetched():
    assert read_location({"Format": "URI", "Info": 'URI="https://lis.example/x"'}, 0) == (None, "by_reference")


def test_an_empty_address_is_no_location():
    assert read_location({"Format": "civicAddress", "Info": 'country="VN"'}, 0) == (None, "empty")


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["Format", "Info", "Effective", "Confidence"]), st.text(max_size=300)),
    st.sampled_from(["GML", "civicAddress", "URI", ""]),
)
def test_nothing_raises(told, form):
    place, why = read_location({"Format": form, **told}, 0)
    assert (place is None) == bool(why)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["shape", "pos", "radius", "A1", "RD"]), st.text(max_size=40)), max_size=6))
def test_nothing_raises_for_well_formed_pairs(pairs):
    info = ",".join(f'{key}="{value}"' for key, value in pairs)
    place, why = read(info)
    assert (place is None) == bool(why)
