"""Which policy packs were ever in force here, word for word, and which one is now?"""

from datetime import datetime, timedelta
from threading import Lock

from sqlmodel import Session, col, select

from domain.policy import Policy
from formats.pack import dump_policy, read_policy
from models.tables import PolicyRow
from models.upsert import upsert

_read: dict[str, Policy] = {}  # a digest names its content for ever, so what was read once holds in every session
_reading = Lock()


class PolicyUnknown(LookupError):
    """No pack of this digest was ever activated here."""


def activate(session: Session, policy: Policy, at: datetime) -> str:
    """Put *policy* in force from *at*, and keep its whole content; return its digest.

    Of two packs put in force at one instant, as on a clock that stands, the later word holds.
    """
    others = select(PolicyRow.activated_at).where(PolicyRow.digest != policy.digest)
    latest = session.exec(others.order_by(col(PolicyRow.activated_at).desc()).limit(1)).one_or_none()
    at = at if latest is None else max(at, latest + timedelta(microseconds=1))
    values = {"digest": policy.digest, "pack": policy.pack, "version": policy.version, "content": dump_policy(policy)}
    upsert(session, PolicyRow, values | {"activated_at": at})
    return policy.digest


def active_digest(session: Session) -> str:
    """Return the digest of the pack in force.

    Raises:
        PolicyUnknown: none was ever activated.
    """
    latest = select(PolicyRow.digest).order_by(col(PolicyRow.activated_at).desc(), col(PolicyRow.digest)).limit(1)
    digest = session.exec(latest).one_or_none()
    if digest is None:
        raise PolicyUnknown("no policy pack has been activated")
    return digest


def in_force(session: Session) -> Policy | None:
    """Return the pack in force; none where none was ever activated, so that no rule of a city speaks."""
    try:
        return policy_with(session, active_digest(session))
    except PolicyUnknown:
        return None


def policy_with(session: Session, digest: str) -> Policy:
    """Return the pack of *digest*, as it was activated.

    Raises:
        PolicyUnknown: no such pack was ever activated here.
    """
    known = _read.get(digest)
    if known is None:
        content = session.exec(select(PolicyRow.content).where(PolicyRow.digest == digest)).one_or_none()
        if content is None:
            raise PolicyUnknown(f"policy {digest} was never activated here")
        with _reading:
            known = _read.setdefault(digest, read_policy(content))
        assert known.digest == digest, "a pack's content is what its digest names"
    return known


def all_policies(session: Session) -> tuple[Policy, ...]:
    """Return every pack that was ever in force: a case decides by the one it was told to use."""
    return tuple(policy_with(session, digest) for digest in session.exec(select(PolicyRow.digest)).all())
