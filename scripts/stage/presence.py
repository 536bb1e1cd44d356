"""PIDF-LO documents as networks write them, each shape of RFC 5491, and the INVITE's body that carries them."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.stage.ports import LOOPBACK

LAT, LON = 10.7769, 106.7009
FLAT = 'srsName="urn:ogc:def:crs:EPSG::4326"'
HIGH = 'srsName="urn:ogc:def:crs:EPSG::4979"'
METRE = 'uom="urn:ogc:def:uom:EPSG::9001"'
RADIAN = 'uom="urn:ogc:def:uom:EPSG::9101"'
DEGREE = 'uom="urn:ogc:def:uom:EPSG::9102"'
BOUNDARY = "location-here"
SDP = (
    f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
)

_NAMES = {
    "": "urn:ietf:params:xml:ns:pidf",
    ":dm": "urn:ietf:params:xml:ns:pidf:data-model",
    ":gp": "urn:ietf:params:xml:ns:pidf:geopriv10",
    ":gml": "http://www.opengis.net/gml",
    ":gs": "http://www.opengis.net/pidflo/1.0",
    ":ca": "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr",
    ":con": "urn:ietf:params:xml:ns:geopriv:conf",
    ":xi": "http://www.w3.org/2001/XInclude",
}


def presence(shape: str, *, method: str = "GPS", stamp: str = "", doctype: str = "") -> str:
    """A presence document around the text of a shape or a civic address."""
    names = " ".join(f'xmlns{prefix}="{uri}"' for prefix, uri in _NAMES.items())
    when = f"<dm:timestamp>{stamp}</dm:timestamp>" if stamp else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<presence {names} entity="pres:a@b"><dm:device id="d1">'
        f"<gp:geopriv><gp:location-info>{shape}</gp:location-info><gp:usage-rules/><gp:method>{method}</gp:method>"
        f"</gp:geopriv>{when}<dm:deviceID>mac:1</dm:deviceID></dm:device></presence>"
    )


def _pos(*rest: str) -> str:
    return f"<gml:pos>{' '.join([str(LAT), str(LON), *rest])}</gml:pos>"


def _ring(*corners: tuple[float, float]) -> str:
    inside = "".join(f"<gml:pos>{lat} {lon}</gml:pos>" for lat, lon in corners)
    return f"<gml:exterior><gml:LinearRing>{inside}</gml:LinearRing></gml:exterior>"


SQUARE = ((10.7769, 106.7009), (10.7769, 106.7059), (10.78, 106.7059), (10.78, 106.7009), (10.7769, 106.7009))
HIGH_SQUARE = " ".join(f"{lat} {lon} 36" for lat, lon in SQUARE)

SHAPES: Mapping[str, str] = {
    "point": f"<gml:Point {FLAT}>{_pos()}</gml:Point>",
    "high point": f"<gml:Point {HIGH}>{_pos('12.5')}</gml:Point>",
    "circle": f"<gs:Circle {FLAT}>{_pos()}<gs:radius {METRE}>180</gs:radius></gs:Circle>"
    '<con:confidence pdf="normal">95</con:confidence>',
    "ellipse": f"<gs:Ellipse {FLAT}>{_pos()}<gs:semiMajorAxis {METRE}>400</gs:semiMajorAxis>"
    f"<gs:semiMinorAxis {METRE}>120</gs:semiMinorAxis><gs:orientation {DEGREE}>43.2</gs:orientation></gs:Ellipse>",
    "arc band": f"<gs:ArcBand {FLAT}>{_pos()}<gs:innerRadius {METRE}>1000</gs:innerRadius>"
    f"<gs:outerRadius {METRE}>1600</gs:outerRadius><gs:startAngle {DEGREE}>0</gs:startAngle>"
    f"<gs:openingAngle {DEGREE}>90</gs:openingAngle></gs:ArcBand>",
    "arc band in radians": f"<gs:ArcBand {FLAT}>{_pos()}<gs:innerRadius {METRE}>1000</gs:innerRadius>"
    f"<gs:outerRadius {METRE}>1600</gs:outerRadius><gs:startAngle {RADIAN}>0</gs:startAngle>"
    f"<gs:openingAngle {RADIAN}>1.5707963</gs:openingAngle></gs:ArcBand>",
    "polygon": f"<gml:Polygon {FLAT}>{_ring(*SQUARE)}</gml:Polygon>",
    "list polygon": f"<gml:Polygon {FLAT}><gml:exterior><gml:LinearRing><gml:posList>"
    + " ".join(f"{lat} {lon}" for lat, lon in SQUARE)
    + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
    "sphere": f"<gs:Sphere {HIGH}>{_pos('26.3')}<gs:radius {METRE}>8.5</gs:radius></gs:Sphere>",
    "ellipsoid": f"<gs:Ellipsoid {HIGH}>{_pos('26.3')}<gs:semiMajorAxis {METRE}>77.5</gs:semiMajorAxis>"
    f"<gs:semiMinorAxis {METRE}>33.1</gs:semiMinorAxis><gs:verticalAxis {METRE}>28.7</gs:verticalAxis>"
    f"<gs:orientation {DEGREE}>90</gs:orientation></gs:Ellipsoid>",
    "prism": f"<gs:Prism {HIGH}><gs:base><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{HIGH_SQUARE}"
    f"</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gs:base><gs:height {METRE}>2.4</gs:height>"
    "</gs:Prism>",
    "civic": '<ca:civicAddress xml:lang="vi"><ca:country>VN</ca:country><ca:A1>Thành phố Hồ Chí Minh</ca:A1>'
    "<ca:A3>Phường Sài Gòn</ca:A3><ca:RD>Lê Lợi</ca:RD><ca:HNO>12</ca:HNO><ca:LMK>Chợ Bến Thành</ca:LMK>"
    "<ca:FLR>3</ca:FLR></ca:civicAddress>",
    "swapped": f"<gs:Circle {FLAT}><gml:pos>{LON} {LAT}</gml:pos><gs:radius {METRE}>180</gs:radius></gs:Circle>",
}


def entities(text: str, levels: int, times: int = 10) -> str:
    """A document type whose entity `e` is `text` a great many times."""
    each = [f'<!ENTITY e0 "{text}">']
    each += [f'<!ENTITY e{level} "{f"&e{level - 1};" * times}">' for level in range(1, levels + 1)]
    return f"<!DOCTYPE presence [{''.join(each)}<!ENTITY e \"&e{levels};\">]>"


def ellipse_of(angle: str) -> str:
    return SHAPES["ellipse"].replace("43.2", angle)


KILLER = presence(ellipse_of("&e;"), doctype=entities("h" * 6_000, 2))
"""Half a megabyte of text in an angle: Asterisk's own reader of PIDF-LO ends the process with it."""

