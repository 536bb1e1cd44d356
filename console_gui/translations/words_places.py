"""Words about places: hospitals, premise notes, coverage: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "note.hospital": ("{unit} đưa bệnh nhân đến {hospital}", "{unit} takes the patient to {hospital}"),
    "note.delivered": ("{unit} đã giao bệnh nhân cho {hospital}", "{unit} delivered the patient to {hospital}"),
    # hospitals
    "panel.hospitals": ("BỆNH VIỆN", "HOSPITALS"),
    "column.hospital": ("bệnh viện", "hospital"),
    "column.skills": ("chuyên khoa", "capabilities"),
    "column.beds": ("giường trống", "free beds"),
    "column.way": ("đường đi", "way"),
    "empty.hospitals": (
        "Chưa có danh sách bệnh viện; nhập bằng dispatch hospitals import.",
        "There is no list of hospitals; dispatch hospitals import brings one.",
    ),
    "help.places": ("ĐỊA ĐIỂM, BỆNH VIỆN", "PLACES, HOSPITALS"),
    "hospitals.for": (
        "Chọn nơi cho {unit}{skill}: Enter là đưa đi, Esc đóng",
        "For {unit}{skill}: Enter takes the patient, Esc closes",
    ),
    "hospitals.all": ("Mọi bệnh viện, mã trước tên; Esc đóng", "All hospitals, id before name; Esc closes"),
    "hospitals.asking": ("Đang tính đường đi…", "Measuring the ways…"),
    "hospitals.diverting": ("{count} nơi ngưng nhận", "{count} on divert"),
    "hospitals.diverts": ("NGƯNG NHẬN{until}: {reason}", "DIVERT{until}: {reason}"),
    "hospitals.until": (" đến {time}", " until {time}"),
    "hospitals.lacks": ("không có {skill}", "no {skill}"),
    "hospitals.full": ("hết giường", "full"),
    "hospitals.sample": ("{text} (mẫu)", "{text} (sample)"),
    "hospitals.straight": ("~{text}", "~{text}"),
    # premise notes
    "form.premises": ("BIẾT VỀ NƠI NÀY", "KNOWN OF THIS PLACE"),
    "premises.until": ("hết hạn {date}", "until {date}"),
    "premises.sure_to": ("trong {metres}", "within {metres}"),
    "premises.past": ("vụ cũ", "before"),
    "premises.hydrant": ("trụ nước", "hydrant"),
    # coverage
    "map.layer.holes": ("Chỗ hở độ phủ", "Holes in the coverage"),
    "coverage.free": ("{count} rảnh", "{count} free"),
    "coverage.straight": ("theo đường chim bay", "by the straight line"),
    "coverage.more": ("còn {count} chỗ hở nữa", "{count} more holes"),
    "panel.coverage": ("ĐỘ PHỦ", "COVERAGE"),
    "empty.coverage": ("Chưa tính độ phủ.", "Coverage has not been computed yet."),
    "coverage.rule": ("{service}{capability} trong {minutes} phút", "{service}{capability} within {minutes} min"),
    "coverage.full": ("đủ quân {full}%", "all at home {full}%"),
    "coverage.hole": ("hở: {ward}", "hole: {ward}"),
    "coverage.minutes": ("{minutes} phút", "{minutes} min"),
    "coverage.nobody": ("không ai", "nobody"),
    "coverage.move": (
        "{unit} từ {home} đến {post}: bớt {saved}, lấp {closes}{opens}",
        "{unit} from {home} to {post}: {saved} sooner, closes {closes}{opens}",
    ),
    "coverage.opens": ("; hở thêm {wards}", "; opens {wards}"),
    "coverage.opens_none": ("; không hở thêm", "; opens nothing"),
    "coverage.late": ("{count} chỗ hở", "holes: {count}"),
    "coverage.cut": ("tính thưa vì quá nhiều điểm", "coarse: too many points"),
    "unit.covers": ("trực {station}", "covers {station}"),
}
