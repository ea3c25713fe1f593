"""Which questions does a fact of each kind ask, in the words of the desk?

What a kind states is named in `domain.evidence` alone; here each of its details gets a label and its values their
words, so that nobody at the desk has to know how a rule spells them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from console.labels_case import SERVICES
from console.labels_talk import LANGUAGES_SPOKEN
from console.typed import amount_of
from console.words import LANGUAGES, N_, dollars, translations
from domain.account import Service
from domain.evidence import SHAPES, Detail, Form
from domain.facts import FactKind
from domain.money import Money

DETAIL: Final = "detail-"
UNREAD: Final = N_("Write a service and an amount on each line, such as electric: 84.20.")
BY_ITSELF: Final = frozenset({"extended", "lifts", "payment", "passed_on"})
"""Details that the city's own course writes, and nobody types."""
FORMS: Final[Mapping[str, Form]] = {each.key: each.form for shape in SHAPES.values() for each in shape.details}
"""How a detail is kept: sums are typed in dollars and kept in cents."""

GROUPS: Final[Sequence[tuple[str, tuple[FactKind, ...]]]] = (
    (
        N_("Health and household"),
        (
            FactKind.MEDICAL_CERTIFICATE,
            FactKind.LIFE_SUPPORT,
            FactKind.MEDICAL_EQUIPMENT,
            FactKind.MILITARY_ORDERS,
            FactKind.DECEASED,
            FactKind.VIOLENCE_VICTIM,
            FactKind.LANGUAGE,
        ),
    ),
    (
        N_("Money and help"),
        (
            FactKind.CLAIMED_PAYMENT,
            FactKind.PLEDGE,
            FactKind.INCOME_QUALIFICATION,
            FactKind.PUBLIC_ASSISTANCE,
            FactKind.INABILITY_TO_PAY_FORM,
            FactKind.REFERRAL_GIVEN,
            FactKind.AGREEMENT_OFFERED,
            FactKind.AGREEMENT_DECLINED,
            FactKind.PREFERRED_PAYMENT_DATE,
            FactKind.CASH_ONLY,
            FactKind.DEPOSIT_ASKED,
        ),
    ),
    (
        N_("Who lives there, and who may be spoken to"),
        (
            FactKind.TENANT_OCCUPIED,
            FactKind.TENANT_NOTICE,
            FactKind.LIABLE_PARTY,
            FactKind.OWNER_WAIVER,
            FactKind.THIRD_PARTY_DESIGNEE,
            FactKind.THIRD_PARTY_COPY,
            FactKind.REPRESENTED,
            FactKind.IDENTITY_THEFT,
            FactKind.CONSENT,
            FactKind.REVOCATION,
            FactKind.ADDRESS_FOUND,
            FactKind.LAST_KNOWN_ADDRESS,
        ),
    ),
    (
        N_("The place"),
        (
            FactKind.SAFETY_NOTE,
            FactKind.OCCUPANCY_CHECK,
            FactKind.PROVIDER_NOTICE,
            FactKind.CRITICAL_FACILITY,
            FactKind.MASTER_METER,
            FactKind.OUTAGE,
            FactKind.HEAT_PRODUCT,
            FactKind.RECONNECT_EXCEPTION,
        ),
    ),
    (
        N_("Law and the office"),
        (
            FactKind.BANKRUPTCY,
            FactKind.APPEAL,
            FactKind.BILLING_ERROR,
            FactKind.TAX_HEARING,
            FactKind.WRITE_OFF_RESOLUTION,
        ),
    ),
)
"""What a person records, in groups; holds, disputes and the stop switch have pages of their own."""

