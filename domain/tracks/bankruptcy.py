"""A bankruptcy petition: when is the debt split, when does it come back, and who is waited for?"""

from collections.abc import Iterator
from datetime import date, time

from domain import parameters as p
from domain.bankruptcy import claim_runs_from, pending, petition_day, to_set_aside
from domain.calendar import DAY
from domain.facts import Fact, FactKind, on_file
from domain.money import ZERO, total
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import Look, adding

STAY, DISMISSED = "11 U.S.C. 362(a)", "11 U.S.C. 349(b)"


def bankruptcy(look: Look) -> Iterator[Next]:
    """Split what is owed at a petition that the docket bears out; let it come back when the petition is dismissed."""
    case, known = look.case, look.case.bankruptcy
    petition = pending(case.known.facts, look.now)
    if petition is None:
        if known is not None and not known.ended:
            yield _over(look)
        return
    on = petition_day(petition, look.policy.calendar)
    if not petition.evidence:
        says = f"A petition of {on} is said to be filed: the docket is checked within two business days."
        yield Wait(says=says, who=Who.REPRESENTATIVE, task="check_docket")
        return
    parts = to_set_aside(case.known, known, petition, on)
    if parts and any(remedy.open for remedy in case.remedies):
        says = "Debt from before the petition is held by an agency, court or lien: counsel says what becomes of it."
        yield Wait(says=says, who=Who.SUPERVISOR, task="stayed_remedy")
    elif parts:
        amount = total(part.amount for part in parts)
        yield Step(
            kind=StepKind.SET_ASIDE,
            at=look.now,
            rule="bankruptcy.split",
            citation=STAY,
            amount=amount,
            ref=petition.fact_id,
            says=f"{amount} was served up to the petition of {on}: it is set aside, and money pays later bills.",
        )
    elif known is not None and known.noted > ZERO:
        yield Step(
            kind=StepKind.APPLY_PLAN_MONEY,
            at=look.now,
            rule="bankruptcy.plan",
            citation="11 U.S.C. 1326(c)",
            amount=known.noted,
            says=f"{known.noted} of the trustee pays the debt from before the petition.",
        )
    else:
        yield _waits(look, petition, on)


def _over(look: Look) -> Next:
    """Let the debt come back once the petition is dismissed; one that was closed without a discharge is for counsel."""
    known = look.case.bankruptcy
    assert known is not None, "a debt that was set aside comes back"
    if any(fact.holds(look.now) for fact in on_file(look.case.known.facts, FactKind.BANKRUPTCY)):
        says = f"The bankruptcy is closed and {known.claim} was not discharged: counsel says whether it is owed."
        return Wait(says=says, who=Who.SUPERVISOR, task="closed_bankruptcy")
    return Step(
        kind=StepKind.REVIVE_DEBT,
        at=look.now,
        rule="bankruptcy.dismissed",
        citation=DISMISSED,
        amount=known.claim,
        says=f"The petition was dismissed: {known.claim} is owed again, every date moved by the days of the stay.",
    )


def _waits(look: Look, petition: Fact, on: date) -> Wait:
    """Wait for court and trustee; say until when assurance and the proof of claim are due."""
    known, chapter = look.case.bankruptcy, petition.details.get("chapter", "")
    days = p.BANKRUPTCY_CH11_DAYS if chapter == "11" else p.BANKRUPTCY_ASSURANCE_DAYS
    assured = adding(days.unit, on, look.days(days)).result
    since = claim_runs_from(petition, look.policy.calendar)
    proof = adding(p.BANKRUPTCY_CLAIM_DAYS.unit, since, look.days(p.BANKRUPTCY_CLAIM_DAYS)).result
    claim, filed = known.claim if known else ZERO, petition.details.get("claim_filed_on")
    dates = [day for day in (assured, proof) if day >= look.on]
    says = f"{claim} from before the petition of {on} is in chapter {chapter}"
    if petition.details.get("assured_on"):
        says += f"; adequate assurance was furnished on {petition.details['assured_on']}"
    elif look.on <= assured:
        says += f"; through {assured} the customer may furnish adequate assurance"
    if filed:
        says += f"; the proof of claim was filed on {filed}"
    elif look.on <= proof:
        says += f"; the proof of claim is due by {proof}"
    until = look.policy.calendar.at(min(dates) + DAY, time(0)) if dates else None
    return Wait(says=f"{says}.", who=Who.OUTSIDE, until=until)
