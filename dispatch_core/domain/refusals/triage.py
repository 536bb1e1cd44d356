"""About triage cards."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_card": ("Không có thẻ hỏi “{card}”.", "There is no triage card “{card}”."),
    "card_changed": (
        "Loại vụ việc vừa đổi, thẻ hỏi đã khác; xem câu hỏi mới rồi trả lời.",
        "The type has just changed, and with it the card; look at its question, then answer.",
    ),
    "cards_renewed": (
        "Thẻ hỏi vừa được cập nhật; xem lại câu hỏi rồi trả lời.",
        "The cards have just been renewed; look at the question again, then answer.",
    ),
    "no_card": (
        "Loại vụ việc này không có thẻ hỏi; hỏi và ghi vào diễn biến (F7).",
        "This type has no triage card; ask, and write it into the narrative (F7).",
    ),
    "unknown_question": (
        "Thẻ “{card}” không có câu hỏi “{question}”.", "The card “{card}” has no question “{question}”.",
    ),
    "not_asked": (
        "Câu “{question}” không hỏi nữa: câu trả lời trước đó đã khác.",
        "“{question}” is not asked any more: an earlier answer is another one now.",
    ),
    "unknown_answer": (
        "Câu “{question}” không có trả lời “{answer}”; chọn: {near}.",
        "“{question}” has no answer “{answer}”; choose: {near}.",
    ),
}  # fmt: skip
