"""Which rules are there, and about which acts is each asked?"""

from domain.rules import claims, contacts, hours, notices, protections, switches, transfer, winter
from domain.rules.question import Rule
from domain.verdict import DISCONNECTION_ACTIONS, Action

CUTS = DISCONNECTION_ACTIONS
LETTERS = switches.LETTERS
OFFERS = (Action.OFFER_RECONNECTION,)  # what the law asks the utility to write: no floor and no hold stops it
CALLS = (Action.CALL_CUSTOMER,)
HANDED_ON = (
    Action.PLACE_WITH_AGENCY,
    Action.FILE_CLAIM,
    Action.FILE_SETOFF,
    Action.CERTIFY_TO_TAX,
    Action.FILE_LIEN,
)
PROPERTY = (Action.CERTIFY_TO_TAX, Action.FILE_LIEN)
EXECUTIONS = (Action.DISPATCH_DISCONNECTION, Action.ACKNOWLEDGE_DISCONNECTION)

# In id order: a verdict lists what was found in the order in which a person would look it up.
RULES: tuple[Rule, ...] = (
    Rule(rule_id="C01", actions=CALLS, find=contacts.c01_hours),
    Rule(rule_id="C02", actions=CALLS, find=contacts.c02_frequency),
    Rule(rule_id="C03", actions=CALLS, find=contacts.c03_revocation),
    Rule(rule_id="C04", actions=(*LETTERS, *OFFERS, *CALLS, *HANDED_ON), find=contacts.c04_routing),
    Rule(rule_id="C05", actions=CALLS, find=contacts.c05_third_party),
    Rule(rule_id="C06", actions=(*LETTERS, *OFFERS), find=contacts.c06_language),
    Rule(rule_id="C07", actions=CALLS, find=contacts.c07_wrong_party),
    Rule(rule_id="D01", actions=CUTS, find=notices.d01_notice),
    Rule(rule_id="D02", actions=CUTS, find=notices.d02_notice_period),
    Rule(rule_id="D03", actions=CUTS, find=notices.d03_debt),
    Rule(rule_id="D04", actions=(*CUTS, *LETTERS, *HANDED_ON), find=claims.d04_dispute),
    Rule(rule_id="D05", actions=CUTS, find=winter.d05_winter),
    Rule(rule_id="D06", actions=CUTS, find=winter.d06_unknown),
    Rule(rule_id="D07", actions=CUTS, find=winter.d07_occupancy),
    Rule(rule_id="D08", actions=EXECUTIONS, find=hours.d08_moment),
    Rule(rule_id="D09", actions=CUTS, find=protections.d09_heat),
    Rule(rule_id="D10", actions=CUTS, find=winter.d10_moratorium),
    Rule(rule_id="D11", actions=CUTS, find=winter.d11_prior_arrears),
    Rule(rule_id="D12", actions=CUTS, find=protections.d12_medical),
    Rule(rule_id="D13", actions=CUTS, find=protections.d13_military),
    Rule(rule_id="D14", actions=CUTS, find=claims.d14_bankruptcy),
    Rule(rule_id="D15", actions=(*CUTS, *HANDED_ON), find=claims.d15_agreement),
    Rule(rule_id="D16", actions=CUTS, find=claims.d16_pledge),
    Rule(rule_id="D17", actions=CUTS, find=claims.d17_payment),
    Rule(rule_id="D18", actions=CUTS, find=protections.d18_tenants),
    Rule(rule_id="D19", actions=CUTS, find=protections.d19_flags),
    Rule(rule_id="D20", actions=CUTS, find=protections.d20_deceased),
    Rule(rule_id="D21", actions=CUTS, find=notices.d21_third_party),
    Rule(rule_id="D22", actions=EXECUTIONS, find=hours.d22_recheck),
    Rule(rule_id="G01", actions=(*CUTS, *LETTERS), find=switches.g01_reading),
    Rule(rule_id="G02", actions=(*CUTS, *LETTERS, *OFFERS, *CALLS), find=switches.g02_stop_switch),
    Rule(rule_id="G03", actions=(*CUTS, *LETTERS, *HANDED_ON), find=switches.g03_hold),
    Rule(rule_id="G04", actions=LETTERS, find=switches.g04_letter_floor),
    Rule(rule_id="T01", actions=(Action.PLACE_WITH_AGENCY,), find=transfer.t01_in_service),
    Rule(rule_id="T02", actions=(Action.PLACE_WITH_AGENCY,), find=transfer.t02_ripe),
    Rule(rule_id="T03", actions=(Action.FILE_CLAIM,), find=transfer.t03_court),
    Rule(rule_id="T05", actions=(Action.CERTIFY_TO_TAX,), find=transfer.t05_certify),
    Rule(rule_id="T06", actions=(Action.FILE_LIEN,), find=transfer.t06_lien),
    Rule(rule_id="T07", actions=(Action.FILE_SETOFF,), find=transfer.t07_setoff),
    Rule(rule_id="T11", actions=HANDED_ON, find=transfer.t11_recalled),
    Rule(rule_id="T12", actions=(Action.WRITE_OFF,), find=transfer.t12_write_off),
    Rule(rule_id="T13", actions=(Action.PLACE_WITH_AGENCY, Action.FILE_CLAIM), find=transfer.t13_barred),
    Rule(rule_id="T15", actions=HANDED_ON, find=transfer.t15_one_remedy),
)
