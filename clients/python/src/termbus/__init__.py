"""A client of Termbus, a terminal hub: sessions, their output without gaps, and programs that are run to their end.

Begin with :func:`connect`. Everything belongs to the event loop that it was made on.
"""

from ._deliveries import CommandNotice, Delivery, Exit, Lag, LeaseNotice, Output, Resize, Snapshot, Zone
from ._errors import ConnectionLost, Disconnected, TermbusError
from ._hub import Completed, Hub, Session, connect

__all__ = [
    "CommandNotice",
    "Completed",
    "ConnectionLost",
    "Delivery",
    "Disconnected",
    "Exit",
    "Hub",
    "Lag",
    "LeaseNotice",
    "Output",
    "Resize",
    "Session",
    "Snapshot",
    "TermbusError",
    "Zone",
    "connect",
]
