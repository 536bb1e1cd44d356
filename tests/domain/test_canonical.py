"""The canonical form and its checksum: equal states have equal bytes, and any change of any field changes them."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from console_gui.steps import in_one_go
from dispatch_core.domain import canonical
from dispatch_core.domain.canonical import checksum, decode_state, encode_state, summing
from dispatch_core.domain.state import State, Unit, drop, put
from dispatch_core.domain.vocabulary import Candidate, Location, LocationSource, Station, ZoneAnswer
from tests.domain.examples import tries
from tests.domain.world import busy

BUSY = busy().state


def hints_of(kind: type[Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def one_of(hint: Any) -> Any:
    """A value of the type, unlike the ones that are about."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return one_of(next(option for option in get_args(hint) if option is not type(None)))
    if origin is tuple and get_args(hint)[-1] is not Ellipsis:
        return tuple(one_of(inner) for inner in get_args(hint))
    if origin is tuple:
        return (one_of(get_args(hint)[0]),)
    if origin in (dict, Mapping):
        return {"khác": one_of(get_args(hint)[1])}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint(**{field.name: one_of(hints_of(hint)[field.name]) for field in msgspec.structs.fields(hint)})
    return {str: "khác", int: 77, float: 7.75, bool: True}[hint]


Path = tuple[str, ...]


def changes(value: Any, hint: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value that differs from ``value`` in one place, with the way to that place."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (option for option in get_args(hint) if option is not type(None))
        if value is None:
            yield (*path, "some"), one_of(inner)
        else:
            yield (*path, "none"), None
            yield from changes(value, inner, path)
    elif origin is tuple and get_args(hint)[-1] is not Ellipsis:
        for place, inner in enumerate(get_args(hint)):
            for way, other in changes(value[place], inner, (*path, f"[{place}]")):
                yield way, (*value[:place], other, *value[place + 1 :])
    elif origin is tuple:
        inner = get_args(hint)[0]
        yield (*path, "+"), (*value, one_of(inner))
        for place, item in enumerate(value):
            yield (*path, "-"), (*value[:place], *value[place + 1 :])
            for way, other in changes(item, inner, (*path, "[]")):
                yield way, (*value[:place], other, *value[place + 1 :])
    elif origin in (dict, Mapping):
        inner = get_args(hint)[1]
        yield (*path, "+"), {**value, "khác": one_of(inner)}
        for key, item in value.items():
            rest = {name: value[name] for name in value if name != key}
            yield (*path, "-"), rest
            yield (*path, "renamed"), {**rest, key + "x": item}
            for way, other in changes(item, inner, (*path, "{}")):
                yield way, {**value, key: other}
    elif isinstance(value, Enum):
        for other in type(value):
            if other is not value:
                yield path, other
    elif isinstance(value, Struct):
        hints = hints_of(type(value))
        for field in msgspec.structs.fields(type(value)):
            here = (*path, f"{type(value).__name__}.{field.name}")
            for way, other in changes(getattr(value, field.name), hints[field.name], here):
                yield way, replace(value, **{field.name: other})
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, int):
        yield path, value + 1
    elif isinstance(value, float):
        yield path, value + 0.25
    else:
        assert isinstance(value, str), (path, value)
        yield path, value + "x"


def every_field(kind: type[Struct], seen: set[str]) -> set[str]:
    for field in msgspec.structs.fields(kind):
        name = f"{kind.__name__}.{field.name}"
        if name in seen:
            continue
        seen.add(name)
        for part in _structs_in(hints_of(kind)[field.name]):
            every_field(part, seen)
    return seen


def _structs_in(hint: Any) -> Iterator[type[Struct]]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for inner in get_args(hint):
        yield from _structs_in(inner)


