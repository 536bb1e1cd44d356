"""What is in force when a core begins to lead: the site's text, proven against the history.

site.toml on this machine counts where somebody changed it by hand; where it is as the keeper left it and the history is
further (another core led meanwhile), the history counts and the file follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch_core.main.trunk.description import Words
from dispatch_core.main.trunk.recovery import put_right
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.ports.trunk_history import DONE, Change, TrunkHistory
from dispatch_core.settings import Settings
from telephony.trunk.masks import masked, text_diff
from telephony.trunk.site import Site, parse_site
from telephony.trunk.site_errors import cannot_read

BY_HAND = "site.toml"
"""Who changed it, where nobody knows."""

FIRST: Words = ("site.toml lúc bắt đầu có lịch sử", "site.toml as the history began")
HAND: Words = ("site.toml bị sửa tay khi máy chủ không chạy", "site.toml was changed by hand while no core ran")


@dataclass(frozen=True)
class Opened:
    """``left``: changes whose nodes a core that died left in the middle. ``by_hand``: site.toml was changed while no
    core ran."""

    change: Change
    site: Site
    left: tuple[Change, ...]
    by_hand: bool = False


def opened(settings: Settings, history: TrunkHistory, site_file: SiteFile, now: int, key: bytes) -> Opened:
    """Blocks. Raises SiteError for a site.toml that cannot be used, DatabaseError, OSError."""
    left = put_right(history, site_file, SecretFiles(settings))
    known = history.in_force()
    settling = next((it for it in left if it.outcome != "running"), None)
    if settling is not None:
        known = settling
    try:
        text = site_file.read()
    except (OSError, UnicodeDecodeError) as problem:
        raise cannot_read(str(site_file.path), problem) from problem
    if known is not None and text != known.text and site_file.as_left(text):
        site = parse_site(known.text, str(site_file.path))
        site_file.write(known.text)
        return Opened(known, site, left)
    site = parse_site(text, str(site_file.path))
    by_hand = known is not None and text != known.text
    if known is None or by_hand:
        known = _adopted(history, known, text, now, key)
    site_file.leave(text)
    return Opened(known, site, left, by_hand)


def _adopted(history: TrunkHistory, before: Change | None, text: str, now: int, key: bytes) -> Change:
    vi, en = FIRST if before is None else HAND
    diff = text_diff(masked(before.text, None, key), masked(text, None, key), "site.toml") if before else ""
    change = Change(
        version=0, at=now, by=BY_HAND, kind="start", why="", outcome=DONE, text=text, vi=vi, en=en, site_diff=diff
    )
    version = history.begin(change)
    found = history.one(version)
    assert found is not None
    return found
