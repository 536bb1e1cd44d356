"""Work that can be done a little at a time: a generator that yields between its steps. Without Qt."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def in_one_go(steps: Generator[None, None, T]) -> T:
    """What the work comes to, where somebody waits for it."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            value: T = done.value
            return value
