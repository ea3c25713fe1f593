"""Take a case over from the record before ours."""

from dataclasses import replace

from domain import events as ev
from domain.ability import read_household
from domain.case import Case


def take_opening(case: Case, event: ev.Event) -> Case | None:
    """Take a case over as it stood: what is known of the account is our own look, not the folder's."""
    match event.body:
        case ev.CaseTakenOver(case=told) as over:
            agreement, assessment = told.arrangement, told.assessment
            return replace(
                told,
                case_id=case.case_id,
                account_no=case.account_no,
                known=case.known,
                arrangement=agreement and replace(agreement, third_party=over.third_party, authority=over.authority),
                assessment=assessment and replace(assessment, household=read_household(over.household)),
                follow_up_about=over.about,
                referral=over.question,
            )
        case _:
            return None
