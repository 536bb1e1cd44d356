"""`scripts/screenshots DIR`: pictures of every workplace, taken from real consoles while real calls come in.

The whole system is started as `scripts/run` starts it; sipp calls, the consoles are signed in and worked through their
command lines, and each writes pictures of its own window. Nothing is drawn that a person would not see.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

from scripts.stage.callers import Caller, Carrier
from scripts.stage.consoles import Console
from scripts.stage.guide_pictures import scenes
from scripts.stage.layout import Layout
from scripts.stage.made_city import write_city
from scripts.stage.progress import StageError, say, step
from scripts.stage.run import only_one
from scripts.stage.sound_server import SoundServer
from scripts.stage.stage import Stage, Stopped
from scripts.stage.system import System
from scripts.stage.text_carrier import TextCarrier
from scripts.stage.trunk_pictures import trunk_scenes

LANGUAGES = ("vi", "en")
THEMES = {"dark": "toi", "light": "sang"}
WORKPLACES = {"dispatcher": "lan", "supervisor": "thao", "telephony-admin": "hung"}
MONITORS = ((1920, 1080), (1920, 1080))
SMALL = (1366, 768)
SETTLED_S = 1.3
"""A clock has ticked, the map has followed."""

PATIENT_S = 600.0
GIVES_UP_AFTER_S = 4.0
CALLS_A_SECOND = 0.5
TAKEN_WITHIN_S = 25.0


def a_number(begins: str, length: int = 10) -> str:
    """One that no run of the last days used: a number that rings again joins its open incident."""
    return begins + f"{int(time.time()):010d}"[len(begins) - length :]


CRASH = Caller("115", a_number("0903"), "Nguyễn Thị Thuỳ Dương", PATIENT_S)
FIRE = Caller("114", a_number("0283", 11), "Trần Ngọc Bảo Quyên", PATIENT_S)
FIGHT = Caller("113", a_number("0912"), "", PATIENT_S)
GAVE_UP = Caller("113", a_number("0987"), "", GIVES_UP_AFTER_S)
BREATHLESS = Caller("115", a_number("0777"), "Phạm Hoàng Thiên Ân", PATIENT_S, (10.757700, 106.659500, 150.0))
WRITER, WRITTEN = a_number("0934"), "Cháy ở hẻm 214 Nguyễn Trãi, em trốn trong nhà tắm không nói được"
WAITING = (Caller("115", a_number("0868"), "", PATIENT_S), Caller("114", a_number("0289", 11), "Lê Thị Út", PATIENT_S))


def main(arguments: list[str]) -> int:
    """Exit status 0 when every picture was written."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR", help="where the PNG files go; made when absent")
    parser.add_argument("--scenes", action="store_true", help="only what the user's guide explains")
    parser.add_argument("--trunk", action="store_true", help="only the telephony admin's workplace")
    given = parser.parse_args(arguments)
    directory = given.directory.absolute()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with Stage(Layout.of_checkout()) as stage, only_one(stage.layout.var / "run.lock"):
            for picture in Pictures(stage, directory).take(scenes_alone=given.scenes, trunk_alone=given.trunk):
                say(f"   {picture}")
    except StageError as error:
        say(f"cannot go on: {error}")
        return 1
    except Stopped as stopped:
        say(f"-- stopped by {stopped}")
        return 1
    return 0