ROAD = '<ca:civicAddress xml:lang="vi"><ca:RD>{}</ca:RD></ca:civicAddress>'

HOSTILE: Mapping[str, str] = {
    "a killer angle": KILLER,
    "billion laughs": presence(ROAD.format("&e;"), doctype=entities("haha", 9)),
    "quadratic blow-up": presence(ROAD.format("&e;" * 6_000), doctype=entities("x" * 30_000, 0)),
    "external entity": presence(
        ROAD.format("a&x;b"), doctype='<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "parameter entity": presence(
        ROAD.format("ab"), doctype='<!DOCTYPE p [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    ),
    "external document type": presence(ROAD.format("ab"), doctype='<!DOCTYPE p SYSTEM "file:///etc/passwd">'),
    "deep": presence("<a>" * 4_000 + "</a>" * 4_000),
    "many elements": presence("<ca:civicAddress>" + "<ca:A/>" * 8_000 + "</ca:civicAddress>"),
    "many positions": presence(
        f"<gml:Polygon {FLAT}>{_ring(*[(10.7 + n / 1e6, 106.7) for n in range(1_500)])}</gml:Polygon>"
    ),
    "half a document": presence(SHAPES["circle"])[:600],
    "no XML": "\x00\x01<<>&" * 50,
    "nothing": "",
}
"""Bodies that mean harm: each is a location that is not known, and a call like any other."""

INCLUDE = presence(ROAD.format('x<xi:include href="file:///etc/passwd" parse="text"/>y'))
"""Read as "xy": the element is nothing to us, and the file stays where it is."""


def body(*documents: str) -> str:
    """SDP and presence documents, with the content ids `l0@here`, `l1@here`, …"""
    parts = [f"--{BOUNDARY}\r\nContent-Type: application/sdp\r\n\r\n{SDP}"]
    for place, document in enumerate(documents):
        parts.append(
            f"--{BOUNDARY}\r\nContent-Type: application/pidf+xml\r\nContent-ID: <l{place}@here>\r\n\r\n{document}"
        )
    return "\r\n".join([*parts, f"--{BOUNDARY}--\r\n"])


def headers(*uris: str) -> str:
    """A Geolocation header for each URI, and the content type of `body`."""
    each = "".join(f"Geolocation: <{uri}>\r\n" for uri in uris)
    return f"{each}Content-Type: multipart/mixed;boundary={BOUNDARY}\r\n"


def invite(*documents: str, uris: tuple[str, ...] = (), call_id: str = "a@b") -> bytes:
    """A whole INVITE as it comes over the wire."""
    wanted = uris or tuple(f"cid:l{place}@here" for place in range(len(documents)))
    inside = body(*documents).encode("utf-8", "surrogateescape")
    head = (
        f"INVITE sip:115@{LOOPBACK} SIP/2.0\r\nVia: SIP/2.0/UDP {LOOPBACK}:5071\r\nCall-ID: {call_id}\r\n"
        f"CSeq: 1 INVITE\r\n{headers(*wanted)}Content-Length: {len(inside)}\r\n\r\n"
    )
    return head.encode() + inside
