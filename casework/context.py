"""Who asks, and of which installation?"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session
from temporalio.client import Client

from casework.errors import forbidden, not_now
from casework.memory import Memory
from casework.permissions import Permission, may
from domain.policy import Policy
from formats.layouts import NO_SENDERS, Senders
from gateways.systems import Systems
from models.clock import SqlClock
from models.policies import active_digest, policy_with
from models.session import reading, transaction
from models.users import Role

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of the desk, or a machine, known by name and role."""

    username: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One city's database, clock, other systems and Temporal namespace, as the composition hands them over.

    *temporal* is none where nothing is to be decided: reports, tests, a desk that only reads. *memory*: what this
    process retold lately. *senders*: how this city's own senders write their files.
    """

    engine: Engine
    clock: SqlClock
    systems: Systems
    temporal: Client | None = None
    memory: Memory = field(default_factory=Memory)
    senders: Senders = NO_SENDERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every question is asked at: a person, and the installation they belong to.

    *session*: one that is open for all that a page reads in its thread, which thus sees the books at one moment.
    """

    person: Person
    at: Installation
    session: Session | None = None

    def may(self, permission: Permission) -> bool:
        """Say whether the person holds *permission*."""
        return may(self.person.role, permission)

    def need(self, permission: Permission) -> None:
        """Refuse the person who does not hold *permission*."""
        if not self.may(permission):
            raise forbidden(permission, self.person.role)

    @property
    def now(self) -> datetime:
        """Return the business instant."""
        return self.at.clock.now()

    @property
    def client(self) -> Client:
        """Return the client by which decisions are sent; refused where there is none."""
        if self.at.temporal is None:
            raise not_now("no-temporal", "Decisions cannot be taken here", "Temporal is not connected.", status=503)
        return self.at.temporal

    async def read(self, ask: Callable[[Session], Result]) -> Result:
        """Return what *ask* finds in SQL, asked in a thread."""
        return await asyncio.to_thread(self.read_now, ask)

    async def write(self, do: Callable[[Session], Result]) -> Result:
        """Return what *do* leaves, done in one transaction in a thread."""
        return await asyncio.to_thread(self.write_now, do)

    def read_now(self, ask: Callable[[Session], Result]) -> Result:
        """Return what *ask* finds in SQL."""
        if self.session is not None:
            return ask(self.session)
        with reading(self.at.engine) as session:
            return ask(session)

    def write_now(self, do: Callable[[Session], Result]) -> Result:
        """Return what *do* leaves, done in one transaction."""
        with transaction(self.at.engine) as session:
            return do(session)

    def policy(self, digest: str = "") -> Policy:
        """Return the pack of *digest*, else the one in force."""
        return self.read_now(lambda session: policy_with(session, digest or active_digest(session)))

    def today(self) -> date:
        """Return the city's business day."""
        return self.policy().calendar.day(self.now)
