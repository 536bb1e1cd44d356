"""Words of alarm levels, recommendations and crews: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # what the narrative tells
    "note.alarm_level": ("Báo động cấp {level}", "Alarm level {level}"),
    "note.alarm_raised": (
        "Nâng từ cấp {was} lên BÁO ĐỘNG CẤP {level}{reason}",
        "Raised from level {was} to ALARM LEVEL {level}{reason}",
    ),
    "note.alarm_lowered": (
        "Hạ từ cấp {was} xuống báo động cấp {level}{reason}",
        "Lowered from level {was} to alarm level {level}{reason}",
    ),
    "note.overridden": ("Điều {unit}, không điều {instead}{why}{reason}", "{unit} goes, not {instead}{why}{reason}"),
    "note.override_explained": (
        "Lý do điều {unit} thay vì {instead}: {reason}",
        "Why {unit} and not {instead}: {reason}",
    ),
    "note.sooner": (", đến sớm hơn {time}", ", who would be there {time} sooner"),
    "note.lacks": ("; {unit} không có {what}", "; {unit} has no {what}"),
    "note.reason": (". Lý do: {reason}", ". Reason: {reason}"),
    "note.no_reason": (". CHƯA GHI LÝ DO", ". NO REASON GIVEN YET"),
    # the leg
    "leg.set": ("đề xuất", "proposed"),
    "leg.others": ("còn có", "others"),
    "leg.lacking": ("THIẾU {what}", "LACKING {what}"),
    "leg.measured": ("đo {ago}; {press} đo lại", "measured {ago}; {press} measures anew"),
    "leg.straight": ("≈", "≈"),
    "leg.walk": ("đi bộ {metres}", "{metres} on foot"),
    "leg.beyond": ("ngoài tầm dò đường", "beyond the roads searched"),
    "leg.off_road": ("không có đường gần đó", "no road near"),
    "leg.next": ("kế tiếp", "next"),
    "leg.ahead": ("{station} ({unit})", "{station} ({unit})"),
    "leg.own": ("{unit} tại trạm này", "{unit} of this station"),
    "leg.own_none": ("TRẠM NÀY KHÔNG CÒN ĐƠN VỊ", "THIS STATION HAS NO UNIT LEFT"),
    "leg.no_more": ("không còn trạm nào khác", "no other station is left"),
    "leg.aid": ("xin chi viện {names}", "ask for help: {names}"),
    "leg.passed_more": (
        "{count} đơn vị khác không đề xuất: {press} xem vì sao",
        "{count} passed over: {press} says why",
    ),
    "leg.level": ("mở ở báo động cấp {level}", "opened at alarm level {level}"),
    "leg.unexplained": (
        "Đã điều {unit}, không điều {instead}{why}: gõ vi {unit} LÝ DO",
        "{unit} went, not {instead}{why}: type why {unit} REASON",
    ),
    "leg.explained": ("{unit} thay vì {instead}{why}: {reason}", "{unit} and not {instead}{why}: {reason}"),
    # why a unit is passed over
    "passed.at_work": ("đang đi vụ {incident}", "on {incident}"),
    "passed.status": ("{status}", "{status}"),
    "passed.status_since": ("{status} từ {at}", "{status} since {at}"),
    "passed.not_staffed": ("không có kíp từ {at}", "no crew since {at}"),
    "passed.resting": ("kíp nghỉ", "crew rests"),
    "passed.resting_until": ("kíp nghỉ đến {at}", "crew rests until {at}"),
    "passed.exhausted_runs": ("đã đi {count} vụ trong ca", "{count} runs in this shift"),
    "passed.exhausted_work": ("đã làm {time} trong ca", "{time} at work in this shift"),
    "passed.position_stale": ("vị trí báo từ {ago}", "its position is of {ago}"),
    "passed.out_of_radius": ("ngoài bán kính {km} km", "beyond {km} km"),
    "passed.declined": ("đã từ chối", "declined"),
    "passed.turned_back": ("đã quay đầu", "turned back"),
    "passed.not_capable": ("không có {what}", "has no {what}"),
    "passed.unreachable": ("không có đường tới", "no way there"),
    # crews
    "crew.unstaffed": ("không có kíp", "no crew"),
    "crew.resting": ("kíp nghỉ", "crew rests"),
    "crew.resting_until": ("nghỉ đến {at}", "rests until {at}"),
    # the incident
    "form.level": ("BÁO ĐỘNG {level}", "ALARM {level}"),
    "form.raise": ("Alt+L Cấp {level}…", "Alt+L Level {level}…"),
    "form.send_all": ("Alt+D Điều đề xuất", "Alt+D Send proposed"),
    "form.explain": ("Lý do…", "Reason…"),
}
