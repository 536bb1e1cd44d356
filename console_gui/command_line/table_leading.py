"""The commands of whoever leads, beside those of the subjects."""

from __future__ import annotations

from console_gui.command_line import verbs_leading, verbs_units
from console_gui.command_line.verb import LEAD, Verb

VERBS: tuple[Verb, ...] = (
    Verb(("re", "giao", "chuyen giao"), ("re #42[/115] @NGƯỜI [LÝ DO]", "re #42[/115] @USER [REASON]"),
         ("Chuyển giao vụ việc hay nhánh; nhánh còn nhận tram:MÃ hoặc A14<A12; xe sang vụ khác: re A12 #43",
          "Reassign an incident or a leg; a leg also takes station:ID or A14<A12; a unit elsewhere: re A12 #43"),
         verbs_units.reassign, roles=LEAD, arguments=("incident", "user", "text")),
    Verb(("re-", "giao-", "hoan tac"), ("re-", "re-"),
         ("Hoàn tác chuyển giao vừa làm nhầm, trong 30 giây", "Undo a reassignment that was a slip, within 30 s"),
         verbs_leading.undo, roles=LEAD),
    Verb(("sl", "figure", "so lieu"), ("sl [SỐ]", "figure [NUMBER]"),
         ("Mở danh sách sau một số liệu ở trên: Ctrl+Alt+1…9; sl: hiện lại tất cả",
          "The list behind a figure above: Ctrl+Alt+1…9; figure: everything again"),
         verbs_leading.figure, roles=LEAD, arguments=("text",)),
    Verb(("xep", "sort", "sap xep"), verbs_leading.ORDER_SYNTAX,
         ("Xếp bảng vụ việc: theo trễ, ưu tiên, lực lượng, tuổi; không nêu thì kiểu kế tiếp",
          "Order of the incidents: lateness, priority, service, age; none: the next one"),
         verbs_leading.order, arguments=("text",)),
    Verb(("cua", "of"), ("cua [@NGƯỜI]", "of [@USER]"),
         ("Chỉ hiện vụ việc của một người; không nêu thì tất cả", "Incidents of one person only; none: all"),
         verbs_leading.of_person, roles=LEAD, arguments=("user",)),
    Verb(("tuong", "wall", "man hinh lon"), ("tuong", "wall"),
         ("Màn hình lớn treo tường; Esc trở lại", "Large screen for the wall; Esc comes back"),
         verbs_leading.wall),
)  # fmt: skip
