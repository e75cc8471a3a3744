"""Frames of the hub's TCP bridge, JSON and binary: docs/protocol.md, section 3."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Mapping, Optional, Union

from ._deliveries import Output, Snapshot
from ._errors import ConnectionLost

#: No hub sends more in one frame: whatever says so is none.
MAX_FRAME_BYTES = 64 << 20

_LENGTH = struct.Struct(">I")
_OUTPUT = struct.Struct(">xIQQ")
_SNAPSHOT = struct.Struct(">xIQQHH")
_ACK = struct.Struct(">BIQ")
_KIND_OUTPUT, _KIND_SNAPSHOT, _KIND_ACK = 1, 2, 3
#: No JSON text begins with a smaller byte.
_FIRST_OF_JSON = ord("\t")


@dataclass(frozen=True)
class Counted:
    """A delivery that wants an ack."""

    channel: int
    seq: int
    delivery: Union[Output, Snapshot]


Frame = Union[Dict[str, Any], Counted]


def message(fields: Mapping[str, Any]) -> bytes:
    return _framed(json.dumps(fields, separators=(",", ":")).encode())


def ack(channel: int, seq: int) -> bytes:
    return _framed(_ACK.pack(_KIND_ACK, channel, seq))


def _framed(frame: bytes) -> bytes:
    return _LENGTH.pack(len(frame)) + frame


class FrameReader:
    """Cuts a stream into frames, however it comes."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Raises ConnectionLost where the stream is none of a hub."""
        held = self._held
        held += data
        at = 0
        try:
            while len(held) - at >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(held, at)
                if not 0 < length <= MAX_FRAME_BYTES:
                    raise ConnectionLost(f"the other side is no hub: a frame of {length} bytes")
                begin, end = at + _LENGTH.size, at + _LENGTH.size + length
                if len(held) < end:
                    return
                frame = _parse(bytes(memoryview(held)[begin:end]))
                at = end
                if frame is not None:
                    yield frame
        finally:
            del held[:at]


def _parse(frame: bytes) -> Optional[Frame]:
    """None: a binary frame of a kind that later hubs send."""
    try:
        if frame[0] >= _FIRST_OF_JSON:
            return _object(json.loads(frame))
        if frame[0] == _KIND_OUTPUT:
            channel, seq, offset = _OUTPUT.unpack_from(frame)
            return Counted(channel, seq, Output(frame[_OUTPUT.size :], offset))
        if frame[0] == _KIND_SNAPSHOT:
            channel, seq, offset, cols, rows = _SNAPSHOT.unpack_from(frame)
            return Counted(channel, seq, Snapshot(frame[_SNAPSHOT.size :], offset, cols, rows))
    except (ValueError, struct.error) as e:
        raise ConnectionLost(f"the other side is no hub: {e}") from e
    return None


def _object(value: Any) -> Dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("JSON that is no object")
    return value
