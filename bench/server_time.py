"""How does an installation live by the clock of Temporal's time-skipping server, as if that were the wall's?"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from google.protobuf.empty_pb2 import Empty
from sqlalchemy import Engine
from temporalio.client import Client

from models.clock import ClockMode, SqlClock


class ServerClock(SqlClock):
    """The wall's clock, shifted to begin at a chosen instant: it runs as the server's does, and skips when that skips.

    The case is told that timers measure business time, so that real timers are set and fire on their business instants.
    The server is asked on a thread of its own: activities ask from threads as well as from the worker's own loop.
    """

    def __init__(self, engine: Engine, address: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(engine)
        self._loop = loop
        self._client = asyncio.run_coroutine_threadsafe(Client.connect(address), loop).result()
        self._ahead = timedelta()

    def begin(self, at: datetime) -> None:
        """Let business time be *at* from now on."""
        self.start(ClockMode.WALL)
        self._ahead = at - self._server()

    def now(self) -> datetime:
        return self._server() + self._ahead

    def _server(self) -> datetime:
        asked = asyncio.run_coroutine_threadsafe(self._client.test_service.get_current_time(Empty()), self._loop)
        return asked.result().time.ToDatetime(tzinfo=UTC)


@contextmanager
def server_clock(engine: Engine, client: Client, *, at: datetime) -> Iterator[ServerClock]:
    """Yield the clock of the time-skipping server that *client* is connected to, beginning at *at*."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="server-clock", daemon=True)
    thread.start()
    try:
        clock = ServerClock(engine, client.service_client.config.target_host, loop)
        clock.begin(at)
        yield clock
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
