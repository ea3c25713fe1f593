"""How are the stubs started? `python -m stubs --city DIR --zone ZONE --port N --call-log FILE …`."""

import asyncio
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import httpx2
import typer
import uvicorn

from gateways.fakes.city import FakeCity
from gateways.fakes.faults import Faults
from gateways.fakes.late_fees import LateFees
from stubs.app import build_app
from stubs.callbacks import CallbackSender
from stubs.journal import Journal
from stubs.world import World

_SHUTDOWN_SECONDS = 1  # an answer that hangs on demand must not hold the process
_KEPT_SECONDS = 60  # longer than any caller keeps a connection: one that closes first loses what is just being asked


def main(
    *,
    city: Annotated[Path, typer.Option(help="City folder, as handed over.", exists=True, file_okay=False)],
    zone: Annotated[str, typer.Option(help="The city's time zone, as its pack says: America/Chicago, America/Denver.")],
    port: Annotated[int, typer.Option(help="Port on the loopback interface.")],
    call_log: Annotated[Path | None, typer.Option(help="Log of every effect asked for, as JSON lines.")] = None,
    state: Annotated[Path | None, typer.Option(help="Journal from which a restart comes back.")] = None,
    callback_url: Annotated[str, typer.Option(help="Base address for the crews' callbacks; blank: none arrives.")] = "",
    callback_secret: Annotated[
        str, typer.Option(envvar="ARREARS_CALLBACK_SECRET", help="Standard Webhooks secret (whsec_…).")
    ] = "",
    api_key: Annotated[
        str, typer.Option(envvar="ARREARS_STUBS_KEY", help="Bearer key that callers show; blank: none is asked for.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Chance of the crews.")] = 0,
    trouble_pct: Annotated[
        int, typer.Option(help="Of a hundred disconnections at a door, how many fail.", min=0, max=100)
    ] = 0,
    late_fees: Annotated[
        str, typer.Option(help="Late fees that billing charges, PCT:LEAST:FREE in cents; blank: the bills hold them.")
    ] = "",
) -> None:
    """Run billing, field service, mail house, agency, court and weather of one city on one port."""
    terms = LateFees.parse(late_fees) if late_fees else None
    fakes = FakeCity(city, zone=ZoneInfo(zone), seed=seed, trouble_pct=trouble_pct, late_fees=terms)
    asyncio.run(
        _serve(
            fakes,
            port=port,
            call_log=call_log,
            state=state,
            callback_url=callback_url,
            callback_secret=callback_secret,
            api_key=api_key,
        )
    )


async def _serve(
    fakes: FakeCity,
    *,
    port: int,
    call_log: Path | None,
    state: Path | None,
    callback_url: str,
    callback_secret: str,
    api_key: str,
) -> None:
    faults = Faults()
    journal, calls = Journal(state, sync=False), Journal(call_log, sync=True)
    async with httpx2.AsyncClient() as client:
        sender = CallbackSender(url=callback_url, secret=callback_secret, faults=faults, client=client)
        world = World(fakes, sender=sender, faults=faults, state=journal, calls=calls)
        config = uvicorn.Config(
            build_app(world, api_key=api_key),
            host="127.0.0.1",
            port=port,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            timeout_keep_alive=_KEPT_SECONDS,
        )
        await uvicorn.Server(config).serve()
        world.close()


if __name__ == "__main__":
    typer.run(main)
