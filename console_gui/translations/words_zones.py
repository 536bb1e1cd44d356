"""Words for zones on a leg and in the story: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "leg.also": ("báo cả {stations} ({share})", "also alerted: {stations} ({share})"),
    "leg.hand_over": ("thuộc {name}: chuyển {contact}", "belongs to {name}: hand over, {contact}"),
    "leg.hand_over_sea": ("ngoài biển: báo {name} {contact}", "at sea: tell {name} {contact}"),
    "leg.hand_over_far": ("ngoài các tỉnh đã biết", "beyond every province that is known"),
    "leg.perhaps_beyond": ("có thể thuộc {name}: {contact}", "may belong to {name}: {contact}"),
    "leg.no_contact": ("chưa có số liên hệ", "no number known"),
    "leg.sample_contact": ("{contact} (số mẫu)", "{contact} (sample)"),
    "note.also_alerted": (
        "{service}: vị trí nằm ở nhiều địa bàn, báo {first} và {others}",
        "{service}: the place lies in several zones, {first} and {others} are alerted",
    ),
    "note.beyond_border": (
        "{service}: ngoài địa bàn, thuộc {name}; liên hệ {contact}",
        "{service}: beyond our zones, {name}; call {contact}",
    ),
}
