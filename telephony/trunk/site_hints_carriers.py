"""What belongs in each key of carriers and ports (the "write ... instead" of an error), and what it is called."""

from __future__ import annotations

_YES = ("true hoặc false", "true or false")
_NO_PORT = ("một số cổng từ 1 đến 65535, 0 là không nghe", "a port number from 1 to 65535; 0 is not heard there")
_PORT = ("một số cổng từ 1 đến 65535", "a port number from 1 to 65535")
_RTP = ("hai số cổng, ví dụ [10000, 10999]", "two port numbers, such as [10000, 10999]")
_LISTEN = ('địa chỉ IP của máy này, ví dụ "127.0.0.1"', "an address of this machine")
_NAME = (
    'một tên gồm chữ thường không dấu, số và dấu nối, ví dụ "viettel"',
    'a name of lower-case letters, digits and hyphens, such as "viettel"',
)
_CODECS = (
    'danh sách trong "alaw", "ulaw", "g722", "gsm", "opus", ví dụ ["alaw", "ulaw"]',
    'a list out of "alaw", "ulaw", "g722", "gsm", "opus", such as ["alaw", "ulaw"]',
)
_PATH = (
    'đường dẫn tuyệt đối, ví dụ "/etc/dispatch/tls/may.pem"',
    'an absolute path, such as "/etc/dispatch/tls/node.pem"',
)

CARRIER_HINTS: dict[str, tuple[str, str]] = {
    "carriers": ("ít nhất một phần [[carriers]]", "at least one [[carriers]] section"),
    "carriers.name": _NAME,
    "carriers.peers": (
        '1 đến 8 "địa chỉ IP:cổng", ví dụ ["203.0.113.10:5060"]',
        '1 to 8 of "IP address:port", such as ["203.0.113.10:5060"]',
    ),
    "carriers.capacity": ("số cuộc gọi đồng thời, từ 1 đến 5000", "the calls at a time, from 1 to 5000"),
    "carriers.auth": (
        '"ip" (nhận ra bằng địa chỉ), "digest" (thêm mật khẩu) hoặc "register" (đăng ký với nhà mạng)',
        '"ip" (known by its address), "digest" (a password besides) or "register" (we register with it)',
    ),
    "carriers.digest": (
        'cuộc nào phải có mật khẩu: "in" (gọi đến), "out" (gọi đi) hoặc "both"',
        'which calls bring the password: "in", "out" or "both"',
    ),
    "carriers.user": (
        'tên tài khoản, 2 đến 64 chữ, số, dấu + và dấu nối, ví dụ "+842838230000"',
        'the account\'s name, 2 to 64 letters, digits, + and hyphens, such as "+842838230000"',
    ),
    "carriers.auth_user": (
        'tên dùng với mật khẩu, ví dụ "+842838230000@ims.vn", hoặc bỏ dòng này',
        'the name that goes with the password, such as "+842838230000@ims.vn", or leave it out',
    ),
    "carriers.secret_file": (
        'tệp chứa mật khẩu, ví dụ "secrets/carrier-vnpt"', 'the file with the password, such as "secrets/carrier-vnpt"'
    ),
    "carriers.realm": (
        'realm mà nhà mạng nêu, ví dụ "ims.vn", hoặc bỏ dòng này',
        'the realm that the carrier names, such as "ims.vn", or leave it out',
    ),
    "carriers.domain": (
        'tên miền đứng sau @, ví dụ "ims.vn", hoặc bỏ dòng này',
        'the host behind the @, such as "ims.vn", or leave it out',
    ),
    "carriers.server": (
        '"địa chỉ IP:cổng" nơi đăng ký, hoặc bỏ dòng này để dùng peers đầu tiên',
        'the "IP address:port" where we register, or leave it out for the first of peers',
    ),
    "carriers.expiry": ("số giây từ 60 đến 86400", "seconds from 60 to 86400"),
    "carriers.from_account": _YES,
    "carriers.transport": ('"udp", "tcp" hoặc "tls"', '"udp", "tcp" or "tls"'),
    "carriers.media": ('"rtp" hoặc "srtp"', '"rtp" or "srtp"'),
    "carriers.codecs": _CODECS,
    "carriers.did": (
        'phần đứng trước đầu số, ví dụ ["+8428", "028"], hoặc cả số: "02838230000=113"',
        'what stands before a service number, such as ["+8428", "028"], or a whole number: "02838230000=113"',
    ),
    "carriers.qualify": _YES,
    "carriers.enabled": _YES,
    "phones": ("phần [phones] với codecs", "a [phones] section with codecs"),
    "phones.codecs": _CODECS,
    "tls": ("phần [tls] với certificate, key và authority", "a [tls] section with certificate, key and authority"),
    "tls.certificate": _PATH,
    "tls.key": _PATH,
    "tls.authority": _PATH,
    "tls.verify_client": _YES,
    "tls.verify_server": _YES,
    "ports.listen": _LISTEN,
    "ports.sip": _PORT,
    "ports.tcp": _NO_PORT,
    "ports.tls": _NO_PORT,
    "ports.ami": _PORT,
    "ports.rtp": _RTP,
    "nodes": ("các phần [[nodes]], mỗi máy một phần", "[[nodes]] sections, one for each"),
    "nodes.name": _NAME,
    "nodes.listen": _LISTEN,
    "nodes.sip": _PORT,
    "nodes.tcp": _NO_PORT,
    "nodes.tls": _NO_PORT,
    "nodes.ami": _PORT,
    "nodes.rtp": _RTP,
}

