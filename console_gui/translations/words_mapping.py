"""What the map panel says: finding, following, what is here, layers."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "help.map": ("BẢN ĐỒ (Ctrl+B rồi phím)", "MAP (Ctrl+B, then the key)"),
    "map.layer.units": ("Đơn vị", "Units"),
    "map.layer.incidents": ("Vụ việc", "Incidents"),
    "map.layer.stations": ("Trạm, trụ sở", "Stations"),
    "map.layer.hospitals": ("Bệnh viện", "Hospitals"),
    "map.found": ("“{text}”: {count} nơi", "“{text}”: {count} places"),
    "map.found_nothing": (
        "Không tìm thấy “{text}” trên bản đồ: gõ tên đường, số vụ, đơn vị, trạm hay bệnh viện.",
        "“{text}” is not found on the map: type a street, an incident, a unit, a station or a hospital.",
    ),
    "map.no_place_yet": ("{number} chưa có vị trí trên bản đồ.", "{number} has no place on the map yet."),
    "map.follow_what": (
        "Bám theo gì? Chọn đơn vị trên bản đồ, mở vụ việc, hoặc gõ bam A12.",
        "Follow what? Choose a unit on the map, open an incident, or type follow A12.",
    ),
    "map.own_call": ("cuộc gọi của bàn mình", "your own call"),
    "map.kind.station": ("Trạm", "Station"),
    "map.kind.hospital": ("Bệnh viện", "Hospital"),
    "map.here.asking": ("Đang hỏi phường…", "Asking for the ward…"),
    "map.here.unknown": ("Chưa rõ phường nào", "The ward is not known"),
    "map.here.about": ("khoảng {ward}", "about {ward}"),
    "map.here.ward": ("{ward} (cũ: {former})", "{ward} (formerly {former})"),
    "map.here.open": ("Mở vụ việc ở đây", "Open an incident here"),
    "map.here.pin": ("Đặt ghim vụ {number} ở đây", "Put the pin of {number} here"),
    "map.here.measure": ("Đo từ đây", "Measure from here"),
    "map.here.nearest": ("Đơn vị sẵn sàng gần nhất (chim bay)", "Nearest available units (straight)"),
}
