"""A hub, its sessions, and programs that are run in one."""

from __future__ import annotations

import asyncio
import base64
import inspect
import ipaddress
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, AsyncGenerator, Awaitable, Callable, Dict, List, Mapping, Optional, Sequence, Type, Union

from ._connection import HUB, Connection, Endpoint
from ._deliveries import Delivery, Exit, Output, Snapshot, exit_of
from ._errors import ConnectionLost, HubClosed, TermbusError
from ._retry import Retry
from ._subscription import deliveries

Token = Union[str, Callable[[], Union[str, Awaitable[str]]]]

#: A piece of what a program reads; a message may have 1 MiB.
_INPUT_BYTES = 256 << 10
#: While the hub has no room for more input it is asked again after so many seconds.
_INPUT_PAUSE_SECONDS = 0.05
_TOO_LARGE = 413
_LIMIT_REACHED = 429
_ENDED = (404, 410)


def connect(
    host: str = "127.0.0.1",
    port: int = 7000,
    *,
    token: Optional[Token] = None,
    socket_path: Optional[str] = None,
    tls: Optional[ssl.SSLContext] = None,
    retry_seconds: float = 60.0,
) -> Hub:
    """A hub, to be used as ``async with connect(…) as hub``, which connects and logs in.

    ``token`` is a token, or what gives one each time that a connection is made; without it, for a hub of this machine, that
    of ``TERMBUS_AUTH_TOKEN``, or of a hub of this user (``~/.termbus/token``). These go to no other machine: for a hub
    there ValueError is raised where no token is given. ``socket_path`` is that of the hub's Unix socket, in place of host
    and port; ``tls`` is for a hub with TLS. A connection that is lost is made anew by whoever
    needs it next: a request tries once, a subscription for ``retry_seconds``. A wrong token is never tried again.
    """
    if token is None:
        if socket_path is None and not _is_loopback(host):
            raise ValueError(f"a hub on another machine ({host}) needs its token: connect(…, token=…)")
        token = _own_token
    return Hub(Endpoint(host, port, socket_path, tls), token, retry_seconds)


@dataclass(frozen=True)
class Completed:
    """A program that has been run to its end."""

    #: Its exit status; 128 and the number of the signal where one ended it.
    status: int
    #: Such as ``SIGTERM``, where one ended it.
    signal: Optional[str]
    #: All it wrote to its terminal, standard output and standard error, as it wrote it.
    output: bytes

    @property
    def text(self) -> str:
        """The output as UTF-8; what is none is replaced."""
        return self.output.decode(errors="replace")


