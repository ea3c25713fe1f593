"""What does one stub process hold: the city, what was written down of it, its faults, its callbacks?"""

from asyncio import Lock
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from gateways.errors import Rejected
from gateways.fakes.billing import IssuedBill
from gateways.fakes.city import FakeCity
from gateways.fakes.faults import Faults
from gateways.fakes.field import Reply, WorkOrder
from gateways.fakes.keyed import Keyed
from gateways.field import FieldCallback
from gateways.messages import SendMessage
from gateways.names import EFFECTS
from gateways.receipt import Receipt
from stubs.callbacks import ROUTE, CallbackSender
from stubs.journal import Journal

_ORDER = TypeAdapter(WorkOrder)
ADAPTERS: Mapping[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for effects in EFFECTS.values() for kind in effects.values()
}


def _kept(effect: object) -> object:
    """Return what is written down of *effect*: of a message only that it went out, not to whom or what it said."""
    return replace(effect, to="-", subject="", text="", attachment="") if isinstance(effect, SendMessage) else effect


class World:
    """The fakes behind HTTP. *state* brings them back after a restart; *calls* counts effects from outside.

    The order of writing is: do, journal, call log, answer. A kill between the first two undoes the effect together
    with the memory that held it; one between the next two is mended in the call log at the next start.
    """

    def __init__(
        self, city: FakeCity, *, sender: CallbackSender, faults: Faults, state: Journal, calls: Journal
    ) -> None:
        self.city = city
        self.faults = faults
        self._sender = sender
        self._state = state
        self._calls = calls
        self._moving = Lock()
        self.systems: dict[str, Keyed[Any]] = {
            "billing": city.billing,
            "field": city.field,
            "mail": city.mail,
            "messages": city.messages,
            "agency": city.agency,
            "court": city.court,
        }
        self._restore()

    def apply(self, route: str, key: str, effect: object) -> Receipt:
        """Do *effect* once for *key* and write both down; *route* is `system/effect`."""
        system, _, name = route.partition("/")
        fake = self.systems[system]
        known = fake.lookup(key) is not None
        try:
            receipt = fake.apply(key, effect)
        except Rejected as rejected:
            self._log(key=key, route=route, applied=False, answer=rejected.slug)
            raise
        if not known:
            body = ADAPTERS[type(effect)].dump_python(_kept(effect), mode="json")
            self._state.write(effect={"system": system, "name": name, "key": key, "body": body})
        self._log(key=key, route=route, applied=not known, answer=receipt.ref)
        return receipt

    def lookup(self, system: str, key: str) -> Receipt | None:
        """Return the receipt of *key* and log that it was asked for."""
        receipt = self.systems[system].lookup(key)
        self._log(key=key, route=f"{system}/lookup", applied=False, answer=receipt.ref if receipt else "unknown-key")
        return receipt

    def script(self, order_pattern: str, reason: str) -> None:
        """Let orders whose id matches fail for *reason*."""
        self.city.field.script(order_pattern, reason)
        self._state.write(script={"orders": order_pattern, "reason": reason})

    async def advance(self, now: datetime) -> tuple[tuple[IssuedBill, ...], list[tuple[FieldCallback, Reply]]]:
        """Move business time to *now* and let the crews act; return the bills issued and the callbacks tried.

        Raises:
            ValueError: *now* lies before the present business instant.
        """
        # Only one mover at a time; calls that a callback's receiver makes meanwhile are served.
        async with self._moving:
            issued = self.city.advance(now)
            self._state.write(advance=now.isoformat())
            return issued, await self._work()

    def close(self) -> None:
        """Close what is written to."""
        self._state.close()
        self._calls.close()

    async def _work(self) -> list[tuple[FieldCallback, Reply]]:
        told: list[tuple[FieldCallback, Reply]] = []
        work = self.city.work()
        callback = next(work, None)
        while callback is not None:
            reply = await self._sender.send(callback)
            told.append((callback, reply))
            try:
                following = work.send(reply)
            except StopIteration:
                following = None
            self._note(callback, reply)
            callback = following
        return told

    def _note(self, callback: FieldCallback, reply: Reply) -> None:
        order = self.city.field.orders[callback.order_id]
        self._state.write(order=_ORDER.dump_python(order, mode="json"))
        key = f"{callback.order_id}/{callback.kind}"
        answer = reply.answer or ("delivered" if reply.delivered else "not delivered")
        self._log(key=key, route=ROUTE, applied=reply.delivered, answer=answer)

    def _log(self, *, key: str, route: str, applied: bool, answer: str) -> None:
        self._calls.write(at=self.city.now.isoformat(), key=key, route=route, applied=applied, answer=answer)

    def _restore(self) -> None:
        counted = {(call["route"], call["key"]) for call in self._calls.read() if call["applied"]}
        for entry in self._state.read():
            match entry:
                case {"effect": {"system": system, "name": name, "key": key, "body": body}}:
                    receipt = self.systems[system].apply(key, ADAPTERS[EFFECTS[system][name]].validate_python(body))
                    if (f"{system}/{name}", key) not in counted:
                        self._log(key=key, route=f"{system}/{name}", applied=True, answer=receipt.ref)
                case {"advance": now}:
                    self.city.advance(datetime.fromisoformat(now))
                case {"order": order}:
                    self.city.field.put(_ORDER.validate_python(order))
                case {"script": {"orders": pattern, "reason": reason}}:
                    self.city.field.script(pattern, reason)
                case _:
                    raise ValueError(f"the journal holds an entry of no known kind: {sorted(entry)}")
