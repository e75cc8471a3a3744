"""What can go wrong."""

from __future__ import annotations

_UNAVAILABLE = 503
#: Reasons of an end that a new subscription may cure.
_PASSING = frozenset({"shutdown", "restarting", "owner_unreachable"})


class TermbusError(Exception):
    """The hub has refused a request, or no answer came.

    ``code`` is HTTP's, as docs/protocol.md has it (401: not logged in, or a wrong token; 403: not allowed; 404: no such
    session; 410: the session has exited; 429: a limit is reached, …); 0: no answer came, and what was asked for may have
    been done or not.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}" if code else message)
        self.code = code
        self.message = message

    @property
    def transient(self) -> bool:
        """Whether a later attempt may do better, with the same question."""
        return self.code in (0, _UNAVAILABLE)


class ConnectionLost(TermbusError):
    """There is no connection to the hub, or no more."""

    def __init__(self, message: str) -> None:
        super().__init__(0, message)


class HubClosed(ConnectionLost):
    """The hub's ``async with`` was left."""

    def __init__(self) -> None:
        super().__init__("the hub was closed")

    @property
    def transient(self) -> bool:
        return False


class Disconnected(TermbusError):
    """The hub has ended the subscription; ``reason`` is the protocol's: ``kicked``, ``stalled``, ``red_zone``, …"""

    def __init__(self, reason: str) -> None:
        super().__init__(0, f"the hub ended the subscription: {reason}")
        self.reason = reason

    @property
    def transient(self) -> bool:
        return self.reason in _PASSING
