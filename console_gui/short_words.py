"""Short words that people type for statuses and dispositions, in both languages, and how a list of them reads."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import UnitStatus as S

STATUS_WORDS: dict[S, tuple[str, str]] = {
    S.ACKNOWLEDGED: ("nhan", "ack"),
    S.EN_ROUTE: ("di", "enroute"),
    S.ON_SCENE: ("toi", "onscene"),
    S.TRANSPORTING: ("cho", "transport"),
    S.AT_HOSPITAL: ("vien", "hospital"),
    S.RETURNING: ("ve", "return"),
    S.AVAILABLE: ("ss", "av"),
    S.OUT_OF_SERVICE: ("ngung", "oos"),
}
"""Status: the word to type in Vietnamese and in English."""

STATUS_ALSO: dict[S, tuple[str, ...]] = {
    S.ACKNOWLEDGED: ("acknowledged", "đã nhận"),
    S.EN_ROUTE: ("en_route", "er", "đang đi"),
    S.ON_SCENE: ("on_scene", "os", "đến nơi"),
    S.TRANSPORTING: ("transporting", "tr", "đang chở"),
    S.AT_HOSPITAL: ("at_hospital", "ah", "tại viện"),
    S.RETURNING: ("returning", "rt", "đang về"),
    S.AVAILABLE: ("available", "free", "sẵn sàng"),
    S.OUT_OF_SERVICE: ("out_of_service", "nghỉ"),
}
"""What else is understood, with or without diacritics."""

DISPOSITIONS: dict[str, tuple[str, str]] = {
    "resolved": ("đã xử lý", "resolved"),
    "transported": ("đã chuyển viện", "taken to hospital"),
    "gone_on_arrival": ("đến nơi không còn ai", "gone on arrival"),
    "false_alarm": ("báo nhầm", "false alarm"),
    "prank": ("báo giả", "prank call"),
    "duplicate": ("trùng vụ khác", "duplicate"),
    "advised": ("đã hướng dẫn qua điện thoại", "advised by phone"),
    "abandoned": ("người gọi bỏ máy", "caller gave up"),
    "done": ("xong", "done"),
    "handed_over": ("đã chuyển cơ quan khác", "handed over"),
    "no_content": ("không có nội dung", "no content"),
}
"""How an incident ended: the code that is kept, and its words. Other words are kept as they were typed."""
