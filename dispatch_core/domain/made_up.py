"""Simulated switches beside real ones: what is made up there is never taken for what happens here."""

from __future__ import annotations

from dispatch_core.domain.state import State


def made_up(state: State, node: str) -> bool:
    """Whether the calls of this node are made up. Those of a node that is not known (any more) are not."""
    known = state.nodes.get(node)
    return known is not None and known.simulated


def apart(state: State, one: str, other: str) -> bool:
    """Whether of these nodes one is real and the other is not: a number that both tell of is not one caller."""
    return made_up(state, one) is not made_up(state, other)


def made_up_beside_real(state: State, node: str) -> bool:
    """Whether this node's calls are made up while others are not: what comes from outside is not meant for them."""
    return made_up(state, node) and not all(it.simulated for it in state.nodes.values())
