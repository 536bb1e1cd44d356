"""Callers who do not speak: what is heard, which keys, when they are asked; and that nothing ends by itself."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.silence import KEYS_KEPT, SAME_KEY_MS, KeyPress
from dispatch_core.domain.silence_clocks import PROMPT_LIMIT_MS, silent_since
from dispatch_core.domain.state import State
from tests.domain.examples import tries
from tests.domain.world import NODE, POSITIONS, SITE, T0, World, staffed

AFTER_S = 8


def pressed(digit: str, at: int, call: str = "c1") -> c.CallerPressed:
    return c.CallerPressed(call=call, digit=digit, at=at)


def silent() -> World:
    """Somebody was answered and says nothing, on a site that asks by itself."""
    world = staffed()
    world.core(c.ConfigureSite(site=replace(SITE, prompt_after_s=AFTER_S), positions=POSITIONS))
    world.talk("c1", "B02")
    return world


def test_what_is_heard_is_told(world: World) -> None:
    world.call("c1")
    world.switch(c.CallerSounds(call="c1", at=T0 + 2_000))
    assert world.the("c1").silence.sounds
    world.switch(c.CallerFallsSilent(call="c1", at=T0 + 5_000))
    assert not world.the("c1").silence.sounds
    for body in (c.CallerSounds(call="c1", at=T0 + 1_000), c.CallerFallsSilent(call="c1", at=T0 + 5_000)):
        assert world.switch_no(body) == "nothing_new"
    assert world.switch_no(c.CallerSounds(call="c9", at=T0)) == "nothing_new"


def test_every_key_is_kept_and_five_means_that_somebody_cannot_speak(world: World) -> None:
    world.call("c1")
    world.switch(pressed("1", T0 + 10))
    assert not world.the("c1").silence.cannot_speak_at
    world.switch(pressed("5", T0 + 900))
    world.switch(pressed("5", T0 + 1_900))
    assert world.switch_no(pressed("5", T0 + 900 + SAME_KEY_MS - 1)) == "nothing_new"
    assert world.switch_no(pressed("x", T0)) == world.switch_no(pressed("55", T0)) == "nothing_new"
    known = world.the("c1").silence
    assert known.keys == (KeyPress("1", T0 + 10), KeyPress("5", T0 + 900), KeyPress("5", T0 + 1_900))
    assert known.cannot_speak_at == T0 + 900
    for n in range(KEYS_KEPT):
        world.switch(pressed("9", T0 + 3_000 + n * 200))
    known = world.the("c1").silence
    assert len(known.keys) == KEYS_KEPT and {it.digit for it in known.keys} == {"9"} and known.cannot_speak_at


HEARD: list[Any] = [
    c.CallerSounds(call="c1", at=T0 + 1_000),
    c.CallerFallsSilent(call="c1", at=T0 + 2_000),
    c.CallerSounds(call="c1", at=T0 + 3_000),
    pressed("5", T0 + 500),
    pressed("5", T0 + 700),
    pressed("2", T0 + 900),
    c.PromptPlays(call="c1", at=T0 + 400),
]


@given(st.permutations([*HEARD, *HEARD[:4]]))
@tries(40, 400)
def test_order_and_repeats_do_not_matter(told: list[Any]) -> None:
    states = []
    for facts in (HEARD, told):
        world = staffed()
        world.call("c1")
        for fact in facts:
            world.give(world.asked(c.ActorKind.SWITCH, NODE, fact))
        states.append(world.the("c1").silence)
    assert states[0] == states[1]


def test_a_silent_caller_is_asked_once_by_itself_after_the_answer() -> None:
    world = silent()
    answered = world.the("c1").answered_at
    assert due(world.state, answered + AFTER_S * 1000) == ()
    (ask,) = due(world.state, answered + AFTER_S * 1000 + 1)
    assert ask == c.PlayPrompt(call="c1")
    world.core(ask)
    asked = world.story[-1]
    order = x.PromptCaller(NODE, "c1")
    assert effects_of(asked, world.state) == (order,)
    assert order.failed("refused") == c.PromptFailed(call="c1", why="refused")
    assert world.core_no(ask) == "already_so"
    assert due(world.state, world.now + PROMPT_LIMIT_MS + 1) == (c.PromptFailed(call="c1", why="no_outcome"),)
    world.switch(c.PromptPlays(call="c1", at=T0 + 20_000))
    known = world.the("c1").silence
    assert (known.prompted_at, known.prompt_asked_at, known.prompts_asked) == (T0 + 20_000, 0, 1)
    assert world.core_no(ask) == "nothing_new" and due(world.state, world.now + 3_600_000) == ()
    assert effects_of(asked, world.state) == () == effects_of(asked, State())


def test_who_was_heard_or_pressed_five_is_not_asked() -> None:
    for fact in (
        c.CallerSounds(call="c1", at=T0 + 2_000),
        c.CallerSounds(call="c1", at=T0 + 500),  # before the answer, and still
        pressed("5", T0 + 500),
        c.CallOnHold(call="c1", at=T0 + 2_000),
    ):
        world = silent()
        world.switch(fact)
        assert silent_since(world.the("c1")) == 0 and due(world.state, T0 + 60_000) == ()
    world = silent()
    world.switch(c.CallerSounds(call="c1", at=T0 + 200))
    world.switch(c.CallerFallsSilent(call="c1", at=T0 + 900))
    assert silent_since(world.the("c1")) == world.the("c1").answered_at


def test_a_person_asks_whenever_and_again(world: World) -> None:
    ask = c.PlayPrompt(call="c1")
    assert world.person_no("lan", ask) == "unknown_call"
    world.call("c1")
    world.person("lan", ask)
    assert world.person_no("lan", ask) == "already_so"
    world.core(c.PromptFailed(call="c1", why="refused"))
    assert world.core_no(c.PromptFailed(call="c1", why="refused")) == "nothing_new"
    assert world.core_no(c.PromptFailed(call="c9", why="refused")) == "nothing_new"
    world.person("lan", ask)
    assert world.the("c1").silence.prompts_asked == 2
    world.over("c1")
    assert effects_of(world.story[-1], world.state) == ()
    assert world.person_no("lan", ask) == "call_over"
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=T0, number="09"))
    assert world.person_no("lan", c.PlayPrompt(call="cb1")) == "not_waiting"
    assert silent_since(world.the("cb1")) == 0


def test_who_cannot_speak_is_not_closed_by_a_slip_of_the_finger(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.switch(pressed("5", T0 + 3_000))
    close = c.CloseEmpty(incident=incident.id)
    no = world.refusal("lan", close)
    assert no.code == "cannot_speak" and incident.id in no.sentence("vi")
    world.over("c1")
    assert world.person_no("lan", close) == "cannot_speak"
    assert due(world.state, world.now + 24 * 3_600_000) == due(world.state, world.now + 24 * 3_600_000)
    assert not any(isinstance(it, c.CloseEmpty | c.CloseIncident) for it in due(world.state, world.now + 86_400_000))
    world.person("lan", replace(close, confirmed=True))
