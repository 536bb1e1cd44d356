"""The rules of dispatch, pure: words, state, commands, events, ``decide`` and ``evolve``.

Nothing here reads a clock, draws a random number or talks to anything. Two processes that feed the same events to
``evolve`` hold the same state; that is what makes every console a mirror and every shift replayable.
"""