QUESTIONS: Final[Mapping[str, str]] = {
    "agency": N_("Who pledged, if it is not who says so"),
    "asked_on": N_("Day on which it was asked (empty: today)"),
    "assurance": N_("Form of the assurance"),
    "assured_on": N_("Day on which adequate assurance of payment was furnished"),
    "band": N_("Income of the household"),
    "basis": N_("On what it rests: contract, ordinance or statute"),
    "because": N_("Why"),
    "bills": N_("Numbers of the bills, with blanks between"),
    "by": N_("How it was done"),
    "paid_since": N_("Paid since the petition, before it was known, in dollars"),
    "certified_on": N_("Day of the certificate (empty: today)"),
    "change": N_("Whether money came that was missing, or left that was too much"),
    "channel": N_("By which way"),
    "chapter": N_("Chapter of the petition"),
    "claim_filed_on": N_("Day on which our proof of claim was filed"),
    "code": N_("Language"),
    "confirmation": N_("Number on the receipt"),
    "converted_on": N_("Day of its conversion to this chapter"),
    "county": N_("County, without the word"),
    "day": N_("Day of the month"),
    "form": N_("How it came"),
    "income": N_("Income beside the state's median"),
    "informed": N_("The occupant was told of the winter rule"),
    "interpreter": N_("An interpreter is needed"),
    "joint": N_("Another person owes the debt as well"),
    "months": N_("Over how many months"),
    "note": N_("What a crew must know"),
    "outcome": N_("How it ended, if it has"),
    "party": N_("Who owes"),
    "passed_on": N_("Day on which agency and mail house were told"),
    "payment": N_("The payment that it matched"),
    "petition_on": N_("Day of the petition (empty: today)"),
    "product": N_("Its name as issued"),
    "programme": N_("Which program"),
    "programs": N_("Programs the customer was told of, with blanks between"),
    "providers": N_("The list of assistance providers went with it"),
    "read": N_("Used through that day by the meter, one “service: amount” on each line"),
    "reason": N_("Reason"),
    "received_on": N_("Day on which the notice came (empty: today)"),
    "ref": N_("Their number"),
    "renews": N_("The fact that it renews"),
    "resolution": N_("Number of the resolution"),
    "result": N_("What was found"),
    "reviewer": N_("Who decides"),
    "safe_channel": N_("The one way that is safe"),
    "said_by": N_("Who said so"),
    "scope": N_("What it stops: cuts, letters, calls or all"),
    "service": N_("Service"),
    "setoff_allowed_on": N_("Day on which counsel let the deposit be set off"),
    "lifts": N_("The switch whose lifting this delays"),
    "source": N_("By which way the money had come"),
    "status": N_("Service is"),
    "step": N_("How far the form has come"),
    "subject": N_("What is disputed"),
    "what": N_("What"),
}
KNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "code": LANGUAGES_SPOKEN,
    "said_by": {
        "customer": N_("The customer"),
        "agency": N_("An agency"),
        "family": N_("Family"),
        "other": N_("Someone else"),
    },
}
"""What is chosen though the core takes any word: a rule that goes by the word must not hang on how it was typed."""

