"""What a subscriber gets: docs/protocol.md, section 9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional, Union


@dataclass(frozen=True)
class Output:
    """Bytes of the session, which follow those of the delivery before without a gap."""

    data: bytes
    #: Bytes of the session's output up to the end of these.
    offset: int

    @property
    def start(self) -> int:
        """Bytes of the session's output before these."""
        return self.offset - len(self.data)


@dataclass(frozen=True)
class Snapshot:
    """The state of the terminal: reset yours, make it ``cols`` × ``rows``, and write ``data`` to it."""

    data: bytes
    offset: int
    cols: int
    rows: int


@dataclass(frozen=True)
class Resize:
    """The terminal has this size from here on."""

    cols: int
    rows: int


@dataclass(frozen=True)
class Zone:
    """This subscriber's zone has changed: ``green``, ``yellow`` or ``red``, by how much it has not acked."""

    level: str
    previous: str
    unacked_deliveries: int
    unacked_bytes: int


@dataclass(frozen=True)
class Lag:
    """With ``lag="block"``: the program was held back for too long, and output is skipped from now on."""

    held_ms: int


@dataclass(frozen=True)
class CommandNotice:
    """A command of the session's shell has begun or ended. Where they come too fast some are passed over."""

    #: ``command.started`` or ``command.finished``.
    event: str
    #: As docs/protocol.md, section 7 has it: ``id``, ``line``, ``exitCode`` and others.
    command: Mapping[str, Any]


@dataclass(frozen=True)
class LeaseNotice:
    """Who drives the session from now on, so that others may not type; ``None``: nobody."""

    #: ``holder``, ``connection``, ``expiresAt``, ``note``.
    lease: Optional[Mapping[str, Any]]
    #: Whose has ended, and why: ``released``, ``expired`` or ``taken``.
    was: Optional[Mapping[str, Any]] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class Exit:
    """The program has ended, and all its output has come. ``code`` is 128 and the number of the signal where one ended it."""

    code: int
    signal: Optional[str] = None


Delivery = Union[Output, Snapshot, Resize, Zone, Lag, CommandNotice, LeaseNotice, Exit]


def exit_of(body: Mapping[str, Any]) -> Exit:
    return Exit(body["code"], body.get("signal"))


_NOTICES: Dict[str, Callable[[Mapping[str, Any]], Delivery]] = {
    "resize": lambda body: Resize(body["cols"], body["rows"]),
    "warning": lambda body: Zone(body["level"], body["previous"], body["queueSize"], body["queueBytes"]),
    "lag": lambda body: Lag(body["heldMs"]),
    "command": lambda body: CommandNotice(body["event"], body["command"]),
    "lease": lambda body: LeaseNotice(body.get("lease"), body.get("was"), body.get("reason")),
    "exit": exit_of,
}


def notice(kind: str, body: Mapping[str, Any]) -> Optional[Delivery]:
    """None: a kind of a later hub, to be passed over."""
    return _NOTICES[kind](body) if kind in _NOTICES else None