class Pictures:
    """A quarter of an hour of a night, and what each workplace shows of it."""

    def __init__(self, stage: Stage, directory: Path) -> None:
        self._stage, self._directory = stage, directory
        self.system = System(stage)
        self.consoles: dict[str, Console] = {}
        self.crash = ""
        self._taken: list[Path] = []

    def take(self, *, scenes_alone: bool = False, trunk_alone: bool = False) -> list[Path]:
        """Every picture, in the order in which it was taken."""
        self.system.up()
        if trunk_alone:
            with step("the trunk"):
                self._lend_an_ear()
                self._sign_in("hung")
                self._call(CRASH, FIRE)
                trunk_scenes(self, self.consoles["hung"])
            return self._taken
        with step("a made-up map"):
            self._import_map()
        with step("consoles off screen"):
            self._lend_an_ear()
            self._sign_in()
            self._take_seats()
        with step("calls come in and are worked"):
            self._work()
        with step("pictures"):
            if not scenes_alone:
                self._photograph()
            scenes(self, BREATHLESS, WAITING[0])
            trunk_scenes(self, self.consoles["hung"])
        return self._taken

    def _import_map(self) -> None:
        """Streets that are nobody's: pictures of it may be shown."""
        file = self._stage.layout.var / "made-up-city.osm.pbf"
        write_city(file)
        done = self.system.dispatch("map", "import", str(file), "--name", "made-up")
        if done.returncode:
            raise StageError(f"dispatch map import: {done.stdout[-300:]} {done.stderr[-300:]}")

    def _lend_an_ear(self) -> None:
        """The desks have a headset, as those of people have."""
        server = SoundServer(self._stage.layout.var / "sound").__enter__()
        self._stage.ending(lambda: server.__exit__(None, None, None))
        os.environ.update(server.environment)

    # --- the people ---------------------------------------------------------------------------------------------------

    def _sign_in(self, *users: str) -> None:
        for user in users or ("lan", "minh", "thao", "hung"):
            console = self.consoles[user] = Console(
                self._stage, self.system, user, f"picture-{user}", monitors=MONITORS
            )
            if user == "lan":
                console.wait(partial(console.told, "ready"), 30.0, "the sign-in")
                self.shot(console, "sign-in-vi-dark")
            console.sign_in()
            console.do("theme dark")
            if console.report()["position"]:  # of an earlier run
                console.do("pos- chac")

    def _take_seats(self) -> None:
        self.consoles["lan"].do("pos B06")
        self.consoles["minh"].do("pos B03")

    # --- the night ----------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        lan, minh, thao = (self.consoles[user] for user in ("lan", "minh", "thao"))
        with TextCarrier(self.system.site.carrier_port, self.system.site.site.ports.sip) as carrier:
            carrier.send(WRITTEN, WRITER, "114")
            lan.wait(lambda: [it for it in lan.told("conversation") if it["number"] == WRITER], 15.0, "the text")
        self._call(CRASH, FIRE, GAVE_UP, FIGHT, BREATHLESS, *WAITING)
        crash = self.crash = self.answer(lan, CRASH)
        for line in (f"t tngt_ket {crash}", f"@ ngã tư Hàng Xanh {crash}"):
            lan.do(line)
        lan.do(f"n {crash} Xe tải tông xe máy, hai người mắc kẹt dưới gầm, còn tỉnh.")
        units = self._send(lan, crash)
        for unit, statuses in zip(units, (("nhan", "di"), ("nhan", "di", "toi"), ()), strict=False):
            for status in statuses:
                lan.do(f"/st {unit} {status}")
        fire = self.answer(minh, FIRE)
        for line in (f"t chay_nha {fire}", f"@ chợ Bình Tây {fire}", f"n {fire} Cháy tầng trệt, còn người trên lầu."):
            minh.do(line)
        for unit in self._send(minh, fire):
            minh.do(f"/st {unit} nhan")
        lan.do(f"h {CRASH.number}")
        self.ended(lan, CRASH)
        fight = self.answer(lan, FIGHT)
        lan.do(f"t cuop {fight}")
        lan.do(f"@ bưu điện thành phố {fight}")
        lan.do(f"h {FIGHT.number}")
        self.ended(lan, FIGHT)
        thao.do(f"re {fire}/115 @lan lan đang điều cả khu phía tây")
        breathless = self.answer(lan, BREATHLESS)
        lan.do(f"t kho_tho {breathless}")
        lan.do(f"@ bệnh viện chợ rẫy {breathless}")
        for console in (lan, minh, thao):
            console.wait(partial(self._known, console, WAITING[-1]), 30.0, "the waiting calls")
        lan.type("d A99")
        minh.do(fire)
        thao.do(fire)
        time.sleep(SETTLED_S)

    def _call(self, *callers: Caller) -> None:
        site = self.system.site
        home, centre = self._stage.layout.var / "callers", site.site.ports.sip
        carrier = Carrier(home, site.carrier_port, centre, callers, rate=CALLS_A_SECOND, name="pictures")
        self._stage.ending(carrier.stop)
        carrier.start()

    @staticmethod
    def _known(console: Console, caller: Caller) -> dict[str, str]:
        """The newest call of this number, {} while there is none."""
        found = [call for call in list(console.calls.values()) if call["number"] == caller.number]
        live = [call for call in found if call["state"] not in ("ended", "abandoned")]
        return (live or found or [{}])[-1]

    def answer(self, console: Console, caller: Caller) -> str:
        """The position takes the call; gives the incident as it is typed."""
        console.wait(lambda: self._known(console, caller), 30.0, f"the call of {caller.number}")
        console.do(f"a {caller.number}")
        talking = lambda: self._known(console, caller).get("state") == "answered"  # noqa: E731
        console.wait(talking, TAKEN_WITHIN_S, f"{caller.number} to be answered")
        incident = console.wait(lambda: self._known(console, caller).get("incident"), 5.0, "its incident")
        return f"#{int(str(incident).rpartition('-')[2])}"

    def ended(self, console: Console, caller: Caller) -> None:
        console.wait(lambda: self._known(console, caller)["state"] == "ended", 10.0, f"the end of {caller.number}")

    @staticmethod
    def _send(console: Console, incident: str) -> list[str]:
        """The nearest unit of each leg; gives their call signs."""
        number = f"-{int(incident[1:]):05d}"

        def proposed() -> list[str]:
            known = [it for ident, it in list(console.incidents.items()) if ident.endswith(number)]
            legs = list(known[-1]["legs"].values()) if known else []
            return [leg["candidates"][0] for leg in legs] if legs and all(leg["candidates"] for leg in legs) else []

        units: list[str] = console.wait(proposed, 15.0, f"units for {incident}")
        console.do(f"d {' '.join(units)} {incident}")
        return units

    # --- the pictures -------------------------------------------------------------------------------------------------

    def _photograph(self) -> None:
        for language in LANGUAGES:
            for theme, typed in THEMES.items():
                for user in WORKPLACES.values():
                    console = self.consoles[user]
                    console.do(f"lang {language}")
                    console.do(f"theme {typed}")
                time.sleep(SETTLED_S)
                for name, user in WORKPLACES.items():
                    self.shot(self.consoles[user], f"{name}-{language}-{theme}")
        for language in LANGUAGES:
            for name, user in (("help", "lan"), ("help-supervisor", "thao")):
                console = self.consoles[user]
                console.do(f"lang {language}")
                console.key("F1")
                time.sleep(0.5)
                self.shot(console, f"{name}-{language}-light")
                console.key("Escape")
        self._photograph_small()
        self._photograph_two_monitors()
        self._photograph_a_call()

    def _photograph_small(self) -> None:
        """On the screen of a laptop, laid out for it."""
        for user in WORKPLACES.values():
            self.consoles[user].size(*SMALL)
            self.consoles[user].do("bocuc goc")
        for language in LANGUAGES:
            for theme, typed in THEMES.items():
                for user in WORKPLACES.values():
                    console = self.consoles[user]
                    console.do(f"lang {language}")
                    console.do(f"theme {typed}")
                time.sleep(SETTLED_S)
                for name, user in WORKPLACES.items():
                    self.shot(self.consoles[user], f"{name}-small-{language}-{theme}")
        for user in WORKPLACES.values():
            self.consoles[user].size(*MONITORS[0])
            self.consoles[user].do("bocuc goc")

    def _photograph_two_monitors(self) -> None:
        """The map on a monitor of its own."""
        for name, user in WORKPLACES.items():
            if name == "telephony-admin":
                continue
            console = self.consoles[user]
            console.do("ra bando")
            for language, theme in (("vi", "toi"), ("en", "sang")):
                console.do(f"lang {language}")
                console.do(f"theme {theme}")
                time.sleep(SETTLED_S)
                self.shot(console, f"{name}-two-monitors-{language}-{'dark' if theme == 'toi' else 'light'}")
            console.do("ra")

    def _photograph_a_call(self) -> None:
        """What can be done with a call that talks, each in one language and theme."""
        lan, thao = self.consoles["lan"], self.consoles["thao"]
        for console, language, theme in ((lan, "vi", "toi"), (thao, "en", "sang")):
            console.do(f"lang {language}")
            console.do(f"theme {theme}")
        lan.key("Escape")  # the line that waits
        thao.do("pos B05")
        thao.do("gs B06")
        lan.do("giu")
        lan.wait(lambda: self._known(lan, BREATHLESS)["state"] == "held", TAKEN_WITHIN_S, "the caller on hold")
        time.sleep(SETTLED_S)
        self.shot(lan, "held-vi-dark")
        self.shot(thao, "listening-in-en-light")
        thao.do("thoi")
        thao.do("pos- chac")
        lan.do("tiep")
        lan.do("tn")
        time.sleep(SETTLED_S)
        self.shot(lan, "texts-vi-dark")
        lan.key("Escape")

    def shot(self, console: Console, name: str) -> None:
        file = self._directory / f"{name}.png"
        console.shot(file)
        if not file.is_file() or file.stat().st_size == 0:
            raise StageError(f"{file} was not written")
        self._taken.append(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
