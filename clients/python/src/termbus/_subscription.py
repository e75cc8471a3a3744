"""A session's deliveries, through cuts of the connection."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncGenerator, Awaitable, Callable, Dict, Optional

from ._connection import FLOW, Connection, Inbox
from ._deliveries import Delivery, Exit, Output, Snapshot
from ._errors import ConnectionLost, TermbusError
from ._frames import ack
from ._retry import Retry

#: What is consumed is acked when nothing more waits here, after so many bytes, or so many seconds after the last ack.
ACK_BYTES = 4096
ACK_SECONDS = 0.05


async def deliveries(
    connected: Callable[[], Awaitable[Connection]], options: Dict[str, Any], retry: Retry
) -> AsyncGenerator[Delivery, None]:
    """Attaches, and after a loss attaches anew at the end of what was handed out.

    ``options`` are those of ``attach``. Raises TermbusError where a new attempt would do no better, or when ``retry`` gives up.
    """
    place: Optional[int] = options.pop("from", None)
    has_gap = False
    while True:
        subscriber = None
        try:
            request = options if place is None else {**options, "from": place}
            subscriber = await _attach(await connected(), request)
            retry.attached()
            while True:
                delivery = await subscriber.next()
                if isinstance(delivery, (Output, Snapshot)):
                    place = delivery.offset
                    has_gap = False
                    options.pop("first", None)  # what is missing from here on is told by a snapshot
                    retry.received()
                yield delivery
                if isinstance(delivery, Exit):
                    return
        except TermbusError as e:
            if not e.transient or (has_gap and isinstance(e, _Gap)):
                raise
            has_gap = has_gap or isinstance(e, _Gap)
            await retry.pause(e)
        finally:
            if subscriber is not None:
                subscriber.close()


class _Gap(ConnectionLost):
    """A delivery does not follow. At the second time from one place it is the hub that is wrong, not the connection."""


class _Subscriber:
    """One subscriber of one connection. What the consumer has is acked when it asks for more, not before."""

    def __init__(self, connection: Connection, attached: Dict[str, Any], request: Dict[str, Any]) -> None:
        self._connection = connection
        self._id: str = attached["subscriber"]
        self._channel: int = attached["channel"]
        self._address: str = attached["address"]
        self._inbox: Inbox = asyncio.Queue()
        self._offset: Optional[int] = request.get("from")
        self._may_begin_later = request.get("first") == "output"
        self._seq = 0
        self._acked = 0
        self._unacked_bytes = 0
        self._acked_at = 0.0
        connection.listen(self._channel, self._address, self._inbox)

    async def register(self) -> None:
        await self._connection.ask({"type": "register", "address": self._address})

    async def next(self) -> Delivery:
        self._ack()
        item = await self._inbox.get()
        if isinstance(item, TermbusError):
            raise item
        seq, delivery = item
        if isinstance(delivery, (Output, Snapshot)):
            self._check(seq, delivery)
            self._seq = seq
            self._offset = delivery.offset
            self._unacked_bytes += len(delivery.data)
        return delivery

    def close(self) -> None:
        """Ends the subscription; the session stays."""
        self._connection.forget(self._channel, self._address)
        _detach(self._connection, self._id)

    def _check(self, seq: int, delivery: Delivery) -> None:
        follows = seq == self._seq + 1
        if follows and isinstance(delivery, Output) and self._offset is not None:
            follows = delivery.start == self._offset or (
                seq == 1 and self._may_begin_later and delivery.start > self._offset
            )
        if not follows:
            raise _Gap(f"delivery {seq} does not follow {self._seq} at {self._offset}: {delivery}")

    def _ack(self) -> None:
        now = asyncio.get_running_loop().time()
        is_due = self._inbox.empty() or self._unacked_bytes >= ACK_BYTES or now - self._acked_at >= ACK_SECONDS
        if self._seq > self._acked and is_due:
            self._connection.send(ack(self._channel, self._seq))
            self._acked = self._seq
            self._acked_at = now
            self._unacked_bytes = 0


async def _attach(connection: Connection, request: Dict[str, Any]) -> _Subscriber:
    attached = await connection.request_or_undo(
        FLOW, "attach", request, lambda late: _detach(connection, late["subscriber"])
    )
    subscriber = _Subscriber(connection, attached, request)
    try:
        await subscriber.register()
        return subscriber
    except BaseException:
        subscriber.close()
        raise


def _detach(connection: Connection, subscriber: str) -> None:
    connection.tell(FLOW, "detach", {"subscriber": subscriber})
