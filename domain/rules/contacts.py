"""May this customer be called or written to now, by whom and in which language?"""

from datetime import date, time

from domain import parameters as par
from domain.calendar import DAY
from domain.facts import FactKind
from domain.policy import Source, Standing
from domain.rules.claims import AUTOMATIC_STAY, before_petition
from domain.rules.protections import ESTATE
from domain.rules.question import Question, blocks, days_after, ids, last_end, passes, silent
from domain.verdict import Action, Arithmetic, Outcome

COUNSEL_ONLY = Source("12 CFR 1006.6(b)(2), as a house rule for the city's own contacts", Standing.POLICY)
PRIVACY = Source("Minn. Stat. 13.685 and, elsewhere, a house rule", Standing.POLICY)
SAFE_CHANNEL = Source("house rule: a victim of violence is reached by the safe channel alone", Standing.POLICY)
WRONG_PARTY = Source("house rule: a wrong number is taken off", Standing.POLICY)
WRONG_NUMBER = "wrong_number"
BY_PHONE = frozenset({"", "all", "phone"})


def c01_hours(ask: Question) -> Outcome:
    """Forbid to call outside the calling hours of the premises' own clock."""
    basis, window = ask.source(par.CONTACT_HOURS), ask.value(par.CONTACT_HOURS)
    calendar = ask.policy.calendar
    clock = calendar.clock(ask.now)
    if window.opens <= clock < window.closes:
        return passes("C01", f"It is {clock:%H:%M} at the premises.", basis)
    says = f"It is {clock:%H:%M} at the premises; calls are made from {window.opens:%H:%M} to {window.closes:%H:%M}."
    today = calendar.at(ask.on, window.opens)
    until = today if ask.now < today else calendar.at(ask.on + DAY, window.opens)
    return blocks("C01", says, basis, way_out="Call within the hours.", until=until)


def c02_frequency(ask: Question) -> Outcome:
    """Forbid a further optional call in the quiet days after a conversation, or once the cap on calls is reached."""
    last = _conversation(ask)
    days = ask.value(par.CONTACT_QUIET_DAYS)
    way_out = "A call the customer asked for, or one that law requires, is none of these."
    quiet = () if last is None else (days_after("quiet through", last, days),)
    if quiet and ask.on <= quiet[0].result:
        says = f"The last contact was on {last}; no optional call is made through {quiet[0].result}."
        until = ask.day_after(quiet[0].result)
        basis = ask.source(par.CONTACT_QUIET_DAYS)
        return blocks("C02", says, basis, way_out=way_out, arithmetic=quiet, until=until)
    cap, window = ask.value(par.CONTACT_MAX_CALLS), ask.value(par.CONTACT_WINDOW_DAYS)
    calls = [each.on for each in ask.case.recent_contacts if each.call and (ask.on - each.on).days < window]
    if len(calls) >= cap:
        sums = days_after("the call leaves the window on", calls[-cap], window)
        says = f"{len(calls)} calls were made in {window} days; no optional call is made before {sums.result}."
        until = ask.policy.calendar.at(sums.result, time(0))
        basis = ask.source(par.CONTACT_MAX_CALLS)
        return blocks("C02", says, basis, way_out=way_out, arithmetic=(sums,), until=until)
    basis = ask.source(par.CONTACT_QUIET_DAYS)
    if last is None and not calls:
        return silent("C02", "No contact is on record.", basis)
    told = f"The last contact was on {last}." if last else f"{len(calls)} calls in {window} days came to nothing."
    return passes("C02", told, basis, arithmetic=quiet)


def _conversation(ask: Question) -> date | None:
    """Return the day of the last conversation; of the last contact of any kind where the attempts are not known."""
    attempts = ask.case.recent_contacts
    return max((each.on for each in attempts if each.spoke), default=None) if attempts else ask.case.last_contact_on


def c03_revocation(ask: Question) -> Outcome:
    """Forbid to call a customer who asked not to be called; honoured at once, not only when the law's days end."""
    basis = ask.source(par.REVOCATION_OPEN_DAYS)
    revoked = tuple(
        fact
        for fact in ask.facts(FactKind.REVOCATION)
        if fact.details.get("channel", "") in BY_PHONE and fact.details.get("reason") != WRONG_NUMBER
    )
    again = [fact.starts for fact in ask.facts(FactKind.CONSENT) if fact.details.get("channel", "") in BY_PHONE]
    standing = tuple(fact for fact in revoked if not any(start > fact.starts for start in again))
    if not standing:
        return silent("C03", "The customer has not asked to be left alone.", basis)
    days = ask.value(par.REVOCATION_OPEN_DAYS)
    sums = tuple(_honoured(ask, ask.noted(fact, "asked_on"), days) for fact in standing)
    says = "The customer asked not to be called."
    return blocks(
        "C03",
        says,
        basis,
        way_out="Write a letter instead.",
        facts=ids(standing),
        arithmetic=sums,
        until=last_end(standing),
    )


