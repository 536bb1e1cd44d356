"""XML from a stranger as a small tree, or a reason: no DTD, bounded in size, depth and number of elements.

Guarded here: without a DTD there is nothing to expand and nothing to fetch, so the work is linear in the size;
XInclude is an element like any other. 64 KiB take a few milliseconds, so no reactor turn waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from telephony.caller_location.reasons import NoLocation

XML_BYTES = 64 * 1024
XML_DEPTH = 32
XML_ELEMENTS = 2_000


@dataclass
class Element:
    """`name` without its namespace; `text` of it and everything in it, in order."""

    name: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())

    def below(self, name: str) -> Iterator[Element]:
        """Elements of this name at any depth, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.below(name)


def read_xml(data: bytes) -> Element:
    """The root element. NoLocation: too_long, too_deep, too_many, dtd, syntax."""
    if len(data) > XML_BYTES:
        raise NoLocation("too_long")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as broken:
        if isinstance(broken, NoLocation):
            raise
        raise NoLocation("syntax") from None
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._open: list[Element] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.buffer_text = True

    def _doctype(self, *_: Any) -> None:
        raise NoLocation("dtd")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > XML_ELEMENTS:
            raise NoLocation("too_many")
        if len(self._open) >= XML_DEPTH:
            raise NoLocation("too_deep")
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        closed = self._open.pop()
        if self._open and not closed.children:
            self._open[-1].said += closed.said

    def _text(self, text: str) -> None:
        self._open[-1].said.append(text)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