WORDS: Final[Mapping[str, str]] = {
    "came": N_("Money came"),
    "left": N_("Money left"),
    "7": "7",
    "11": "11",
    "13": "13",
    "150to250fpg": N_("150 to 250 percent of the federal poverty guideline"),
    "50to100smi": N_("50 to 100 percent of the state's median"),
    "above": N_("above"),
    "all": N_("by any way"),
    "asked": N_("the customer asked"),
    "behaviour": N_("how the customer pays"),
    "below": N_("below"),
    "bill": N_("the bill"),
    "breach": N_("whether the agreement was broken"),
    "certificate_of_deposit": N_("a certificate of deposit"),
    "closed": N_("closed"),
    "customer": N_("the customer"),
    "decided": N_("decided on"),
    "deposit": N_("a deposit"),
    "disabled": N_("disabled"),
    "discharged": N_("discharged"),
    "dog": N_("a dog"),
    "elderly": N_("elderly"),
    "email": N_("by e-mail"),
    "escort": N_("go with an escort"),
    "gt100smi": N_("over the state's median"),
    "gt250fpg": N_("over 250 percent of the federal poverty guideline"),
    "gt50smi": N_("over half of the state's median"),
    "in_person": N_("in person"),
    "lapsed": N_("lapsed"),
    "le150fpg": N_("at most 150 percent of the federal poverty guideline"),
    "le50smi": N_("at most half of the state's median"),
    "letter": N_("by letter"),
    "letter_of_credit": N_("a letter of credit"),
    "matched": N_("matched"),
    "no": N_("no"),
    "occupied": N_("someone lives there"),
    "off": N_("off"),
    "on": N_("on"),
    "other": N_("something else"),
    "overcharge": N_("too much was charged"),
    "owner": N_("the owner"),
    "phone": N_("by telephone"),
    "prepayment": N_("payment in advance"),
    "returned": N_("came back filled in"),
    "returned_items": N_("payments that came back"),
    "sent": N_("sent"),
    "sms": N_("by text message"),
    "surety_bond": N_("a surety bond"),
    "tenant": N_("the tenant"),
    "terms": N_("whether the terms are reasonable"),
    "threat": N_("a threat was made"),
    "unknown": N_("not known yet"),
    "undercharge": N_("too little was charged"),
    "vacant": N_("nobody lives there"),
    "written": N_("in writing"),
    "wrong_number": N_("someone else answers there"),
    "yes": N_("yes"),
}


def details_of(kind: FactKind) -> list[tuple[str, str, str, bool, Sequence[tuple[str, str]]]]:
    """Return, for each detail of *kind*: its name in the form, how it is asked, label, whether it must, its choices."""
    return [
        (f"{DETAIL}{each.key}", shape, QUESTIONS[each.key], each.must, options)
        for each in SHAPES[kind].details
        if each.key not in BY_ITSELF
        for shape, options in (_asked(each),)
    ]


def _asked(detail: Detail) -> tuple[str, Sequence[tuple[str, str]]]:
    if detail.key in KNOWN:
        return "choice", list(KNOWN[detail.key].items())
    if detail.one_of:
        return "choice", [(value, WORDS[value]) for value in detail.one_of]
    if detail.form is Form.SERVICE:
        return "choice", [(str(service), SERVICES[service]) for service in Service]
    shapes = {Form.DATE: "day", Form.CENTS: "money", Form.CENTS_BY_SERVICE: "pairs"}
    return shapes.get(detail.form, "text"), ()


def kept_as(typed: object) -> str:
    """Return what was typed of a detail as a fact keeps it.

    Raises:
        ValueError: a line that was to name a service and an amount does not.
    """
    match typed:
        case Money(cents=cents):
            return str(cents)
        case tuple():
            return ",".join(f"{_service(name)}={_cents(amount)}" for name, amount in typed)
        case _:
            return str(typed)


def typed_of(key: str, kept: str) -> str:
    """Return a detail that is *kept* as it would have been typed."""
    match FORMS.get(key):
        case Form.CENTS:
            return dollars(Money(int(kept)))
        case Form.CENTS_BY_SERVICE:
            return "\n".join(f"{service}: {dollars(amount)}" for service, amount in sums_of(kept))
        case _:
            return kept


def sums_of(kept: str) -> Iterator[tuple[str, Money]]:
    """Yield the services and sums that a detail names."""
    for part in kept.split(","):
        service, _, cents = part.partition("=")
        yield service.strip(), Money(int(cents))


def _service(word: str) -> str:
    """Return the service that *word* names, as it is stored or in either language."""
    for service, label in SERVICES.items():
        if word.lower() in {service, *(translations(language).gettext(label).lower() for language in LANGUAGES)}:
            return service
    raise ValueError(UNREAD)


def _cents(amount: str) -> int:
    try:
        return amount_of(amount).cents
    except ValueError:
        raise ValueError(UNREAD) from None
