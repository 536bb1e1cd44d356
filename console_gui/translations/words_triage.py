"""Words of triage cards: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "panel.triage": ("THẺ HỎI", "TRIAGE CARD"),
    "card.head": ("{card}   câu {number}, còn {left}   Alt+E thu gọn",
                  "{card}   question {number}, {left} left   Alt+E folds"),
    "card.head_done": ("{card}   đã hỏi xong   Alt+E thu gọn", "{card}   all asked   Alt+E folds"),
    "card.done": ("Đã hỏi xong. Alt+↑ xem lại, sửa câu trả lời.", "All is asked. Alt+↑ goes back to change an answer."),
    "card.read": ("ĐỌC CHO NGƯỜI GỌI", "READ TO THE CALLER"),
    "card.beat": ("đếm to, {beat} lần một phút", "count aloud, {beat} a minute"),
    "card.given": ("ĐÃ TRẢ LỜI", "ANSWERED"),
    "card.given_line": ("{number}  {ask}  —  {said}   {at}  {who}", "{number}  {ask}  —  {said}   {at}  {who}"),
    "card.older": (" (lời thẻ cũ)", " (words of an older card)"),
    "card.here_before": ("đang chọn", "chosen"),
    "card.sets_type": ("→ {type}", "→ {type}"),
    "card.sets_priority": ("P{priority}", "P{priority}"),
    "card.wants": ("≥ {count} {what}", "≥ {count} {what}"),
    "card.propose": ("Thẻ đề nghị: {what}.  Alt+0 nhận", "The card proposes: {what}.  Alt+0 takes it"),
    "card.propose_leg": ("mở nhánh {service}", "open a leg for {service}"),
    "card.strip": ("Thẻ hỏi, câu {number}:  {question}", "Card, question {number}:  {question}"),
    "card.strip_keys": ("Alt+E mở thẻ", "Alt+E shows it"),
    "note.card": ("Hỏi: {ask} — {said}", "Asked: {ask} — {said}"),
    "note.card_changed": ("Hỏi: {ask} — {said} (trước đó: {was})", "Asked: {ask} — {said} (before: {was})"),
    "note.card_dropped": ("Không tính nữa: {ask} — {said}", "No longer counts: {ask} — {said}"),
    "note.by_card": ("{text} (theo thẻ hỏi)", "{text} (by the triage card)"),
    "help.triage": ("THẺ HỎI", "TRIAGE CARD"),
}  # fmt: skip
