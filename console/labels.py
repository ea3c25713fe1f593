"""What do people at the desk call the stages, statuses, tasks, facts and other stored names?"""

from collections.abc import Mapping
from typing import Final

from console.words import N_

Book = Mapping[str, str]

STAGES: Final[Book] = {
    "past_due": N_("Past due"),
    "reminded": N_("Reminded"),
    "noticed": N_("Noticed"),
    "disconnection_pending": N_("Disconnection pending"),
    "on_arrangement": N_("On an arrangement"),
    "in_breach": N_("In breach"),
    "final_billed": N_("Final billed"),
    "with_agency": N_("With an agency"),
    "in_court": N_("In court"),
    "judgment": N_("Judgment"),
    "written_off": N_("Written off"),
    "closed": N_("Closed"),
}
STATUSES: Final[Book] = {
    "on": N_("On"),
    "order_pending": N_("Order out"),
    "off": N_("Off"),
    "reactivation_pending": N_("Being restored"),
}
SERVICES: Final[Book] = {
    "electric": N_("Electric"),
    "gas": N_("Gas"),
    "water": N_("Water"),
    "sewer": N_("Sewer"),
    "refuse": N_("Refuse"),
}
TASKS: Final[Book] = {
    "recommend_disconnection": N_("Recommend a disconnection, or not"),
    "approve_disconnection": N_("Approve or reject a disconnection"),
    "approve_write_off": N_("Approve or reject a write-off"),
    "approve_arrangement": N_("Approve or reject an arrangement"),
    "record_final_bill": N_("Record the final bill"),
    "refer_final_bill": N_("Send the unpaid final bill on: agency, court or write-off"),
    "review_dispute": N_("Review a dispute"),
    "answer_referral": N_("Answer a question"),
    "rejected": N_("Put right what another system rejected"),
    "follow_up": N_("Follow up"),
    "bad_contact": N_("Find an address or number that works"),
    "check_docket": N_("Look at the court's docket"),
    "cut_without_order": N_("Service was cut without an order"),
    "forbidden_outside_cut": N_("Service was cut outside although a rule forbids it"),
    "outside_act": N_("Look at what the outside did"),
    "order_not_completed": N_("An order could not be completed"),
    "reactivation_requested": N_("Restore a service"),
    "recall_failed": N_("A recall came too late"),
}
STEPS: Final[Book] = {
    "send_reminder": N_("Reminder"),
    "serve_notice": N_("Disconnection notice"),
    "withdraw_notice": N_("A letter no longer stands"),
    "lapse_approval": N_("An approval lapses"),
    "place_order": N_("Work order"),
    "dispatch_order": N_("Crew is sent"),
    "withdraw_order": N_("Order is withdrawn"),
    "request_reactivation": N_("Service is restored"),
    "count_instalments": N_("Instalments are counted"),
    "note_breach": N_("The agreement is in breach"),
    "note_cure": N_("The breach is cured"),
    "default_arrangement": N_("The agreement falls"),
    "complete_arrangement": N_("The agreement is paid"),
    "check_promise": N_("The promise is checked"),
    "end_extension": N_("The extension ends"),
    "lapse_claim": N_("The claim to have paid lapses"),
    "raise_follow_up": N_("Follow-up"),
    "close_case": N_("The case closes"),
    "wait": N_("Waiting"),
}
WHO: Final[Book] = {
    "calendar": N_("the calendar"),
    "customer": N_("the customer"),
    "representative": N_("a representative"),
    "supervisor": N_("a supervisor"),
    "field": N_("the crew"),
    "reviewer": N_("a reviewer"),
    "outside": N_("someone outside"),
}
FACTS: Final[Book] = {
    "hold": N_("Hold"),
    "dispute": N_("Dispute"),
    "appeal": N_("Appeal"),
    "medical_certificate": N_("Medical certificate"),
    "life_support": N_("Life support"),
    "medical_equipment": N_("Medical equipment"),
    "income_qualification": N_("Income qualification"),
    "public_assistance": N_("Public assistance"),
    "inability_to_pay_form": N_("Inability-to-pay form"),
    "referral_given": N_("Told where help is"),
    "occupancy_check": N_("Occupancy check"),
    "provider_notice": N_("Notice to a provider"),
    "agreement_declined": N_("Agreement declined"),
    "military_orders": N_("Military orders"),
    "bankruptcy": N_("Bankruptcy stay"),
    "heat_product": N_("Heat warning"),
    "tenant_occupied": N_("A tenant lives there"),
    "tenant_notice": N_("Notice to the tenant"),
    "owner_waiver": N_("Owner's waiver"),
    "third_party_designee": N_("Third-party designee"),
    "third_party_copy": N_("Copy to a third party"),
    "deceased": N_("Customer has died"),
    "critical_facility": N_("Critical facility"),
    "master_meter": N_("Master meter"),
    "outage": N_("Outage"),
    "billing_error": N_("Billing error"),
    "pledge": N_("Pledge"),
    "claimed_payment": N_("Claims to have paid"),
    "consent": N_("Consent"),
    "revocation": N_("Consent taken back"),
    "language": N_("Language"),
    "represented": N_("Represented by a lawyer"),
    "stop_switch": N_("Stop switch"),
    "outside_act": N_("Act from outside"),
    "cash_only": N_("Pays in cash only"),
    "liable_party": N_("Someone else is liable too"),
    "violence_victim": N_("Victim of domestic violence"),
    "deposit_asked": N_("Deposit asked for"),
    "agreement_offered": N_("Agreement offered"),
}
SCORE_PARTS: Final[Book] = {
    "priority": N_("someone is asked for"),
    "money": N_("money past due"),
    "age": N_("age of the debt"),
    "service": N_("service not simply on"),
    "care": N_("someone needs care"),
    "follow_up": N_("follow-up promised"),
}
AGING: Final[Book] = {
    "current": N_("Not yet due"),
    "d1_30": N_("1 to 30 days"),
    "d31_60": N_("31 to 60 days"),
    "d61_90": N_("61 to 90 days"),
    "d91_120": N_("91 to 120 days"),
    "d121_up": N_("Over 120 days"),
}
ROLES: Final[Book] = {
    "representative": N_("Representative"),
    "senior": N_("Senior representative"),
    "supervisor": N_("Supervisor"),
    "accountant": N_("Accountant"),
    "auditor": N_("Auditor"),
    "field_callback": N_("Field service"),
}
ORDER_STATES: Final[Book] = {
    "requested": N_("Asked for"),
    "dispatched": N_("With a crew"),
    "acknowledged": N_("At the door"),
    "beyond_recall": N_("Recall came too late"),
    "completed": N_("Done"),
    "could_not_complete": N_("Could not be done"),
    "recalled": N_("Recalled"),
    "cancelled": N_("Cancelled"),
}
PURPOSES: Final[Book] = {"disconnect": N_("Disconnect"), "reconnect": N_("Reconnect")}
LETTERS: Final[Book] = {
    "reminder": N_("Reminder"),
    "disconnection_notice": N_("Disconnection notice"),
    "notice": N_("Disconnection notice"),
    "breach": N_("Breach notice"),
    "agreement": N_("Agreement"),
    "door_hanger": N_("Door hanger"),
    "reconnection": N_("Reconnection letter"),
}
TENDERS: Final[Book] = {
    "cash": N_("Cash"),
    "check": N_("Check"),
    "card": N_("Card"),
    "ach": N_("Bank debit"),
    "money_order": N_("Money order"),
    "": N_("Not stated"),
}
PAYMENT_STATES: Final[Book] = {
    "received": N_("Received"),
    "posted": N_("Posted"),
    "returned": N_("Returned by the bank"),
}
ARRANGEMENTS: Final[Book] = {
    "agreed": N_("Agreed, down payment awaited"),
    "in_force": N_("In force"),
    "breached": N_("Breached"),
    "completed": N_("Paid"),
    "defaulted": N_("Fallen"),
    "cancelled": N_("Cancelled"),
}
ACTS: Final[Book] = {
    "disconnection": N_("Disconnection"),
    "write_off": N_("Write-off"),
    "arrangement": N_("Arrangement"),
}
TABS: Final[Book] = {
    "mine": N_("My cases"),
    "open": N_("Not yet anyone's"),
    "due": N_("Due today"),
    "held": N_("On hold"),
    "done": N_("Completed"),
    "all": N_("All open cases"),
}
ORDERS: Final[Book] = {
    "score": N_("Most pressing first"),
    "past_due": N_("Largest sum first"),
    "oldest": N_("Oldest debt first"),
    "next": N_("Soonest step first"),
}
CLOSED: Final[Book] = {
    "paid": N_("Paid"),
    "settled": N_("Settled"),
    "discharged": N_("Discharged"),
    "cancelled": N_("Cancelled"),
    "transferred": N_("Transferred"),
}
FINDINGS: Final[Book] = {
    "blocks": N_("forbids"),
    "passes": N_("allows"),
    "silent": N_("does not apply"),
}
STANDINGS: Final[Book] = {
    "law": N_("law"),
    "policy": N_("policy of the city"),
    "assumed": N_("assumed"),
    "counsel": N_("to be read by counsel"),
}
CHANNELS: Final[Book] = {
    "phone": N_("Call"),
    "letter": N_("Letter"),
    "email": N_("E-mail"),
    "sms": N_("Text message"),
    "in_person": N_("Visit at the counter"),
    "door": N_("Visit at the door"),
}
OUTCOMES: Final[Book] = {
    "reached": N_("Reached"),
    "left_message": N_("Left a message"),
    "no_answer": N_("No answer"),
    "wrong_number": N_("Wrong number"),
    "refused": N_("Would not talk"),
    "undeliverable": N_("Could not be delivered"),
}
DECISIONS: Final[Book] = {
    "record_contact": N_("Record a contact"),
    "record_promise": N_("Record a promise to pay"),
    "grant_extension": N_("Give more time"),
    "agree_arrangement": N_("Agree an arrangement"),
    "cancel_arrangement": N_("Cancel the arrangement"),
    "record_breach": N_("Record a breach"),
    "cure_breach": N_("Cure the breach"),
    "place_hold": N_("Place a hold"),
    "release_hold": N_("Release a hold"),
    "open_dispute": N_("Open a dispute"),
    "resolve_dispute": N_("Decide a dispute"),
    "record_fact": N_("Record a fact"),
    "correct_fact": N_("Correct a fact"),
    "recommend_disconnection": N_("Recommend a disconnection"),
    "cancel_disconnection": N_("Cancel the disconnection"),
    "request_reactivation": N_("Restore a service"),
    "record_final_bill": N_("Record the final bill"),
    "refer_to_agency": N_("Place with an agency"),
    "recall_from_agency": N_("Recall from the agency"),
    "refer_to_court": N_("File a claim in court"),
    "record_judgment": N_("Record a judgment"),
    "record_satisfaction": N_("Record that a judgment is satisfied"),
    "file_bankruptcy": N_("Record a bankruptcy"),
    "resolve_bankruptcy": N_("Record how a bankruptcy ended"),
    "propose_write_off": N_("Propose a write-off"),
    "refer_to_supervisor": N_("Ask a supervisor"),
    "answer_referral": N_("Answer the question"),
    "assign": N_("Give the case to someone"),
    "add_note": N_("Add a note"),
    "attach_document": N_("Attach a document"),
    "set_follow_up": N_("Set a follow-up"),
    "close": N_("Close the case"),
    "approve": N_("Approve"),
    "reject": N_("Reject"),
}

BOOKS: Final[Mapping[str, Book]] = {
    "stage": STAGES,
    "status": STATUSES,
    "service": SERVICES,
    "task": TASKS,
    "step": STEPS,
    "who": WHO,
    "fact": FACTS,
    "score": SCORE_PARTS,
    "aging": AGING,
    "role": ROLES,
    "order_state": ORDER_STATES,
    "purpose": PURPOSES,
    "letter": LETTERS,
    "tender": TENDERS,
    "payment": PAYMENT_STATES,
    "arrangement": ARRANGEMENTS,
    "act": ACTS,
    "tab": TABS,
    "order": ORDERS,
    "closed": CLOSED,
    "finding": FINDINGS,
    "standing": STANDINGS,
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "decision": DECISIONS,
}


def label(book: str, name: object) -> str:
    """Return the English label of a stored *name*; an unknown one reads as it is stored, without its underscores."""
    return BOOKS[book].get(str(name)) or str(name).replace("_", " ").capitalize()
