"""The index of notes answers what looking at every one of them answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch_core.domain.vocabulary import PremiseFound
from gis.premises.index import PremiseIndex, metres_between
from gis.travel.straight import metres_between as geodesic

lats = st.floats(10.2, 11.4)
lons = st.floats(106.3, 107.6)
notes = st.lists(
    st.tuples(lats, lons, st.sampled_from([1.0, 30.0, 300.0, 5_000.0]), st.sampled_from(["gas", "hydrant"])),
    max_size=40,
)


def made(rows: list[tuple[float, float, float, str]]) -> list[PremiseFound]:
    return [
        PremiseFound(id=f"n{number}", kind=kind, lat=lat, lon=lon, radius_m=radius)
        for number, (lat, lon, radius, kind) in enumerate(rows)
    ]


@given(rows=notes, lat=lats, lon=lons, reach=st.sampled_from([0.0, 10.0, 500.0, 2_000.0, 80_000.0]), near=st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_index_finds_what_looking_everywhere_finds(
    rows: list[tuple[float, float, float, str]], lat: float, lon: float, reach: float, near: bool
) -> None:
    if rows and near:  # a place on the edge of what one of them reaches
        lat, lon = rows[0][0] + rows[0][2] / 111_000, rows[0][1]
    all_notes = made(rows)
    index = PremiseIndex(all_notes)
    assert len(index) == len(all_notes)
    found = index.touching(lat, lon, reach, 0)
    wanted = {it.id for it in all_notes if metres_between(lat, lon, it) <= it.radius_m + reach}
    assert {it.id for it in found} == wanted
    assert [it.metres for it in found] == sorted(it.metres for it in found)
    hydrants = index.nearest(lat, lon, frozenset({"hydrant"}), 20_000.0, 3)
    everywhere = sorted(
        (metres_between(lat, lon, it), it.id) for it in all_notes if it.kind == "hydrant"
    )
    assert [it.id for it in hydrants] == [ident for metres, ident in everywhere if metres <= 20_000.0][:3]


def test_the_plane_is_near_enough_to_the_geodesic() -> None:
    for lat, lon in ((10.80, 106.70), (10.81, 106.74), (10.77, 106.66)):
        exact = geodesic(10.8, 106.7, [(lat, lon)])[0]
        note = PremiseFound(id="n", kind="gas", lat=lat, lon=lon)
        assert metres_between(10.8, 106.7, note) == pytest.approx(exact, rel=0.001, abs=0.01)


def test_a_note_that_has_run_out_is_not_told() -> None:
    index = PremiseIndex([PremiseFound(id="n", kind="gas", lat=10.8, lon=106.7, radius_m=30, until=1_000)])
    assert index.touching(10.8, 106.7, 0, 999) and not index.touching(10.8, 106.7, 0, 1_000)
