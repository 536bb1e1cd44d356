"""What each key of a site is called on a form and in an editor, Vietnamese and English, and its unit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from telephony.trunk.site_hints_carriers import CARRIER_WORDS

Words = tuple[str, str]

SECTIONS: Mapping[str, Words] = MappingProxyType(
    {
        "site": ("Trung tâm", "The centre"),
        "services": ("Lực lượng", "Services"),
        "numbers": ("Đầu số", "Service numbers"),
        "carriers": ("Nhà mạng", "Carriers"),
        "queues": ("Hàng đợi", "Queues"),
        "queues.steps": ("Các nấc tràn", "Overflow steps"),
        "partners": ("Nơi tiếp nhận khác", "Partners"),
        "announcements": ("Lời báo", "Announcements"),
        "positions": ("Bàn trực", "Positions"),
        "ports": ("Cổng mạng", "Ports"),
        "tls": ("Chứng thư TLS", "TLS certificates"),
        "phones": ("Máy của bàn trực", "Positions' phones"),
        "nodes": ("Máy tổng đài", "Nodes"),
        "recording": ("Ghi âm", "Recording"),
        "recording.rules": ("Quy tắc ghi âm", "Recording rules"),
        "duty": ("Ca trực", "Duty"),
        "duty.reasons": ("Lý do vắng bàn", "Reasons for being away"),
        "locations": ("Vị trí người gọi", "Callers' locations"),
        "silence": ("Người gọi im lặng", "Silent callers"),
        "recommending": ("Đề xuất xe", "Recommending units"),
        "offers": ("Đề nghị điều xe", "Offers"),
        "offers.reasons": ("Lý do từ chối", "Reasons for declining"),
        "safety": ("An toàn của kíp xe", "Safety of crews"),
        "surge": ("Gọi dồn dập", "Surges"),
        "clocks": ("Đồng hồ", "Clocks"),
    }
)

_REASON = {
    "code": ("Mã", "Code"),
    "vi": ("Tên tiếng Việt", "Name in Vietnamese"),
    "en": ("Tên tiếng Anh", "Name in English"),
    "most": ("Nhiều nhất", "At most"),
}
_CLOCKS = {
    "ringing": ("Cuộc gọi chưa ai nhận", "A call that nobody took"),
    "offer": ("Đề nghị", "An offer"),
    "unconfirmed": ("Lệnh chưa xác nhận", "An order not confirmed"),
    "no_unit": ("Vụ chưa có xe", "An incident without a unit"),
}

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        **{f"*.{key}": words for key, words in _REASON.items() if key != "most"},
        "site.name": ("Tên trung tâm", "Name of the centre"),
        "site.timezone": ("Múi giờ", "Time zone"),
        "site.nodes": ("Các máy tổng đài", "Nodes"),
        "services.glyph": ("Ký hiệu", "Glyph"),
        "services.hue": ("Màu", "Colour"),
        "numbers.dial": ("Số được gọi", "Number dialled"),
        "numbers.services": ("Lực lượng (đứng đầu là dự đoán)", "Services (the first is the first guess)"),
        **CARRIER_WORDS,
        "queues.service": ("Lực lượng", "Service"),
        "queues.overflow_after": ("Tràn sang mọi bàn sau", "Overflows to everybody after"),
        "queues.strategy": ("Cách đổ chuông", "How phones ring"),
        "queues.ring": ("Chọn lại máy sau", "Phones chosen anew after"),
        "queues.most_waiting": ("Tràn ngay khi đã có", "Overflows at once with so many"),
        "queues.steps": ("Các nấc tràn", "Overflow steps"),
        "queues.steps.after": ("Sau", "After"),
        "queues.steps.waiting": ("Khi có người khác đang chờ từ", "When so many others wait"),
        "queues.steps.hours": ("Trong giờ", "Within hours"),
        "queues.steps.to": ("Gọi thêm", "Also calls"),
        "queues.steps.announcement": ("Lời báo", "Announcement"),
        "partners.dial": ("Số để quay", "Number dialled"),
        "partners.carrier": ("Qua nhà mạng", "Through carrier"),
        "announcements.sound": ("Tệp tiếng", "Sound"),
        "recording.rules.on": ("Ghi âm", "Recorded"),
        "recording.rules.number": ("Đầu số", "Service number"),
        "recording.rules.service": ("Lực lượng", "Service"),
        "recording.rules.carrier": ("Nhà mạng", "Carrier"),
        "positions.id": ("Mã bàn", "Position"),
        "positions.services": ("Phục vụ lực lượng", "Serves"),
        "positions.phone": ("Máy điện thoại", "Phone"),
        "positions.phone.secret_file": ("Tệp mật khẩu của máy", "Password file of the phone"),
        "*.listen": ("Địa chỉ nghe", "Address listened on"),
        "*.sip": ("Cổng SIP", "SIP port"),
        "*.ami": ("Cổng AMI", "AMI port"),
        "*.rtp": ("Khoảng cổng RTP", "RTP ports"),
        "nodes.name": ("Tên máy", "Name of the node"),
        "recording.on": ("Ghi âm", "Recording"),
        "recording.format": ("Dạng tệp", "Format"),
        "recording.keep_days": ("Giữ trong", "Kept for"),
        "duty.wrap_up": ("Nghỉ sau mỗi cuộc", "Wrap-up after each call"),
        "duty.missed_alarm_after": ("Báo động cuộc nhỡ sau", "A missed call is an alarm after"),
        "duty.rings_again_within": ("Gọi lại trong vòng", "Rings again within"),
        "duty.reasons.most": ("Nhiều nhất", "At most"),
        "offers.reasons.most": ("Không dùng", "Not used"),
        "locations.sms_numbers": ("Số nhận tin vị trí", "Numbers for locations by SMS"),
        "locations.country_code": ("Mã quốc gia", "Country code"),
        "locations.area": ("Vùng phục vụ", "Area"),
        "locations.area.south": ("Nam", "South"),
        "locations.area.west": ("Tây", "West"),
        "locations.area.north": ("Bắc", "North"),
        "locations.area.east": ("Đông", "East"),
        "silence.prompt_after": ("Nhắc bấm phím sau", "Asked for a key after"),
        "silence.loud": ("Ngưỡng có tiếng", "Loudness that counts as sound"),
        "silence.pause_ms": ("Lặng bao lâu là hết tiếng", "A pause that ends a sound"),
        "silence.prompt": ("Lời nhắc riêng", "Prompt of one's own"),
        "recommending.radius_km": ("Không lấy xe xa hơn", "Not from further away"),
        "recommending.stale_after": ("Vị trí cũ sau", "A position is old after"),
        "recommending.runs_most": ("Số vụ nhiều nhất mỗi ca", "Runs in a shift at most"),
        "recommending.work_most": ("Giờ làm nhiều nhất mỗi ca", "Hours in a shift at most"),
        "recommending.better_by": ("Hỏi lý do khi chậm hơn", "A reason is asked when slower by"),
        "recommending.fresh": ("Đo lại sau", "Worth measuring anew after"),
        "recommending.shifts": ("Giờ vào ca", "Shifts begin at"),
        "offers.crew_seconds": ("Kíp trả lời trong", "A crew answers within"),
        "offers.station_seconds": ("Trạm trả lời trong", "A station answers within"),
        "offers.declines": ("Số lần từ chối", "Declines"),
        "offers.most": ("Số đề nghị nhiều nhất", "Offers at most"),
        "offers.late": ("Giục trong những giây cuối", "Last seconds that ask for attention"),
        "safety.offered": ("Chờ nhận lệnh", "Ordered"),
        "safety.acknowledged": ("Đã nhận, chưa đi", "Said yes"),
        "safety.en_route": ("Trên đường", "On the way"),
        "safety.en_route_factor": ("Hệ số thời gian đường", "Factor of the travel time"),
        "safety.on_scene": ("Tại hiện trường", "On scene"),
        "safety.transporting": ("Chở bệnh nhân", "Transporting"),
        "safety.at_hospital": ("Tại bệnh viện", "At hospital"),
        "safety.returning": ("Trở về", "Returning"),
        "surge.waiting": ("Số người chờ", "Callers waiting"),
        "surge.arrivals": ("Số cuộc trong một phút", "Calls within a minute"),
        "surge.alike": ("Số cuộc giống nhau", "Calls about one thing"),
        "surge.radius_m": ("Bán kính", "Radius"),
        "surge.minutes": ("Kéo dài", "Lasts"),
        "surge.folder": ("Thư mục lời báo riêng", "Folder of one's own words"),
        "surge.sounds": ("Các lời báo", "Words to choose from"),
        "clocks.safety_attention": ("Chú ý với kíp xe từ", "Crews ask for attention from"),
        "clocks.critical_repeat": ("Lặp chuông báo động", "Alarms sound again after"),
        "clocks.high_repeat": ("Lặp chuông gấp", "Urgent ones sound again after"),
        **{
            f"clocks.{row}.{key}": (f"{about[0]}: {vi}", f"{about[1]}: {en}")
            for row, about in _CLOCKS.items()
            for key, (vi, en) in {
                "late": ("trễ sau", "late after"),
                "attention": ("chú ý từ", "attention from"),
                "sound": ("âm thanh", "sound"),
                "repeat": ("lặp lại sau", "again after"),
            }.items()
        },
    }
)

_SECONDS = (
    "carriers.expiry",
    "queues.overflow_after", "queues.ring", "queues.steps.after", "duty.wrap_up", "silence.prompt_after",
    "recommending.stale_after",
    "recommending.better_by", "recommending.fresh", "offers.crew_seconds", "offers.station_seconds", "offers.late",
    "safety.offered", "safety.acknowledged", "safety.en_route", "safety.on_scene", "safety.transporting",
    "safety.at_hospital", "safety.returning", "clocks.critical_repeat", "clocks.high_repeat",
    *(f"clocks.{row}.{key}" for row in _CLOCKS for key in ("late", "repeat")),
)  # fmt: skip
UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(_SECONDS, "s"),
        "silence.pause_ms": "ms",
        "recording.keep_days": "d",
        "recommending.work_most": "h",
        "recommending.radius_km": "km",
        "surge.radius_m": "m",
        **dict.fromkeys(
            ("duty.missed_alarm_after", "duty.rings_again_within", "duty.reasons.most", "surge.minutes"), "min"
        ),
    }
)
