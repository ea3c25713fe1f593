"""How do talk and inquiries read: who it was, by which way, about what, and what came of it?"""

from collections.abc import Mapping
from typing import Final

from console.words import N_

Book = Mapping[str, str]

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
    "stop_requested": N_("Wants not to be called or written to"),
    "call_back_requested": N_("Asked to be called back"),
}
LANGUAGES_SPOKEN: Final[Book] = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "ar": N_("Arabic"),
    "hmn": N_("Hmong"),
    "km": N_("Khmer"),
    "so": N_("Somali"),
    "vi": N_("Vietnamese"),
    "zh": N_("Chinese"),
}
WITH_WHOM: Final[Book] = {
    "customer": N_("The customer"),
    "household": N_("Someone of the household"),
    "designee": N_("The person the customer named"),
    "lawyer": N_("The customer's lawyer"),
    "tenant": N_("A tenant, of an account that is another's"),
    "owner": N_("The owner of the place, of a tenant's account"),
    "agency": N_("A worker of an agency"),
    "other": N_("Someone else"),
    "nobody": N_("Nobody"),
}
PURPOSES: Final[Book] = {
    "optional": N_("Nothing required it"),
    "required_before_cut": N_("A rule requires it before a cut"),
    "call_back": N_("The customer had asked to be called back"),
    "agreed_reminder": N_("A reminder that was agreed to"),
    "on_the_way": N_("The crew is on its way"),
    "occupancy_check": N_("See whether anyone lives there"),
    "post_hanger": N_("Hang a notice at the door"),
    "read_final": N_("Read the meter for the final bill"),
    "tamper_check": N_("See whether the meter was tampered with"),
}
"""What a contact, or a visit, is for."""
IDENTITY: Final[Book] = {
    "name": N_("Name"),
    "service_address": N_("Service address"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "meter": N_("Number of the meter"),
    "last_payment": N_("Last payment"),
    "photo_id": N_("Card with a picture"),
    "called_back": N_("Called back on the number on record"),
    "authority": N_("They stand on record as one who may be spoken to"),
}
"""By what somebody was found to be who they say."""

DIRECTIONS: Final[Book] = {"in": N_("They came to us"), "out": N_("We went to them")}
ASKERS: Final[Book] = {
    "customer": N_("The customer"),
    "authorised": N_("Someone the customer authorised"),
    "agency": N_("Assistance or social agency"),
    "attorney": N_("Attorney"),
    "council": N_("City council"),
    "regulator": N_("Regulator"),
    "other": N_("Someone else"),
}
INQUIRY_TOPICS: Final[Book] = {
    "balance": N_("What is owed"),
    "agreement": N_("Payment agreement"),
    "shutoff": N_("Shutoff"),
    "dispute": N_("A bill they think is wrong"),
    "assistance": N_("Help with paying"),
    "deposit": N_("Deposit"),
    "service": N_("Service itself"),
    "other": N_("Something else"),
}
INQUIRY_SENTENCES: Final[Book] = {
    "balance": N_("What is owed today, and what of it is past due"),
    "agreement": N_("That a payment agreement can be asked for"),
    "shutoff": N_("That nobody is shut off without a notice"),
    "dispute": N_("How a bill is disputed, and who decides"),
    "assistance": N_("That assistance programs may help"),
    "deposit": N_("That a deposit stays theirs"),
}
INQUIRY_CHANNELS: Final[Book] = {
    "phone": N_("By telephone"),
    "counter": N_("At the counter"),
    "letter": N_("By letter"),
    "email": N_("By e-mail"),
    "web": N_("On the web page"),
}
INQUIRY_STATES: Final[Book] = {"open": N_("not answered yet"), "answered": N_("answered")}
REPLY_WAYS: Final[Book] = {
    "letter": N_("By letter"),
    "phone": N_("By telephone"),
    "email": N_("By e-mail"),
    "counter": N_("At the counter"),
}
