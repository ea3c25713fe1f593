"""Which liens were released on a day, as the county clerk is told of them?"""

from datetime import date

from sqlmodel import Session

from casework.context import Desk
from casework.holding import need_released
from casework.permissions import Permission
from casework.property_register import LienLife, lien_lives
from domain.policy import Policy
from formats.property import LienReleaseLine, write_lien_releases
from models.accounts import personal_of
from models.exports import keep_export
from models.tables import ExportRow

RELEASES = "lien_releases"


def export_releases(desk: Desk, *, on: date | None = None) -> ExportRow | None:
    """Write the releases of a day, today if not named; none when no lien was released. Again, it is the same file."""
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    policy, day = desk.policy(), on or desk.today()

    def write(session: Session) -> ExportRow | None:
        lines = [_line(session, life, policy) for life in lien_lives(session) if life.released_on == day]
        if not lines:
            return None
        return keep_export(
            session,
            write_lien_releases(lines),
            kind=RELEASES,
            file_name=f"lien-releases-{day}.csv",
            entries=len(lines),
            cents=sum(line.filed_cents for line in lines),
            on=day,
            at=desk.now,
            by=desk.person.username,
        )

    return desk.write_now(write)


def _line(session: Session, life: LienLife, policy: Policy) -> LienReleaseLine:
    assert life.released_on is not None, "only what was released is told of"
    personal, remedy = personal_of(session, life.account_no), life.remedy
    return LienReleaseLine(
        release_id=f"{remedy.remedy_id}/{life.released_on}",
        lien_id=remedy.remedy_id,
        account_no=life.account_no,
        parcel=personal.premise_id,
        address=personal.premise_address,
        owner=personal.name,
        filed_on=remedy.since,
        filed_cents=remedy.amount.cents,
        interest_cents=life.interest(policy, life.released_on).cents,
        released_on=life.released_on,
        because=life.because,
    )
