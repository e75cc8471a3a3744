"""One connection to a hub."""

from __future__ import annotations

import asyncio
import itertools
import ssl
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Union, cast

from ._deliveries import Delivery, notice
from ._errors import ConnectionLost, Disconnected, TermbusError
from ._frames import Counted, Frame, FrameReader, message

HUB = "termbus.hub"
FLOW = "termbus.flow"

#: After so many seconds in which nothing came the hub is asked for a sign; after twice as many the connection is lost.
SILENT_SECONDS = 20.0
#: Making a connection may take so long.
CONNECT_SECONDS = 10.0

#: What waits for one consumer, in order: (seq, delivery), seq being 0 for what is not acked, or why nothing follows. The
#: hub bounds it: it sends no more than ``flow.maxUnackedBytes`` beyond what was acked.
Inbox = asyncio.Queue[Union[Tuple[int, Delivery], TermbusError]]


@dataclass(frozen=True)
class Endpoint:
    """Where a hub listens: a Unix socket, or host and port."""

    host: str
    port: int
    socket_path: Optional[str]
    tls: Optional[ssl.SSLContext]


class Connection(asyncio.Protocol):
    """Logged in, until it is lost: then it is so for good, and everybody who waits hears why."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._answers: Dict[str, asyncio.Future[Any]] = {}
        self._channels: Dict[int, Inbox] = {}
        self._addresses: Dict[str, Inbox] = {}
        self._numbers = itertools.count(1)
        self._why: Optional[TermbusError] = None
        self._heard_at = self._loop.time()
        self._asked_at = 0.0
        self.lost: Optional[TermbusError] = None

    @staticmethod
    async def open(endpoint: Endpoint, token: str) -> Connection:
        """Connects and logs in. Raises TermbusError: 401 for a wrong token, 0 where no hub can be reached."""
        try:
            connection = await _connect_in_time(endpoint)
        except ssl.SSLCertVerificationError:
            raise
        except (OSError, asyncio.TimeoutError) as e:
            raise ConnectionLost(f"cannot connect to the hub: {str(e) or 'no answer'}") from e
        try:
            info = await connection.request(HUB, "login", {"token": token, "frames": "binary"})
            if info.get("frames") != "binary":
                raise TermbusError(400, "this hub has no binary frames")
            return connection
        except BaseException:
            connection.close()
            raise

    async def request(self, address: str, action: str, body: Mapping[str, Any]) -> Any:
        """The body of the answer. Raises TermbusError."""
        return await self.ask({"type": "send", "address": address, "headers": {"action": action}, "body": body})

    async def request_or_undo(
        self, address: str, action: str, body: Mapping[str, Any], undo: Callable[[Any], None]
    ) -> Any:
        """As :meth:`request`; an answer for which nobody waits any more goes to ``undo``."""

        def late(answer: asyncio.Future[Any]) -> None:
            if not answer.cancelled() and answer.exception() is None:
                undo(answer.result())

        asking = asyncio.ensure_future(self.request(address, action, body))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            asking.add_done_callback(late)
            raise

    async def ask(self, fields: Mapping[str, Any]) -> Any:
        """Sends a message and waits for its answer's body."""
        if self.lost is not None:
            raise self.lost
        reply_address = f"r{next(self._numbers)}"
        answer = self._answers[reply_address] = self._loop.create_future()
        try:
            self.send(message({**fields, "replyAddress": reply_address}))
            return await answer
        finally:
            self._answers.pop(reply_address, None)

    def tell(self, address: str, action: str, body: Mapping[str, Any]) -> None:
        """Sends a request that nobody waits for. Does nothing once the connection is lost."""
        self.send(message({"type": "send", "address": address, "headers": {"action": action}, "body": body}))

    def send(self, frame: bytes) -> None:
        if self.lost is None:
            self._transport.write(frame)

    def listen(self, channel: int, address: str, inbox: Inbox) -> None:
        self._channels[channel] = self._addresses[address] = inbox

    def forget(self, channel: int, address: str) -> None:
        self._channels.pop(channel, None)
        self._addresses.pop(address, None)

    def close(self) -> None:
        self._end(ConnectionLost("the connection was closed"))

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._timer = self._loop.call_later(SILENT_SECONDS, self._look)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        try:
            for frame in self._reader.feed(data):
                self._received(frame)
        except ConnectionLost as e:
            self._end(e)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._end(self._why or ConnectionLost(f"the connection to the hub was lost{f': {exc}' if exc else ''}"))

    def _received(self, frame: Frame) -> None:
        self._why = None
        if isinstance(frame, Counted):
            inbox = self._channels.get(frame.channel)
            if inbox is not None:
                inbox.put_nowait((frame.seq, frame.delivery))
        elif frame.get("address") in self._answers:
            answer = self._answers[frame["address"]]
            if not answer.done():
                _settle(answer, frame)
        elif frame.get("address") in self._addresses:
            _notice(self._addresses[frame["address"]], frame)
        elif frame.get("type") == "err" and "address" not in frame:
            # the last word before the hub closes, as a rule
            self._why = _error(frame)

    def _look(self) -> None:
        now = self._loop.time()
        if self._asked_at > self._heard_at:
            self._end(ConnectionLost(f"nothing came from the hub for {now - self._heard_at:.0f} s"))
            self._transport.abort()  # nobody takes what was sent
            return
        due = self._heard_at + SILENT_SECONDS
        if now >= due:
            self.send(message({"type": "ping"}))
            self._asked_at = now
            due = now + SILENT_SECONDS
        self._timer = self._loop.call_at(due, self._look)

    def _end(self, reason: TermbusError) -> None:
        """Idempotent. What was sent still goes."""
        if self.lost is not None:
            return
        self.lost = reason
        self._timer.cancel()
        self._transport.close()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(reason)
        for inbox in self._addresses.values():
            inbox.put_nowait(reason)


async def _connect_in_time(endpoint: Endpoint) -> Connection:
    """Without asyncio.wait_for, which before Python 3.12 forgets a cancel that comes with the connection."""
    connecting = asyncio.ensure_future(_connect(endpoint))
    try:
        done, _ = await asyncio.wait({connecting}, timeout=CONNECT_SECONDS)
        if not done:
            raise asyncio.TimeoutError
    except BaseException:
        connecting.add_done_callback(_close_late)
        connecting.cancel()
        raise
    return connecting.result()


def _close_late(connecting: asyncio.Future[Connection]) -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().close()


async def _connect(endpoint: Endpoint) -> Connection:
    loop = asyncio.get_running_loop()
    if endpoint.socket_path is not None:
        _, connection = await loop.create_unix_connection(Connection, endpoint.socket_path)
    else:
        _, connection = await loop.create_connection(Connection, endpoint.host, endpoint.port, ssl=endpoint.tls)
    return connection


def _error(frame: Mapping[str, Any]) -> TermbusError:
    return TermbusError(frame.get("failureCode", 0), frame.get("message") or "refused")


def _settle(answer: asyncio.Future[Any], frame: Mapping[str, Any]) -> None:
    if frame.get("type") == "err":
        answer.set_exception(_error(frame))
    else:
        answer.set_result(frame.get("body"))


def _notice(inbox: Inbox, frame: Mapping[str, Any]) -> None:
    if frame.get("type") == "err":
        inbox.put_nowait(_error(frame))
        return
    kind, body = frame["headers"]["kind"], frame.get("body") or {}
    if kind == "disconnected":
        inbox.put_nowait(Disconnected(body["reason"]))
        return
    delivery = notice(kind, body)
    if delivery is not None:
        inbox.put_nowait((0, delivery))
