"""The line to Slack reads frame by frame, however they come over the wire: cut anywhere, many at once, with pauses between."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.slack.socket_line import OneByOne


def frame(payload: bytes, *, masked: bool = False) -> bytes:
    """A text frame as RFC 6455, section 5.2 has it."""
    size, mask = len(payload), b"\0\0\0\0" if masked else b""
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes((0x81, bit | size))
    elif size < 65_536:
        head = bytes((0x81, bit | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x81, bit | 127)) + size.to_bytes(8, "big")
    return head + mask + payload


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, OneByOne]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0.05)
        yield theirs, OneByOne(ours)


@given(some.lists(some.tuples(some.integers(0, 70_000), some.booleans()), min_size=1, max_size=4), some.integers(1, 9_000))
def test_each_frame_comes_whole_and_alone(sizes: list[tuple[int, bool]], cut: int) -> None:
    frames = [frame(b"x" * size, masked=masked) for size, masked in sizes]
    stream = b"".join(frames)
    reader = OneByOne(Scripted([stream[start : start + cut] for start in range(0, len(stream), cut)]))  # type: ignore[arg-type]
    assert [reader.recv(1_024) for _ in frames] == frames
    assert reader.recv(1_024) == b""


class Scripted:
    """A socket that gives these pieces, then its end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)

    def recv(self, _: int) -> bytes:
        return next(self._pieces, b"")


def test_a_pause_in_the_middle_of_a_frame_loses_nothing(pair: tuple[socket.socket, OneByOne]) -> None:
    slack, line = pair
    whole = frame(b"an envelope" * 100)
    slack.sendall(whole[:3])
    for _ in range(2):
        with pytest.raises(TimeoutError):
            line.recv(1_024)
    slack.sendall(whole[3:])
    assert line.recv(1_024) == whole


def test_a_newline_after_the_handshake_stands_alone(pair: tuple[socket.socket, OneByOne]) -> None:
    slack, line = pair
    slack.sendall(b"\n" + frame(b"hello"))
    assert [line.recv(1_024), line.recv(1_024)] == [b"\n", frame(b"hello")]


def test_the_end_of_the_line_is_the_end(pair: tuple[socket.socket, OneByOne]) -> None:
    slack, line = pair
    slack.sendall(frame(b"cut off")[:-2])
    slack.close()
    assert line.recv(1_024) == b""
