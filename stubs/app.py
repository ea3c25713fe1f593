"""Which HTTP routes do the stubs answer, and how do faults on demand get in between?"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from http import HTTPStatus
from secrets import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from pydantic import TypeAdapter, ValidationError

from formats.city import CourtReport, FieldReport, HeatProduct, Holiday
from gateways.billing import AccountMaster, BillingAnswer, ControlLine, KeyedPayment, PaymentAnswer
from gateways.errors import Rejected
from gateways.fakes.faults import FaultKind
from gateways.money_out import Instrument
from gateways.names import EFFECTS
from gateways.outside import AgencyDay
from gateways.receipt import Receipt
from stubs.control import control_routes
from stubs.problems import Fails, tell_problems
from stubs.world import ADAPTERS, World

_RECEIPT = TypeAdapter(Receipt)
_ACCOUNT, _ACCOUNTS = TypeAdapter(AccountMaster), TypeAdapter(tuple[AccountMaster, ...])
_INSTRUMENTS = TypeAdapter(tuple[Instrument, ...])
_ANSWER, _ANSWERS = TypeAdapter(BillingAnswer), TypeAdapter(tuple[BillingAnswer, ...])
_MANY, _DONE = TypeAdapter(tuple[KeyedPayment, ...]), TypeAdapter(tuple[PaymentAnswer, ...])
_CONTROL = TypeAdapter(tuple[ControlLine, ...])
_FIELD, _COURT = TypeAdapter(tuple[FieldReport, ...]), TypeAdapter(tuple[CourtReport, ...])
_AGENCY = TypeAdapter(AgencyDay)
_PRODUCTS, _HOLIDAYS = TypeAdapter(tuple[HeatProduct, ...]), TypeAdapter(tuple[Holiday, ...])


def build_app(world: World, *, api_key: str = "") -> FastAPI:
    """Return the application: `/billing /field /mail /messages /agency /court /weather` and `/control`.

    With *api_key* every route but `/healthz` asks for it as bearer token.
    """
    app = FastAPI(title="City stubs", summary="The city's other systems, played by the fakes of `gateways`.")
    tell_problems(app)
    keyed = [Depends(_bearer(api_key))]
    for system, effects in EFFECTS.items():
        app.include_router(_effect_routes(world, system, effects), prefix=f"/{system}", dependencies=keyed)
    app.include_router(_billing_routes(world), prefix="/billing", dependencies=keyed)
    app.include_router(_outside_routes(world), dependencies=keyed)
    app.include_router(control_routes(world), prefix="/control", dependencies=keyed)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _bearer(api_key: str) -> Callable[..., Awaitable[None]]:
    async def check(authorization: Annotated[str, Header()] = "") -> None:
        if api_key and not compare_digest(authorization.encode(), f"Bearer {api_key}".encode()):
            raise Fails(HTTPStatus.UNAUTHORIZED, "wrong-api-key")

    return check


def _striking(world: World, route: str) -> Any:  # noqa: ANN401 -- FastAPI types its own Depends so
    """Return a dependency that delays or fails a call of *route* when a fault is set for it."""

    async def strike() -> None:
        await _before(world, route)

    return Depends(strike)


async def _before(world: World, route: str) -> None:
    delay = world.faults.take(route, {FaultKind.DELAY})
    if delay is not None:
        await asyncio.sleep(delay.seconds)
    error = world.faults.take(route, {FaultKind.ERROR})
    if error is not None:
        raise Fails(error.status, "fault-on-demand")


def _json(adapter: TypeAdapter[Any], value: object) -> Response:
    return Response(adapter.dump_json(value), media_type="application/json")


def _effect_routes(world: World, system: str, effects: Any) -> APIRouter:  # noqa: ANN401
    routes = APIRouter(tags=[system])

    @routes.post("/effects/{name}")
    async def effect(name: str, request: Request, idempotency_key: Annotated[str, Header()] = "") -> Response:
        """Do one effect once for its key."""
        if name not in effects:
            raise Rejected("unknown-effect", f"{system} knows no effect {name}.")
        if not idempotency_key:
            raise Rejected("no-key", "An effect needs the header Idempotency-Key.")
        route = f"{system}/{name}"
        await _before(world, route)
        try:
            wanted = ADAPTERS[effects[name]].validate_json(await request.body())
        except ValidationError as exc:
            fields = sorted({".".join(map(str, error["loc"])) for error in exc.errors(include_input=False)})
            raise Rejected("unreadable", f"Missing or wrong: {', '.join(fields)}.") from None
        receipt = world.apply(route, idempotency_key, wanted)
        hang = world.faults.take(route, {FaultKind.TIMEOUT_AFTER_SUCCESS})
        if hang is not None:
            await asyncio.sleep(hang.seconds)
            raise Fails(HTTPStatus.GATEWAY_TIMEOUT, "fault-on-demand")
        return _json(_RECEIPT, receipt)

    @routes.get("/effects/{key:path}", dependencies=[_striking(world, f"{system}/lookup")])
    async def lookup(key: str) -> Response:
        """Tell whether an effect stands under a key."""
        receipt = world.lookup(system, key)
        if receipt is None:
            raise Rejected("unknown-key", "No effect stands under this key.")
        return _json(_RECEIPT, receipt)

    return routes


def _billing_routes(world: World) -> APIRouter:
    routes = APIRouter(tags=["billing"])
    billing = world.city.billing

    @routes.get("/accounts/{account_no}", dependencies=[_striking(world, "billing/account")])
    async def account(account_no: str) -> Response:
        return _json(_ACCOUNT, billing.account(account_no))

    @routes.post("/accounts/query", dependencies=[_striking(world, "billing/accounts")])
    async def accounts(account_nos: list[str]) -> Response:
        return _json(_ACCOUNTS, billing.accounts(account_nos))

    @routes.get("/accounts/{account_no}/open-bills", dependencies=[_striking(world, "billing/open_bills")])
    async def open_bills(account_no: str) -> Response:
        return _json(_ANSWER, billing.open_bills(account_no))

    @routes.get("/accounts/{account_no}/instruments", dependencies=[_striking(world, "billing/instruments")])
    async def instruments(account_no: str) -> Response:
        return _json(_INSTRUMENTS, billing.instruments(account_no))

    @routes.get("/account-numbers", dependencies=[_striking(world, "billing/account_nos")])
    async def account_numbers() -> list[str]:
        return list(billing.account_nos())

    @routes.post("/open-bills/query", dependencies=[_striking(world, "billing/open_bills_of")])
    async def open_bills_of(account_nos: list[str], as_of: date | None = None) -> Response:
        return _json(_ANSWERS, billing.open_bills_of(account_nos, as_of=as_of))

    @routes.post("/payments", dependencies=[_striking(world, "billing/post_payments")])
    async def post_payments(request: Request) -> Response:
        """Post many payments, each under a key of its own; a fault for one payment strikes here, too."""
        answers, route = [], "billing/post_payment"
        for each in _MANY.validate_json(await request.body()):
            await _before(world, route)
            try:
                answers.append(PaymentAnswer(key=each.key, ref=world.apply(route, each.key, each.payment).ref))
            except Rejected as rejected:
                answers.append(PaymentAnswer(key=each.key, rejected=rejected.slug))
            hang = world.faults.take(route, {FaultKind.TIMEOUT_AFTER_SUCCESS})
            if hang is not None:
                await asyncio.sleep(hang.seconds)
                raise Fails(HTTPStatus.GATEWAY_TIMEOUT, "fault-on-demand")
        return _json(_DONE, tuple(answers))

    @routes.get("/control-accounts", dependencies=[_striking(world, "billing/control")])
    async def control_accounts(since: date, through: date) -> Response:
        return _json(_CONTROL, billing.control(since=since, through=through))

    @routes.get("/delinquencies", dependencies=[_striking(world, "billing/delinquencies")])
    async def delinquencies(as_of: date) -> Response:
        return Response(billing.delinquencies(as_of), media_type="text/csv")

    return routes


def _outside_routes(world: World) -> APIRouter:
    routes = APIRouter(tags=["outside"])
    record = world.city.outside

    @routes.get("/field/outside", dependencies=[_striking(world, "field/outside")])
    async def field_reports(on: date) -> Response:
        return _json(_FIELD, record.field_reports(on))

    @routes.get("/agency/outside", dependencies=[_striking(world, "agency/outside")])
    async def agency_day(on: date) -> Response:
        return _json(_AGENCY, record.agency_day(on))

    @routes.get("/court/outside", dependencies=[_striking(world, "court/outside")])
    async def court_reports(on: date) -> Response:
        return _json(_COURT, record.court_reports(on))

    @routes.get("/weather/products", dependencies=[_striking(world, "weather/products")])
    async def products(as_of: datetime) -> Response:
        return _json(_PRODUCTS, record.heat_products(as_of))

    @routes.get("/weather/holidays", dependencies=[_striking(world, "weather/holidays")])
    async def holidays() -> Response:
        return _json(_HOLIDAYS, record.holidays)

    return routes