CARRIER_WORDS: dict[str, tuple[str, str]] = {
    "carriers.name": ("Tên", "Name"),
    "carriers.peers": ("Địa chỉ, theo thứ tự", "Addresses, in order"),
    "carriers.capacity": ("Số kênh", "Capacity"),
    "carriers.auth": ("Cách nhận ra", "How it is recognised"),
    "carriers.digest": ("Mật khẩu cho cuộc", "Password of which calls"),
    "carriers.user": ("Tài khoản", "Account"),
    "carriers.auth_user": ("Tên đăng nhập nếu khác", "Login where it differs"),
    "carriers.secret_file": ("Tệp mật khẩu", "Password file"),
    "carriers.realm": ("Realm", "Realm"),
    "carriers.domain": ("Tên miền", "Domain"),
    "carriers.server": ("Nơi đăng ký", "Registrar"),
    "carriers.expiry": ("Đăng ký lại sau", "A registration lasts"),
    "carriers.from_account": ("Gọi đi bằng tên tài khoản", "Our calls bear the account"),
    "carriers.transport": ("Giao thức báo hiệu", "Transport"),
    "carriers.media": ("Đường thoại", "Sound"),
    "carriers.codecs": ("Codec", "Codecs"),
    "carriers.did": ("Dạng số gọi đến", "How numbers arrive"),
    "carriers.enabled": ("Đang dùng", "Enabled"),
    "carriers.qualify": ("Kiểm tra bằng OPTIONS", "Asked with OPTIONS"),
    "phones.codecs": ("Codec", "Codecs"),
    "tls.certificate": ("Chứng thư của ta", "Our certificate"),
    "tls.key": ("Khoá riêng của chứng thư", "Its key"),
    "tls.authority": ("Nơi ký chứng thư nhà mạng", "Who signs the carriers' certificates"),
    "tls.verify_client": ("Người gọi đến phải có chứng thư", "Callers must show a certificate"),
    "tls.verify_server": ("Kiểm chứng thư nơi gọi đi", "Called ones must show a certificate"),
    "*.tcp": ("Cổng SIP TCP", "SIP port over TCP"),
    "*.tls": ("Cổng SIP TLS", "SIP port over TLS"),
}
