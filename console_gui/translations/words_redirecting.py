"""Words of who has what, and of what was given to somebody else: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "note.redirected": (
        "{unit} chuyển từ vụ {was} sang vụ {to}. Lý do: {reason}{missing}",
        "{unit} moved from {was} to {to}. Reason: {reason}{missing}",
    ),
    "note.redirect_undone": (
        "{unit} trở lại vụ {to}, chuyển sang vụ {was} là nhầm",
        "{unit} is back on {to}: moving it to {was} was a slip",
    ),
    "note.missing": (". Vụ {was} còn thiếu {count} xe {service}", ". {was} lacks {count} of {service}"),
    "note.reassign_undone": (
        "Hoàn tác chuyển giao {what}: trở lại {was}",
        "Reassignment of the {what} undone: {was} again",
    ),
    "what.incident": ("vụ việc", "incident"),
    "told.unit_from_me": (
        "{who} chuyển {unit} từ vụ {was} sang vụ {to}. Lý do: {reason}{missing}",
        "{who} moved {unit} from {was} to {to}. Reason: {reason}{missing}",
    ),
    "told.unit_to_me": (
        "{who} chuyển {unit} về vụ {to} của bạn, từ vụ {was}. Lý do: {reason}",
        "{who} moved {unit} to your incident {to}, from {was}. Reason: {reason}",
    ),
    "told.undone": (
        "{who} hoàn tác chuyển giao ở vụ {incident}: {what} trở lại {was}",
        "{who} undid a reassignment at {incident}: the {what} is {was}'s again",
    ),
}
