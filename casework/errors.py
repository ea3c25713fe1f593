"""How does a question end that cannot be answered as asked: one refusal, whoever said no?"""

from casework.permissions import WORDS, Permission
from casework.ways_out import of_file
from domain.verdict import Refusal
from formats.errors import Malformed
from models.users import Role

RETRY_SECONDS = 2  # by then a case just opened has its first event, and a worker that was restarted is back


class Refused(Exception):
    """Someone said no: a rule, the table of permissions, or the record, which holds no such thing.

    *retry_after*: seconds after which the same question may be answered otherwise; none when it never will by itself.
    """

    def __init__(self, refusal: Refusal, *, retry_after: int | None = None) -> None:
        super().__init__(refusal.slug)
        self.refusal = refusal
        self.retry_after = retry_after


def missing(what: str, which: str) -> Refused:
    """Return that there is no *what* of that name. *which* is a number of ours, never a person's."""
    return Refused(
        Refusal(slug=f"no-such-{what}", title=f"No such {what}", detail=f"There is no {what} {which}.", status=404)
    )


def forbidden(permission: Permission, role: Role) -> Refused:
    """Return that *role* does not hold *permission*."""
    return Refused(
        Refusal(
            slug="forbidden",
            title="Not permitted",
            detail=f"The role {role.replace('_', ' ')} does not hold the permission to {WORDS[permission]}.",
            rules=(f"permission.{permission}",),
            way_out="Ask someone whose role holds it.",
            status=403,
        )
    )


def not_now(slug: str, title: str, detail: str, *, status: int = 409) -> Refused:
    """Return that the question comes too early, or reaches nobody at present: ask again."""
    refusal = Refusal(slug=slug, title=title, detail=detail, way_out="Ask again in a moment.", status=status)
    return Refused(refusal, retry_after=RETRY_SECONDS)


def database_away() -> Refused:
    """Return that the database cannot be asked now. What was to be written is asked for again under the same key."""
    detail = "Whether what you sent was taken is not known; to send it again does nothing twice."
    return not_now("database-away", "The database does not answer", detail, status=503)


def unfit(slug: str, title: str, detail: str, *, way_out: str = "", status: int = 422) -> Refused:
    """Return that what was sent cannot be taken as it is."""
    return Refused(Refusal(slug=slug, title=title, detail=detail, way_out=way_out, status=status))


def unreadable(fault: Malformed) -> Refused:
    """Return why a whole file was refused: by which rule, at which line and field, never the words that stood there."""
    return Refused(
        Refusal(
            slug=f"file-{fault.rule.replace('_', '-')}",
            title="The file was refused",
            detail=str(fault),
            rules=(fault.rule,),
            way_out=of_file(fault.rule),
            status=422,
        )
    )
