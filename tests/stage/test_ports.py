"""Ports: free, remembered, replaced when a stranger holds them."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from scripts.stage.ports import LOOPBACK, LOWEST, Ports
from scripts.stage.progress import StageError


def test_a_port_is_remembered(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").tcp("redis-tls")
    assert Ports(tmp_path / "ports.json").tcp("redis-tls") == first >= LOWEST


def test_names_have_ports_of_their_own(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    block = ports.udp_block("rtp", 40)
    others = [ports.tcp("ami"), ports.udp("sip"), ports.tcp("https")]
    assert len(set(others)) == 3 and block % 2 == 0
    assert not set(others) & set(range(block, block + 40))


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_a_port_that_a_stranger_holds_is_replaced_unless_it_is_our_own_server(tmp_path: Path, kind: str) -> None:
    ports = Ports(tmp_path / "ports.json")
    choose = ports.tcp if kind == "tcp" else ports.udp
    first = choose("mine")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as stranger:
        stranger.bind((LOOPBACK, first))
        if kind == "tcp":
            stranger.listen()
        assert choose("mine", held_by_us=True) == first
        assert choose("mine") != first


def test_a_block_is_remembered_whole_and_moves_when_it_must_grow(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    block = ports.udp_block("rtp", 20)
    near = ports.udp("sip")
    assert near not in range(block, block + 20)
    assert Ports(tmp_path / "ports.json").udp_block("rtp", 20) == block
    longer = ports.udp_block("rtp", 60)
    assert near not in range(longer, longer + 60)


@pytest.mark.parametrize("text", ["[1, 2", "[1, 2]", '{"ami": "x"}', '{"ami": [1]}', '{"ami": null}'])
def test_a_broken_table_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "ports.json").write_text(text)
    with pytest.raises(StageError, match="delete it"):
        Ports(tmp_path / "ports.json").tcp("ami")