def _honoured(ask: Question, asked_on: date, days: int) -> Arithmetic:
    result = ask.policy.calendar.add_open_days(asked_on, days)
    return Arithmetic(label="to be honoured by", start=asked_on, days=days, result=result, calendar="open")


def c04_routing(ask: Question) -> Outcome:
    """Forbid letters and calls to a customer who died, went bankrupt over this debt, or has a lawyer for it.

    A disconnection notice still goes to a customer with a lawyer, by way of the lawyer: without it service is cut
    with nobody told.
    """
    deaths = ask.facts(FactKind.DECEASED)
    if deaths:
        return blocks(
            "C04", "The customer is known to have died.", ESTATE, way_out="Write to the estate.", facts=ids(deaths)
        )
    petitions = ask.facts(FactKind.BANKRUPTCY)
    refs = tuple(ref for petition in petitions for ref in before_petition(ask, petition, ask.late))
    if petitions and (refs or not ask.late):
        says = "The customer filed for bankruptcy: no word is sent or said about debt from before that day."
        way_out = "File a proof of claim; write about later bills alone, once the account is split."
        return blocks("C04", says, AUTOMATIC_STAY, way_out=way_out, facts=(*ids(petitions), *refs))
    victims = tuple(f for f in ask.facts(FactKind.VIOLENCE_VICTIM) if f.details.get("safe_channel") != "phone")
    if victims and ask.action is Action.CALL_CUSTOMER:
        says = "A call may put this customer in danger; another channel is the safe one."
        way_out = "Use the safe channel on file; leave no message and name no address."
        return blocks("C04", says, SAFE_CHANNEL, way_out=way_out, facts=ids(victims), until=last_end(victims))
    lawyers = ask.facts(FactKind.REPRESENTED)
    if lawyers and ask.action is not Action.SERVE_NOTICE:
        says = "A lawyer represents the customer in this."
        return blocks(
            "C04", says, COUNSEL_ONLY, way_out="Speak with the lawyer.", facts=ids(lawyers), until=last_end(lawyers)
        )
    if lawyers:
        return passes("C04", "The notice goes by way of the customer's lawyer.", COUNSEL_ONLY, facts=ids(lawyers))
    return silent("C04", "The customer is to be addressed in person.", COUNSEL_ONLY)


def c05_third_party(ask: Question) -> Outcome:
    """Say with whom the account may be spoken of. The gate cannot hear who answers, so it never forbids by itself."""
    designees = ask.facts(FactKind.THIRD_PARTY_DESIGNEE)
    says = "Speak of the account with the customer alone."
    if designees:
        says = "Speak of the account with the customer, or with the third party named on file, once identified."
    return passes("C05", says, PRIVACY, facts=ids(designees))


def c06_language(ask: Question) -> Outcome:
    """Say in which languages a letter goes out: those the pack asks for, and the customer's own."""
    basis = ask.source(par.NOTICE_LANGUAGES)
    languages = tuple(dict.fromkeys((*ask.value(par.NOTICE_LANGUAGES), spoken(ask))))
    return passes("C06", f"It goes out in: {', '.join(languages)}.", basis, facts=ids(ask.facts(FactKind.LANGUAGE)))


def spoken(ask: Question) -> str:
    """Return the code of the customer's language: the latest fact on file, else the account's."""
    facts = ask.facts(FactKind.LANGUAGE)
    return facts[-1].details.get("code", "en") if facts else ask.case.known.account.language


def c07_wrong_party(ask: Question) -> Outcome:
    """Forbid to call a number at which someone else answered."""
    wrong = tuple(fact for fact in ask.facts(FactKind.REVOCATION) if fact.details.get("reason") == WRONG_NUMBER)
    if not wrong:
        return silent("C07", "The number is not known to be wrong.", WRONG_PARTY)
    says = "The number on file is someone else's."
    return blocks("C07", says, WRONG_PARTY, way_out="Find the right number.", facts=ids(wrong), until=last_end(wrong))
