"""What is told of the trunk beside the boards."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "told.trunk_done": ("{who} đã {what} (bản {version})", "{who}: {what}, done (version {version})"),
    "told.trunk_rolled_back": (
        "Không {what} được, cấu hình trước đã trở lại. {why}",
        "Not done: {what}; the configuration of before is back. {why}",
    ),
    "told.trunk_broken": (
        "{what}: hỏng, chưa trả lại được cấu hình trước. Xem ngay! {why}",
        "{what}: broken, the configuration of before is not back yet. Look at once! {why}",
    ),
    "told.trunk_refused": ("{who} không {what} được: {why}", "{who}, {what}: refused. {why}"),
    "told.trunk_stopped": ("{who} muốn {what}, đã dừng giữa chừng", "{who}, {what}: stopped half way"),
    "told.trunk_denied": ("{who} thử {what} mà không có quyền", "{who} tried without the right to: {what}"),
    "told.trunk_found": ("{why}. Xem phần trung kế.", "{why}. Look at the trunk."),
    "trunk_act.apply": ("áp dụng cấu hình trung kế", "apply a configuration of the trunk"),
    "trunk_act.rollback": ("trả lại cấu hình trung kế", "roll the trunk back"),
    "trunk_act.secret": ("thay mật khẩu trung kế", "replace a secret of the trunk"),
    "trunk_act.restart": ("khởi động lại tổng đài", "restart a node"),
    "trunk_act.test_call": ("gọi thử", "place a test call"),
    "trunk_act.position": ("thêm bàn trực", "add a position"),
    "trunk_act.stop": ("dừng việc đang chạy ở trung kế", "stop what goes on at the trunk"),
    "trunk_act.plan": ("lập bản thử cấu hình trung kế", "plan a change of the trunk"),
    "trunk_act.check": ("kiểm tra cấu hình trung kế", "check a configuration of the trunk"),
    "trunk_act.look": ("xem trung kế", "look at the trunk"),
}
