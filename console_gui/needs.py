"""What the console needs of the machine beside itself, looked for before Qt is: a library that lacks is named with its
package, in words, where Qt would end the program with a line of its own or none. No Qt here."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterable

DRAWING = {
    "libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0", "libdbus-1.so.3": "libdbus-1-3", "libglib-2.0.so.0": "libglib2.0-0",
    "libdrm.so.2": "libdrm2",
}  # fmt: skip
SOUND = {"libpulse.so.0": "libpulse0"}
X11 = {
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1", "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0", "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}  # fmt: skip
"""Library to Debian's package. Where the console is packaged, those that came with it are found first."""

SENTENCES = (
    "Máy này còn thiếu thư viện mà bàn trực cần: {names}. Nhờ kỹ thuật cài: apt-get install {packages}",
    "This machine lacks libraries that the console needs: {names}. Have them installed: apt-get install {packages}",
)


def wanted(platform: str) -> dict[str, str]:
    """For Qt's platform plugin of this name; "" is the usual one."""
    if not sys.platform.startswith("linux"):
        return {}
    return {**DRAWING, **SOUND, **(X11 if platform in ("", "xcb") else {})}


def lacking(libraries: Iterable[str], load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    missing = []
    for name in libraries:
        try:
            load(name)
        except OSError:
            missing.append(name)
    return missing


def tell_what_lacks() -> bool:
    """Whether something lacks; it was said on standard error then, in both languages."""
    libraries = wanted(os.environ.get("QT_QPA_PLATFORM", ""))
    missing = lacking(libraries)
    if missing:
        packages = " ".join(sorted({libraries[it] for it in missing}))
        for sentence in SENTENCES:
            sys.stderr.write(sentence.format(names=", ".join(missing), packages=packages) + "\n")
    return bool(missing)
