"""What belongs in each key of `site.toml`: the "write ... instead" of an error, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from telephony.trunk.site_hints_carriers import CARRIER_HINTS

_LABEL = ('tên hiện trên màn hình, 1 đến 80 ký tự, ví dụ "Bàn 1"', 'a name for screens, 1 to 80 characters')
_NAME = (
    'một tên gồm chữ thường không dấu, số và dấu nối, ví dụ "ambulance"',
    'a name of lower-case letters, digits and hyphens, such as "ambulance"',
)
_DEGREES = ("một số độ, ví dụ 10.5", "degrees, such as 10.5")
_SERVICES = (
    'danh sách mã lực lượng, ví dụ ["ambulance"]',
    'a list of service codes, such as ["ambulance"]',
)
_PHONE = (
    '"sip:B01@127.0.0.1:5101" cho máy cố định, hoặc { secret_file = "…" } cho máy tự đăng ký',
    '"sip:B01@127.0.0.1:5101" for a fixed phone, or { secret_file = "…" } for one that registers',
)

HINTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "site": ("phần [site] với name và timezone", "a [site] section with name and timezone"),
        "site.name": _LABEL,
        "site.timezone": ('chênh lệch với UTC, ví dụ "+07:00"', 'the offset from UTC, such as "+07:00"'),
        "site.nodes": ('danh sách tên máy tổng đài, ví dụ ["pbx1"]', 'a list of names, such as ["pbx1"]'),
        "services": ("ít nhất một phần [[services]]", "at least one [[services]] section"),
        "services.code": _NAME,
        "services.vi": _LABEL,
        "services.en": _LABEL,
        "services.glyph": ('một hoặc hai ký tự, ví dụ "P"', 'one or two characters, such as "P"'),
        "services.hue": ("màu dạng #RRGGBB, ví dụ #0072B2", "a colour as #RRGGBB, such as #0072B2"),
        "numbers": ("ít nhất một phần [[numbers]]", "at least one [[numbers]] section"),
        "numbers.dial": ('đầu số gồm 2 đến 15 chữ số, ví dụ "115"', 'a service number such as "115"'),
        "numbers.services": _SERVICES,
        **CARRIER_HINTS,
        "queues": ("một phần [[queues]] cho mỗi lực lượng", "one [[queues]] section for each service"),
        "queues.service": _NAME,
        "queues.overflow_after": ("số giây từ 1 đến 600", "seconds from 1 to 600"),
        "queues.most_waiting": (
            "số người chờ từ 0 đến 1000, 0 là không giới hạn",
            "callers who wait, from 0 to 1000; 0 is however many",
        ),
        "queues.strategy": (
            '"ringall", "rrmemory", "leastrecent", "fewestcalls", "random" hoặc "linear"',
            '"ringall", "rrmemory", "leastrecent", "fewestcalls", "random" or "linear"',
        ),
        "queues.ring": ("số giây từ 2 đến 120", "seconds from 2 to 120"),
        "queues.steps": ("các phần [[queues.steps]] dưới hàng chờ", "[[queues.steps]] sections below their queue"),
        "queues.steps.after": ("số giây từ 0 đến 600, theo thứ tự", "seconds from 0 to 600, in order"),
        "queues.steps.waiting": (
            "số người khác đang chờ, từ 0 đến 1000; 0 là không kể", "others who wait, from 0 to 1000; 0 is however many"
        ),
        "queues.steps.hours": (
            'giờ của trung tâm, ví dụ "22:00-06:00"; "" là luôn luôn',
            'the site\'s hours, such as "22:00-06:00"; "" is always',
        ),
        "queues.steps.to": (
            'danh sách mã lực lượng, hoặc ["everybody"]', 'a list of service codes, or ["everybody"]'
        ),
        "queues.steps.announcement": (
            'mã của một [[announcements]], hoặc ""', 'the code of an [[announcements]], or ""'
        ),
        "partners": ("các phần [[partners]]", "[[partners]] sections"),
        "partners.code": (
            'chữ thường không dấu, số và dấu nối, ví dụ "1022"',
            'lower-case letters, digits and hyphens, such as "1022"',
        ),
        "partners.vi": _LABEL,
        "partners.en": _LABEL,
        "partners.dial": ('số để quay, 3 đến 20 chữ số, ví dụ "1022"', 'a number of 3 to 20 digits, such as "1022"'),
        "partners.carrier": (
            'tên một nhà mạng, hoặc "" là lần lượt các nhà mạng', 'a carrier\'s name, or "" for any of them in order'
        ),
        "announcements": ("các phần [[announcements]]", "[[announcements]] sections"),
        "announcements.code": _NAME,
        "announcements.vi": _LABEL,
        "announcements.en": _LABEL,
        "announcements.sound": (
            'tên tệp không đuôi, ví dụ "surge", hoặc đường dẫn tuyệt đối không đuôi',
            'a name without suffix, such as "surge", or an absolute path without it',
        ),
        "positions": ("ít nhất một phần [[positions]]", "at least one [[positions]] section"),
        "positions.id": ('mã bàn trực, ví dụ "B01"', 'a position id such as "B01"'),
        "positions.vi": _LABEL,
        "positions.en": _LABEL,
        "positions.services": _SERVICES,
        "positions.phone": _PHONE,
        "positions.phone.secret_file": ("đường dẫn tệp chứa mật khẩu", "the path of a file with the password"),
        "locations.listen": (
            'địa chỉ IP và cổng UDP của máy chủ, ví dụ "127.0.0.1:9060"', 'the core\'s "IP address:UDP port"',
        ),
        "locations.sms_numbers": ('danh sách đầu số, ví dụ ["8113"]', 'a list of numbers, such as ["8113"]'),
        "locations.country_code": ('mã quốc gia, ví dụ "84"', 'a country code, such as "84"'),
        "locations.area": (
            "{ south = …, west = …, north = …, east = … } tính bằng độ",
            "{ south = …, west = …, north = …, east = … } in degrees",
        ),
        **{f"locations.area.{side}": _DEGREES for side in ("south", "west", "north", "east")},
        "recommending": ("phần [recommending]", "a [recommending] section"),
        "recommending.radius_km": (
            "km cho từng lực lượng, ví dụ { fire = 25, ambulance = 20 }",
            "km for each service, such as { fire = 25, ambulance = 20 }",
        ),
        "recommending.stale_after": (
            "số giây từ 0 đến 86400; 0 = vị trí cũ bao lâu cũng dùng",
            "seconds from 0 to 86400; 0 = however old",
        ),
        "recommending.runs_most": (
            "số vụ mỗi ca từ 0 đến 1000; 0 = không giới hạn",
            "runs in a shift, from 0 to 1000; 0 = no limit",
        ),
        "recommending.work_most": (
            "số giờ làm mỗi ca từ 0 đến 24; 0 = không giới hạn",
            "hours at work in a shift, from 0 to 24; 0 = no limit",
        ),
        "recommending.better_by": (
            "số giây từ 0 đến 3600; 0 = không hỏi lý do",
            "seconds from 0 to 3600; 0 = no reason is asked for",
        ),
        "recommending.fresh": (
            "số giây từ 0 đến 3600; 0 = không nhắc đo lại",
            "seconds from 0 to 3600; 0 = never worth measuring anew",
        ),
        "recommending.shifts": (
            'giờ bắt đầu các ca, ví dụ ["06:00", "18:00"]',
            'when shifts begin, such as ["06:00", "18:00"]',
        ),
        "silence": ("phần [silence]", "a [silence] section"),
        "silence.prompt_after": (
            "số giây từ 1 đến 120, hoặc 0 để không tự nhắc",
            "seconds from 1 to 120, or 0 for no prompt",
        ),
        "silence.loud": (
            "độ lớn trung bình từ 1 đến 32767, ví dụ 256; nơi ồn thì tăng lên",
            "a mean loudness from 1 to 32767, such as 256; more where lines are noisy",
        ),
        "silence.pause_ms": ("số mili giây từ 200 đến 20000", "milliseconds from 200 to 20000"),
        "silence.prompt": (
            'đường dẫn tuyệt đối không đuôi, ví dụ "/srv/sounds/bam-so-nam"',
            'an absolute path without suffix, such as "/srv/sounds/press-five"',
        ),
        "surge": ("phần [surge]", "a [surge] section"),
        "surge.waiting": ("số người chờ, hoặc 0", "how many callers wait, or 0"),
        "surge.arrivals": ("số cuộc gọi một phút, hoặc 0", "calls within a minute, or 0"),
        "surge.alike": ("từ 2 đến 1000", "from 2 to 1000"),
        "surge.radius_m": ("số mét từ 50 đến 100000", "metres from 50 to 100000"),
        "surge.minutes": ("số phút từ 1 đến 240", "minutes from 1 to 240"),
        "surge.folder": ('đường dẫn tuyệt đối, ví dụ "/srv/sounds"', 'an absolute path, such as "/srv/sounds"'),
        "surge.sounds": ('danh sách tên không đuôi, ví dụ ["surge"]', 'names without suffix, such as ["surge"]'),
        "duty.wrap_up": ("số giây từ 0 đến 600", "seconds from 0 to 600"),
        "duty.missed_alarm_after": ("số phút từ 0 đến 240", "minutes from 0 to 240"),
        "duty.rings_again_within": ("số phút từ 0 đến 240", "minutes from 0 to 240"),
        "duty.reasons": ("từ 1 đến 20 phần [[duty.reasons]]", "from 1 to 20 [[duty.reasons]] sections"),
        "duty.reasons.code": _NAME,
        "duty.reasons.vi": _LABEL,
        "duty.reasons.en": _LABEL,
        "duty.reasons.most": ("số phút từ 0 đến 600, 0 là không hạn", "minutes from 0 to 600, 0 is without limit"),
        "offers": ("phần [offers]", "an [offers] section"),
        **{
            f"offers.{key}": (
                "năm số giây từ 1 đến 3600, cho ưu tiên 1 đến 5, ví dụ [30, 45, 60, 90, 120]",
                "five numbers of seconds from 1 to 3600, for priorities 1 to 5, such as [30, 45, 60, 90, 120]",
            )
            for key in ("crew_seconds", "station_seconds")
        },
        "offers.declines": ("số lần từ 1 đến 10", "how often, from 1 to 10"),
        "offers.most": ("số đề nghị từ 1 đến 50", "offers, from 1 to 50"),
        "offers.late": ("số giây từ 0 đến 600", "seconds from 0 to 600"),
        "offers.reasons": ("từ 1 đến 30 phần [[offers.reasons]]", "from 1 to 30 [[offers.reasons]] sections"),
        "offers.reasons.code": _NAME,
        "offers.reasons.vi": _LABEL,
        "offers.reasons.en": _LABEL,
        "offers.reasons.most": ("không dùng ở đây; bỏ dòng này", "not used here; leave it out"),
        "safety": ("phần [safety]", "a [safety] section"),
        **{
            f"safety.{key}": ("số giây từ 0 đến 86400, 0 là không bao giờ", "seconds from 0 to 86400; 0 is never")
            for key in (
                "offered", "acknowledged", "en_route", "on_scene", "transporting", "at_hospital", "returning"
            )
        },
        "safety.en_route_factor": ("một số từ 1.0 đến 10.0, ví dụ 1.5", "a number from 1.0 to 10.0, such as 1.5"),
        "clocks": ("phần [clocks]", "a [clocks] section"),
        **{
            f"clocks.{row}": (
                "một dòng, ví dụ { late = 15, attention = 0.66, sound = \"high\", repeat = 15 }",
                "a row such as { late = 15, attention = 0.66, sound = \"high\", repeat = 15 }",
            )
            for row in ("ringing", "offer", "unconfirmed", "no_unit")
        },
        **{
            f"clocks.{row}.{key}": hint
            for row in ("ringing", "offer", "unconfirmed", "no_unit")
            for key, hint in {
                "late": ("số giây từ 0 đến 86400, 0 là không bao giờ", "seconds from 0 to 86400; 0 is never"),
                "attention": ("một số từ 0.05 đến 1.0, ví dụ 0.66", "a number from 0.05 to 1.0, such as 0.66"),
                "sound": ('"critical", "high" hoặc "low"', '"critical", "high" or "low"'),
                "repeat": ("số giây từ 0 đến 86400, 0 là một lần", "seconds from 0 to 86400; 0 is once"),
            }.items()
        },
        "clocks.safety_attention": ("một số từ 0.05 đến 1.0, ví dụ 0.66", "a number from 0.05 to 1.0, such as 0.66"),
        **{
            f"clocks.{key}": ("số giây từ 0 đến 86400, 0 là một lần", "seconds from 0 to 86400; 0 is once")
            for key in ("critical_repeat", "high_repeat")
        },
        "recording.rules": ("các phần [[recording.rules]]", "[[recording.rules]] sections"),
        "recording.rules.code": _NAME,
        "recording.rules.on": ("true hoặc false", "true or false"),
        "recording.rules.number": ('một đầu số, hoặc "" là mọi đầu số', 'a service number, or "" for any'),
        "recording.rules.service": ('mã lực lượng, hoặc "" là mọi lực lượng', 'a service code, or "" for any'),
        "recording.rules.carrier": ('tên nhà mạng, hoặc "" là mọi nhà mạng', 'a carrier\'s name, or "" for any'),
        "recording.on": ("true hoặc false", "true or false"),
        "recording.keep_days": ("số ngày giữ ghi âm, từ 1 đến 36500", "days that a recording is kept, from 1 to 36500"),
        "recording.format": ('"wav", "wav49" hoặc "gsm"', '"wav", "wav49" or "gsm"'),
    }
)