def test_changing_any_one_field_changes_the_checksum() -> None:
    """Walks over every field of everything that a busy state holds, and shows that no field was left out."""
    original = checksum(BUSY)
    sums = {original}
    fields: set[str] = set()
    count = 0
    for path, other in changes(BUSY, State, ()):
        count += 1
        fields |= {part for part in path if "." in part}
        changed = checksum(other)
        assert changed != original, path
        assert decode_state(encode_state(other)) == other, path
        sums.add(changed)
    assert fields == every_field(State, set())
    assert count > 1_000
    assert len(sums) > count * 0.9  # (removing either of two equal things gives the same state)


def test_a_checksum_is_32_hex_digits_and_always_the_same() -> None:
    assert checksum(State()) == checksum(decode_state(encode_state(State())))
    assert len(checksum(BUSY)) == 32 and int(checksum(BUSY), 16) >= 0


def test_the_order_in_which_things_came_is_not_in_the_form() -> None:
    backwards = dict(reversed(BUSY.calls.items()))
    assert list(backwards) != list(BUSY.calls)
    assert encode_state(replace(BUSY, calls=backwards)) == encode_state(BUSY)


whole_or_half = st.one_of(
    st.integers(-180, 180), st.floats(-180, 180), st.just(-0.0), st.integers(-180, 180).map(float)
)


@given(lat=whole_or_half, lon=whole_or_half)
@tries(100, 5_000)
def test_equal_numbers_have_equal_bytes(lat: float, lon: float) -> None:
    """7, 7.0 and -0.0: a console that decoded a state must compute the very checksum of the core that made it."""
    made = (
        Location(label="", source=LocationSource.AML, lat=lat, lon=lon, uncertainty_m=lat),
        ZoneAnswer(
            service="s", zone_set="z", zone="1", zone_name="1", station="", border_m=lat, outside_m=lon
        ),
        Candidate(unit="A1", metres=lat),
        Station(id="s", service="s", name="s", lat=lat, lon=lon),
        Unit(call_sign="A1", service="s", station="s", lat=lat, lon=lon),
    )
    for thing in made:
        data = msgspec.msgpack.encode(thing)
        again = msgspec.msgpack.decode(data, type=type(thing))
        assert again == thing and msgspec.msgpack.encode(again) == data
        same = replace(thing, **{name: getattr(thing, name) for name in thing.__struct_fields__})
        assert msgspec.msgpack.encode(same) == data


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80\x80", b"\x81\xa3seq\xa1x", encode_state(BUSY)[:-1]])
def test_bytes_that_are_no_state(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_state(data)


def test_mappings_are_copied_never_changed() -> None:
    before = {"a": 1}
    assert put(before, "b", 2) == {"a": 1, "b": 2}
    assert put(before, "a", 3) == {"a": 3}
    assert drop(before, "a") == {} == drop({}, "a")
    assert before == {"a": 1}


@pytest.mark.parametrize("entries", [0, 1, canonical.STEP, canonical.STEP + 1, 70_000])
def test_in_steps_the_sum_is_the_same(entries: int) -> None:
    """Whatever the size of a table (three kinds of heads of a map), and whatever letters its keys have."""
    mark = "ữ" if entries < 1_000 else ""
    stations = {
        f"{'Z' if n % 3 else mark}{n * 7 % 97}-{n}": Station(id=f"S{n}", service="fire", name="Trạm", lat=1.0, lon=2.0)
        for n in range(entries)
    }
    state = replace(BUSY, stations=stations)
    assert in_one_go(summing(state)) == checksum(state)
    other = replace(state, stations={**stations, "S": Station(id="S", service="fire", name="", lat=0.0, lon=0.0)})
    assert in_one_go(summing(other)) != in_one_go(summing(state))


@given(st.dictionaries(st.text(max_size=4), st.just(7), min_size=canonical.STEP + 1, max_size=canonical.STEP + 4))
def test_in_steps_keys_stand_in_the_same_order(early: dict[str, int]) -> None:
    state = replace(BUSY, unready=early)
    assert in_one_go(summing(state)) == checksum(state)
