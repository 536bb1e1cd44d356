"""About units, their legs and stations, and who is asked to send them."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "no_leg": (
        "Vụ việc {incident} không có nhánh {service}.",
        "Incident {incident} has no {service} leg.",
    ),
    "leg_open": (
        "Nhánh {service} của vụ việc {incident} đang mở.",
        "The {service} leg of incident {incident} is open already.",
    ),
    "leg_at_work": (
        "Nhánh {service} còn đơn vị {units}; cho đơn vị về trước.",
        "The {service} leg still has {units}; release them first.",
    ),
    "leg_is_asked": (
        "Nhánh {service} đang chờ {asked} trả lời; chờ trả lời hoặc rút đề nghị trước.",
        "The {service} leg still waits for an answer from {asked}; wait for it or take the offer back first.",
    ),
    "no_units": ("Chưa nêu đơn vị nào.", "No unit was named."),
    "too_many_units": (
        "Nêu {count} đơn vị một lúc, tối đa {limit}.",
        "{count} units were named at once, {limit} at most.",
    ),
    "unknown_unit": ("Không có đơn vị “{unit}”.", "There is no unit “{unit}”."),
    "unit_busy": (
        "Đơn vị {unit} đang đi vụ việc {incident}, do {user} điều lúc {at}.",
        "Unit {unit} is on incident {incident}, sent by {user} at {at}.",
    ),
    "unit_out_of_service": ("Đơn vị {unit} đang ngưng trực.", "Unit {unit} is out of service."),
    "unit_unstaffed": (
        "Đơn vị {unit} không có kíp trực từ {at}; có kíp thì gõ “kip {unit} co” trước.",
        "Unit {unit} has had no crew since {at}; if there is one now, type “crew {unit} on” first.",
    ),
    "crew_at_work": (
        "Kíp của {unit} đang đi vụ việc {incident}; cho đơn vị về trước.",
        "The crew of {unit} is on incident {incident}; release the unit first.",
    ),
    "bad_rest": ("Nghỉ từ 1 đến {limit} phút.", "A rest takes 1 to {limit} minutes."),
    "bad_level": (
        "Cấp báo động từ 1 đến {limit}; vụ việc {incident} đang ở cấp {level}.",
        "Alarm levels go from 1 to {limit}; incident {incident} is at level {level}.",
    ),
    "no_override": (
        "Không có lần điều {unit} khác đề xuất nào ở vụ việc {incident}.",
        "Incident {incident} has no override of {unit} to explain.",
    ),
    "unit_carries": (
        "Đơn vị {unit} đang chở bệnh nhân ({status}); không chuyển sang vụ khác được.",
        "Unit {unit} carries a patient ({status}); it cannot go to another incident.",
    ),
    "unit_free": ("Đơn vị {unit} không đi vụ việc nào.", "Unit {unit} is on no incident."),
    "unit_not_on_leg": (
        "Đơn vị {unit} không ở nhánh {service} của vụ việc này.",
        "Unit {unit} is not on the {service} leg of this incident.",
    ),
    "wrong_station": (
        "{station} thuộc lực lượng {has}, không phải {wants}.",
        "{station} belongs to {has}, not to {wants}.",
    ),
    "wrong_service": (
        "Đơn vị {unit} thuộc lực lượng {has}, không phải {wants}.",
        "Unit {unit} belongs to {has}, not to {wants}.",
    ),
    "wrong_status": (
        "{unit} đang “{was}”, không chuyển sang “{to}” được; có thể: {may}.",
        "{unit} is “{was}” and cannot become “{to}”; possible: {may}.",
    ),
    "nobody_aboard": (
        "{unit} đang “{status}”; chỉ đơn vị tại hiện trường hoặc đang chở mới đưa bệnh nhân đi.",
        "{unit} is “{status}”; only a unit on scene or transporting takes a patient anywhere.",
    ),
    "unit_not_there": (
        "{unit} đang “{status}”; hệ thống khác chỉ được báo an toàn khi đơn vị đã đến nơi.",
        "{unit} is “{status}”; another system may report a crew safe only once it has arrived.",
    ),
    "unit_at_work": (
        "{unit} đang đi vụ việc hoặc ngưng trực; chỉ điều chuyển trực đơn vị rảnh.",
        "{unit} is on an incident or out of service; only a free unit can be moved up.",
    ),
    "covers_nothing": ("{unit} đang ở trạm nhà.", "{unit} is at its own station."),
    "unknown_station": ("Không có đơn vị trú đóng “{station}”.", "There is no station “{station}”."),
    "unknown_offer": ("Không có đề nghị này.", "There is no such offer."),
    "offer_over": (
        "Đề nghị cho {to} đã kết thúc lúc {at}: {outcome}.",
        "The offer to {to} was over at {at}: {outcome}.",
    ),
    "offer_to_another": ("Đề nghị này là cho {unit}.", "This offer is for {unit}."),
    "being_asked": ("{unit} đang được hỏi rồi, chờ trả lời.", "{unit} is being asked already."),
    "nobody_to_ask": (
        "Không còn ai để đề nghị cho nhánh {service}: chưa có địa chỉ, hoặc không đơn vị nào rảnh. "
        "Điều thẳng bằng d, hoặc nêu trạm.",
        "Nobody is left to ask for the {service} leg: no place yet, or no unit is free. "
        "Send with d, or name a station.",
    ),
    "no_open_leg": (
        "Vụ việc {incident} không còn nhánh nào chờ đơn vị.",
        "Incident {incident} has no leg that waits for a unit.",
    ),
    "station_empty": (
        "{station} không có đơn vị nào rảnh; nêu đơn vị, hoặc từ chối.",
        "{station} has no free unit; name one, or decline.",
    ),
    "unknown_vehicle": (
        "Không có loại xe “{vehicle}”; dùng: {known}.",
        "There is no vehicle “{vehicle}”; use: {known}.",
    ),
}
