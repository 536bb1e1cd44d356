"""Why a call failed, in words: causes as Q.850 numbers them and SIP answers, each with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Cause(NamedTuple):
    """``do``: what to do about it, "" where nothing is wrong."""

    vi: str
    en: str
    do_vi: str = ""
    do_en: str = ""


_NUMBER = (
    "Kiểm tra số gọi và cách nhà mạng muốn nhận số.",
    "Check the number, and the form in which the carrier wants it.",
)
_ACCOUNT = (
    "Hỏi nhà mạng: tài khoản, địa chỉ IP hoặc số gọi ra của ta bị từ chối; xem lại auth và bí mật.",
    "Ask the carrier: it refuses our account, address or number; look at auth and its secret.",
)
_WAIT = (
    "Nhà mạng quá tải hoặc đang bảo trì: thử lại sau, báo nhà mạng.",
    "The carrier is overloaded or at work: try later, tell it.",
)
_CODECS = ("Xem lại codecs của nhà mạng này.", "Look at codecs of this carrier.")
_NETWORK = ("Kiểm tra mạng, tường lửa và peers.", "Check the network, the firewall and peers.")

CAUSES: Mapping[int, Cause] = MappingProxyType(
    {
        0: Cause("không rõ", "not told"),
        1: Cause("số không tồn tại", "no such number", *_NUMBER),
        2: Cause("không có đường tới mạng trung gian", "no route to the transit network", *_NETWORK),
        3: Cause("không có đường tới nơi gọi", "no route to the destination", *_NUMBER),
        16: Cause("gác máy bình thường", "hung up"),
        17: Cause("máy bận", "busy"),
        18: Cause("không có phản hồi", "no response", *_NETWORK),
        19: Cause("không ai nhấc máy", "no answer"),
        20: Cause("thuê bao không liên lạc được", "subscriber absent", *_NETWORK),
        21: Cause("bị từ chối", "rejected", *_ACCOUNT),
        22: Cause("số đã đổi", "number changed", *_NUMBER),
        23: Cause("bị chuyển sang số khác", "redirected elsewhere", *_NUMBER),
        26: Cause("máy khác đã nhận", "answered elsewhere"),
        27: Cause("nơi gọi ngừng hoạt động", "destination out of order", *_NETWORK),
        28: Cause("số gọi không đúng dạng", "number incomplete or badly formed", *_NUMBER),
        29: Cause("dịch vụ bị từ chối", "facility rejected", *_ACCOUNT),
        31: Cause("ngắt, không nói lý do", "ended without a reason"),
        34: Cause("hết kênh", "no channel free", *_WAIT),
        38: Cause("mạng nhà mạng hỏng", "network out of order", *_WAIT),
        41: Cause("lỗi tạm thời của nhà mạng", "temporary failure", *_WAIT),
        42: Cause("tổng đài nhà mạng quá tải", "carrier congested", *_WAIT),
        44: Cause("kênh yêu cầu không có", "requested channel not available", *_WAIT),
        50: Cause("dịch vụ chưa đăng ký", "facility not subscribed", *_ACCOUNT),
        57: Cause("không được phép", "not authorised", *_ACCOUNT),
        58: Cause("không có codec chung", "no codec in common", *_CODECS),
        63: Cause("dịch vụ không có", "service not available", *_WAIT),
        65: Cause("không có codec chung", "no codec in common", *_CODECS),
        66: Cause("kiểu kênh không hỗ trợ", "channel type not implemented", *_CODECS),
        79: Cause("dịch vụ không hỗ trợ", "service not implemented", *_CODECS),
        88: Cause("không tương thích", "incompatible destination", *_CODECS),
        102: Cause("quá thời gian chờ trả lời", "no answer in time", *_NETWORK),
        111: Cause("lỗi giao thức", "protocol error", *_WAIT),
        127: Cause("lỗi liên mạng", "interworking failure", *_WAIT),
    }
)
"""By Q.850 number. See `cause_words` for one that is not here."""

SIP: Mapping[int, Cause] = MappingProxyType(
    {
        401: Cause("đòi mật khẩu", "a password is asked for", *_ACCOUNT),
        403: Cause("nhà mạng cấm", "forbidden by the carrier", *_ACCOUNT),
        404: Cause("số không tồn tại", "no such number", *_NUMBER),
        407: Cause("đòi mật khẩu", "a password is asked for", *_ACCOUNT),
        408: Cause("nhà mạng không trả lời", "the carrier does not answer", *_NETWORK),
        480: Cause("tạm thời không liên lạc được", "temporarily unavailable"),
        484: Cause("số gọi không đúng dạng", "number incomplete or badly formed", *_NUMBER),
        486: Cause("máy bận", "busy"),
        487: Cause("ta đã ngừng gọi", "given up by us"),
        488: Cause("không có codec chung", "no codec in common", *_CODECS),
        500: Cause("lỗi trong nhà mạng", "error inside the carrier", *_WAIT),
        502: Cause("lỗi phía sau nhà mạng", "error behind the carrier", *_WAIT),
        503: Cause("nhà mạng không phục vụ", "the carrier does not serve", *_WAIT),
        504: Cause("phía sau nhà mạng không trả lời", "nothing answers behind the carrier", *_WAIT),
        600: Cause("máy bận", "busy"),
        603: Cause("bị từ chối", "declined", *_ACCOUNT),
        606: Cause("không có codec chung", "no codec in common", *_CODECS),
    }
)
"""By status of the SIP answer."""


def cause_words(number: int) -> Cause:
    """Of a Q.850 number, whichever."""
    return CAUSES.get(number) or Cause(f"lý do {number}", f"cause {number}")


def failure_words(sip: int, cause: int) -> Cause:
    """Of a call that failed: the SIP answer where one came, else the cause."""
    return SIP.get(sip) or cause_words(cause)
