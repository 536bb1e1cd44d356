"""What the map is painted with for its look, language, screen and services; made anew only when one of them changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console_gui.map.furniture import Furniture
from console_gui.map.look import NIGHT, Look
from console_gui.map.sprites import Sprites
from dispatch_core.domain.vocabulary import Service


class Kit:
    def __init__(self) -> None:
        self.look: Look = NIGHT
        self.language = "vi"
        self._sprites: Sprites | None = None
        self._sprites_for: tuple[object, ...] = ()
        self._furniture: Furniture | None = None
        self._furniture_for: tuple[object, ...] = ()

    def sprites(self, services: Mapping[str, Service], ratio: float) -> Sprites:
        wanted = (self.look, ratio, services)
        if self._sprites is None or wanted != self._sprites_for:
            self._sprites = Sprites(self.look, services, ratio)
            self._sprites_for = wanted
        return self._sprites

    def furniture(
        self, sprites: Sprites, services: Mapping[str, Service], notes: Sequence[tuple[str, bool]]
    ) -> Furniture:
        wanted = (sprites, self.language, tuple(notes))
        if self._furniture is None or wanted != self._furniture_for:
            self._furniture = Furniture(sprites, self.language, services, notes)
            self._furniture_for = wanted
        return self._furniture