@dataclass(frozen=True)
class Session:
    """A session as it was when it was asked for."""

    id: str
    name: str
    #: ``running`` or ``exited``.
    state: str
    exit: Optional[Exit]
    #: All that the hub tells of it: docs/protocol.md, section 6.
    info: Mapping[str, Any] = field(repr=False)
    _hub: Hub = field(repr=False, compare=False)

    def attach(self, **options: Any) -> AsyncGenerator[Delivery, None]:
        """As :meth:`Hub.attach`."""
        return self._hub.attach(self.id, **options)

    async def input(self, data: Union[str, bytes]) -> None:
        """Types into the session; when it returns the hub has all of it."""
        await self.request("input", _data(data))

    async def kill(self) -> None:
        """Ends the program: HUP, then KILL. Does not wait for the end."""
        await self.request("kill")

    async def request(self, action: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """Any action of ``termbus.session.<id>``, such as ``resize``, ``signal``, ``snapshot``, ``wait``; its answer."""
        return await self._hub.request(f"termbus.session.{self.id}", action, body)


class Hub:
    """Made by :func:`connect`. Used by the tasks of one event loop, many at once."""

    def __init__(self, endpoint: Endpoint, token: Token, retry_seconds: float) -> None:
        self._endpoint = endpoint
        self._token = token
        self._retry_seconds = retry_seconds
        self._connection: Optional[Connection] = None
        self._connecting: Optional[asyncio.Lock] = None
        self._closed = False

    async def __aenter__(self) -> Hub:
        self._connecting = asyncio.Lock()
        await self._connected()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        """Ends all subscriptions, which raise ConnectionLost where they are waited for; sessions stay."""
        self._closed = True
        if self._connection is not None:
            self._connection.close()

    async def request(self, address: str, action: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """Any action of the protocol; its answer. Never sent twice: where no answer came the error's code is 0."""
        return await (await self._connected()).request(address, action, body or {})

    async def sessions(self) -> List[Session]:
        """All sessions that this login may see, the oldest first, exited ones included until they are forgotten."""
        return [self._session(info) for info in (await self.request(HUB, "list"))["sessions"]]

    async def session(self, id: str) -> Session:
        """Raises TermbusError 404 where there is none."""
        return self._session(await self.request(f"termbus.session.{id}", "info"))

    async def create(self, command: Optional[Sequence[str]] = None, **options: Any) -> Session:
        """A new session of this command, or of a shell. Options are those of ``create`` in docs/protocol.md, such as
        ``cwd``, ``env``, ``cols``, ``rows``, ``name``."""
        body = options if command is None else {**options, "command": list(command)}
        return self._session(await self.request(HUB, "create", body))

    def attach(
        self,
        session: str,
        *,
        mode: str = "write",
        lag: str = "skip",
        from_: Optional[int] = None,
        **options: Any,
    ) -> AsyncGenerator[Delivery, None]:
        """What a session puts out, as an async iterator, until its ``Exit``, which is the last.

        A delivery is acked when the next one is asked for, so who does not ask is not sent more than the hub lets wait,
        and is told of by ``Zone``. With ``lag="skip"`` who falls far behind gets a ``Snapshot`` in place of what it missed;
        with ``"block"`` the program waits. ``from_`` goes on from an ``offset``; without it the first delivery is a
        snapshot. Other options are those of ``attach`` in docs/protocol.md.

        When the connection is lost it goes on at the end of what was handed out: no byte comes twice, and none is missing
        where the hub still holds it; else the next delivery is a ``Snapshot``. Leaving the loop ends the subscription, and
        nothing else. Raises TermbusError, also Disconnected.
        """
        request = {**options, "session": session, "mode": mode, "lag": lag}
        if from_ is not None:
            request["from"] = from_
        return deliveries(self._connected, request, Retry(self._retry_seconds))

    async def run(
        self,
        command: Sequence[str],
        *,
        cwd: Optional[str] = None,
        env: Optional[Mapping[str, str]] = None,
        input: bytes = b"",
        cols: int = 80,
        rows: int = 24,
        max_output: int = 64 << 20,
    ) -> Completed:
        """Runs a program to its end, in a terminal of its own, with ``input`` as its standard input.

        Every byte of its output is kept: more than ``max_output`` of them, or a connection that is lost for so long that
        the hub holds them no more, raises TermbusError. Where this is cancelled, or raises, the program is killed.
        """
        options: Dict[str, Any] = {"cols": cols, "rows": rows, "env": dict(env or {})}
        if cwd is not None:
            options["cwd"] = cwd
        options.update(command=list(command), rawOutput=True, stdin="pipe", answers="never", waitForSubscriber=True)
        session = self._session(await (await self._connected()).request_or_undo(HUB, "create", options, self._kill))
        reading = asyncio.ensure_future(_output(session, max_output))
        feeding = asyncio.ensure_future(_feed(session, input))
        try:
            completed, _ = await asyncio.gather(reading, feeding)
            return completed
        except BaseException:
            self._kill(session.info)
            reading.cancel()
            feeding.cancel()
            await asyncio.gather(reading, feeding, return_exceptions=True)
            raise

    def _kill(self, session: Mapping[str, Any]) -> None:
        if self._connection is not None:
            self._connection.tell(f"termbus.session.{session['id']}", "kill", {})

    async def _connected(self) -> Connection:
        if self._connecting is None:
            raise RuntimeError("a hub is used within 'async with connect(…) as hub'")
        async with self._connecting:
            self._check_open()
            if self._connection is None or self._connection.lost is not None:
                self._connection = await self._open()
                self._check_open()
            return self._connection

    def _check_open(self) -> None:
        if self._closed:
            if self._connection is not None:
                self._connection.close()
            raise HubClosed

    async def _open(self) -> Connection:
        given = self._token() if callable(self._token) else self._token
        return await Connection.open(self._endpoint, await given if inspect.isawaitable(given) else given)

    def _session(self, info: Mapping[str, Any]) -> Session:
        exit = exit_of(info["exit"]) if "exit" in info else None
        return Session(info["id"], info["name"], info["state"], exit, info, self)


async def _output(session: Session, most: int) -> Completed:
    output = bytearray()
    async for delivery in session.attach(lag="block", hold="unlimited", from_=0, first="output"):
        if isinstance(delivery, Snapshot) or isinstance(delivery, Output) and delivery.start != len(output):
            raise ConnectionLost("output was lost while the connection was")
        if isinstance(delivery, Output):
            output += delivery.data
            if len(output) > most:
                raise TermbusError(_TOO_LARGE, f"more than {most} bytes of output (max_output)")
        if isinstance(delivery, Exit):
            return Completed(delivery.code, delivery.signal, bytes(output))
    raise AssertionError("a subscription ends with the exit")


async def _feed(session: Session, data: bytes) -> None:
    """Until the program has it all, has closed its input, or has ended."""
    at = 0
    while True:
        piece = data[at : at + _INPUT_BYTES]
        is_last = at + len(piece) == len(data)
        try:
            reply = await session.request("stdin", {**(_data(piece) if piece else {}), "end": is_last})
        except TermbusError as e:
            if e.code in _ENDED:
                return
            if e.code != _LIMIT_REACHED:
                raise
            await asyncio.sleep(_INPUT_PAUSE_SECONDS)
            continue
        if is_last or reply.get("closed"):
            return
        at += len(piece)


def _data(data: Union[str, bytes]) -> Dict[str, str]:
    return {"data": data} if isinstance(data, str) else {"base64": base64.b64encode(data).decode()}


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name


def _own_token() -> str:
    given = os.environ.get("TERMBUS_AUTH_TOKEN")
    home = Path(os.environ.get("TERMBUS_HOME", "~/.termbus")).expanduser()
    return given if given else (home / "token").read_text().strip()
