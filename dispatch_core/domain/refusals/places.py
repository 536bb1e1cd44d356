"""About hospitals, notes of premises and closed roads."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_hospital": ("Không có bệnh viện “{hospital}”.", "There is no hospital “{hospital}”."),
    "unknown_bed_kind": (
        "Không có loại giường “{kind}”; dùng: {near}.",
        "There is no kind of bed “{kind}”; use: {near}.",
    ),
    "bad_bed_count": ("Số giường trống từ 0 đến {limit}.", "Free beds go from 0 to {limit}."),
    "not_diverted": ("{hospital} đang nhận bệnh bình thường.", "{hospital} takes patients as usual."),
    "bad_divert_minutes": ("Số phút ngưng nhận từ 0 đến {limit}.", "The minutes of a divert go from 0 to {limit}."),
    "hospital_diverts": (
        "{hospital} đang ngưng nhận bệnh; chọn nơi khác, hoặc gõ thêm “chac”.",
        "{hospital} is on divert; choose another one, or add “sure”.",
    ),
    "unknown_premise": (
        "Không có ghi chú địa điểm “{premise}” viết tay; dữ liệu nhập từ tệp thì nhập lại tệp.",
        "There is no hand-written premise note “{premise}”; what came from a file is changed by importing it again.",
    ),
    "unknown_premise_kind": (
        "Không có loại ghi chú “{kind}”; dùng: {near}.",
        "There is no kind of note “{kind}”; use: {near}.",
    ),
    "bad_radius": ("Bán kính từ 1 đến {limit} m.", "The radius goes from 1 to {limit} m."),
    "premise_past": ("Hạn của ghi chú đã qua.", "The end of the note is in the past."),
    "too_many_closures": (
        "Đã có {limit} đoạn đường đang chặn; hãy bỏ bớt đoạn đã thông trước.",
        "There are {limit} closures already; end those that are open again first.",
    ),
    "bad_outline": (
        "Đoạn hoặc vùng vẽ không dùng được: cần 2 đến {points} điểm khác nhau trong địa bàn, rộng tối đa {km} km.",
        "What was drawn cannot be used: 2 to {points} different points in the site's area, at most {km} km across.",
    ),
    "bad_until": (
        "Giờ hết hiệu lực phải ở phía trước, không quá {days} ngày.",
        "The end must be ahead, by {days} days at most.",
    ),
    "unknown_closure": (
        "Không có đoạn đường chặn “{closure}”; có thể đã được thông.",
        "There is no closure “{closure}”; it may have been ended.",
    ),
}
