"""Growing pauses between attempts."""

from __future__ import annotations

import asyncio
import random
from typing import Optional

from ._errors import TermbusError

_FIRST_SECONDS = 0.1
_LONGEST_SECONDS = 5.0
_MOST_DOUBLINGS = 16
#: A subscription that was attached for so long is well again, though nothing came.
_WELL_SECONDS = 5.0


class Retry:
    """Pauses of half to all of 100 ms · 2ⁿ, 5 s at most, so that clients do not come back in step; for so long as it is given."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._attempts = 0
        self._since: Optional[float] = None
        self._attached_at: Optional[float] = None

    async def pause(self, cause: TermbusError) -> None:
        """Raises the cause where nothing has come for so long since the first failure."""
        now = asyncio.get_running_loop().time()
        if self._attached_at is not None and now - self._attached_at >= _WELL_SECONDS:
            self.received()
        self._attached_at = None
        self._since = now if self._since is None else self._since
        if now - self._since >= self._seconds:
            raise cause
        longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2 ** min(self._attempts, _MOST_DOUBLINGS))
        self._attempts += 1
        await asyncio.sleep(longest * (0.5 + random.random() / 2))

    def attached(self) -> None:
        self._attached_at = asyncio.get_running_loop().time()

    def received(self) -> None:
        self._since = None
        self._attempts = 0
