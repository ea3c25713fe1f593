"""What does one do in a case that comes once a year, step by step, and which decision does each step take?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from console.words import N_

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step. *decision* is taken with what is *given* already filled in; *shown_by*: the event that it leaves."""

    says: str
    decision: str = ""
    given: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    shown_by: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """An unusual case: *when* it is one, and its moves in order. *rests_on*: where a reader finds why."""

    name: str
    title: str
    when: str
    moves: tuple[Move, ...]
    rests_on: str = ""


_HOLD = Move(
    says=N_("Place a hold, so that no letter goes out, nothing is cut and nothing handed on meanwhile."),
    decision="place_hold",
    shown_by="fact_recorded/hold",
)
_ASK = Move(
    says=N_("Ask a supervisor to take it over, with what you have learned."),
    decision="refer_to_supervisor",
    shown_by="referred",
)
_PAPERS = Move(
    says=N_("Attach what was handed in; say whether it was scanned."), page="documents", shown_by="document_attached"
)
_NOTE = Move(says=N_("Note word for word what was said, when and by whom."), decision="add_note", shown_by="note_added")

PLAYBOOKS: Final = (
    Playbook(
        name="identity_theft",
        title=N_("“This account is not mine”, or stolen identity"),
        when=N_("Someone says that the account was opened in their name without them, or is another person's."),
        rests_on="16 CFR 681.1; T11",
        moves=(
            Move(
                says=N_("Record what they say: from now on nothing is handed to an agency or a court."),
                decision="record_fact",
                given=MappingProxyType({"kind": "identity_theft"}),
                shown_by="fact_recorded/identity_theft",
            ),
            _HOLD,
            Move(
                says=N_(
                    "Where an agency has the debt, call it back; the agency must stop and tell the credit bureaus."
                ),
                decision="recall_from_agency",
                shown_by="recall_asked",
            ),
            Move(
                says=N_("Ask for a police report or an identity theft affidavit, and attach it."),
                page="documents",
                shown_by="document_attached",
            ),
            Move(
                says=N_("Ask the supervisor for the Red Flags review; whoever collects does not decide it."),
                decision="refer_to_supervisor",
                shown_by="referred",
            ),
            Move(
                says=N_("Set the day by which they are told in writing what the review found."),
                decision="set_follow_up",
                shown_by="follow_up_set",
            ),
            Move(
                says=N_("Found true: have the charges taken off. Found untrue: correct the fact, release the hold."),
                decision="propose_adjustment",
                shown_by="adjustment_proposed",
            ),
        ),
    ),
    Playbook(
        name="death",
        title=N_("The customer has died"),
        when=N_("Family, a bank's return or the post says that the customer has died."),
        rests_on="D20; C04; R14, R15",
        moves=(
            Move(
                says=N_("Record the death and who says so: letters, calls and cuts to the dead stop at once."),
                decision="record_fact",
                given=MappingProxyType({"kind": "deceased"}),
                shown_by="fact_recorded/deceased",
            ),
            Move(
                says=N_(
                    "Someone lives on there: service stays on. Ask them to apply in their own name; the old debt is "
                    "the estate's, not theirs."
                ),
                decision="add_note",
                shown_by="note_added",
            ),
            Move(
                says=N_("Attach the death certificate, and the papers of whoever speaks for the estate."),
                page="documents",
                shown_by="document_attached",
            ),
            Move(
                says=N_("Once the new account is open, record the final bill of the old one."),
                decision="record_final_bill",
                shown_by="final_billed",
            ),
            Move(
                says=N_(
                    "Set the last day for a claim against the estate, as the court's notice to creditors names it."
                ),
                decision="set_follow_up",
                shown_by="follow_up_set",
            ),
            Move(
                says=N_("Ask a supervisor whether to claim against the estate or to write off."),
                decision="refer_to_supervisor",
                shown_by="referred",
            ),
        ),
    ),
    Playbook(
        name="threat_to_self",
        title=N_("Someone speaks of harming themselves"),
        when=N_("In a call, a letter or at the counter someone says that they may harm themselves or not live on."),
        moves=(
            Move(says=N_("Stay on the line. Call 911 from another phone, or bring 988 into the call. Money can wait.")),
            _HOLD,
            _NOTE,
            _ASK,
            Move(
                says=N_("Set a follow-up for the next day on which the office is open."),
                decision="set_follow_up",
                shown_by="follow_up_set",
            ),
        ),
    ),
    Playbook(
        name="threat_to_staff",
        title=N_("A threat against us or a crew"),
        when=N_("Someone threatens the desk or a crew, or there is a weapon or a dog."),
        moves=(
            Move(says=N_("End the call or step back from the counter. In danger call 911.")),
            Move(
                says=N_("Record it for the place: every order takes it along, whoever the customer is."),
                decision="record_fact",
                given=MappingProxyType({"kind": "safety_note", "detail-note": "threat"}),
                shown_by="fact_recorded/safety_note",
            ),
            Move(
                says=N_("Take back an order that is out with a crew."),
                decision="cancel_disconnection",
                shown_by="recall_sent",
            ),
            _NOTE,
            _ASK,
        ),
    ),
    Playbook(
        name="complaint",
        title=N_("A complaint from council, a lawyer or a regulator"),
        when=N_("Someone with a public office, a lawyer or a regulator asks about an account or complains."),
        moves=(
            Move(
                says=N_("Note who wrote, when it came in, and what is asked."),
                decision="record_contact",
                given=MappingProxyType({"direction": "in", "channel": "letter"}),
                shown_by="contact_recorded",
            ),
            Move(
                says=N_(
                    "A lawyer: record that the customer is represented; from now on only the lawyer is written to."
                ),
                decision="record_fact",
                given=MappingProxyType({"kind": "represented"}),
                shown_by="fact_recorded/represented",
            ),
            _PAPERS,
            Move(says=N_("Print the account on one page and read it before anyone answers."), page="story"),
            Move(says=N_("Set the day by which the reply is due."), decision="set_follow_up", shown_by="follow_up_set"),
            Move(
                says=N_("Give the case to whoever owns the reply."),
                decision="assign",
                shown_by="assigned",
            ),
        ),
    ),
)
BY_NAME: Final[Mapping[str, Playbook]] = MappingProxyType({each.name: each for each in PLAYBOOKS})
