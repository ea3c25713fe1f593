"""Which values a policy pack may state. A pack with a key that is not listed here does not load."""

from decimal import Decimal

from domain.calendar import Window
from domain.policy import Parameter

Texts = tuple[str, ...]
Season = tuple[tuple[int, int], tuple[int, int]]
_TERMS = "(cents up to and including or 0, months, hundredths of a per cent down, most cents down or 0)"

# The path from past due to disconnection; each counted from the due date of the oldest unpaid bill.
REMINDER_DAYS = Parameter("path.reminder_days", int, "calendar days past due")
NOTICE_DAYS = Parameter("path.notice_days", int, "calendar days past due")
NOTICE_GAP_DAYS = Parameter("path.notice_gap_days", int, "calendar days after the reminder")
MIN_BALANCE = Parameter("path.min_balance_cents", int, "cents past due before any letter")
OFFICE_HOURS = Parameter("office.hours", Window, "local clock")
BILL_DUE_DAYS = Parameter("billing.due_days_after_issue", int, "calendar days after the bill's date")

# The disconnection notice.
NOTICE_MIN_DAYS_MAILED = Parameter("notice.min_days_mailed", int, "calendar days after mailing")
NOTICE_MIN_DAYS_MAILED_WINTER = Parameter("notice.min_days_mailed_winter", int, "calendar days after mailing")
NOTICE_MIN_DAYS_HAND = Parameter("notice.min_days_hand", int, "calendar days after delivery")
NOTICE_MIN_DAYS_HAND_WINTER = Parameter("notice.min_days_hand_winter", int, "calendar days after delivery")
NOTICE_VALID_DAYS = Parameter("notice.valid_days", int, "calendar days after mailing")
NOTICE_PAUSED_BY = Parameter("notice.paused_by", tuple, "kinds of fact whose days do not count in a notice's period")
NOTICE_OVERSTATED = Parameter("notice.overstated_anew", bool, "yes or no")
NOTICE_ELEMENTS = Parameter("notice.required_elements", tuple, "names of required parts")
NOTICE_WINTER_ELEMENTS = Parameter("notice.winter_elements", tuple, "names of required parts in the winter season")
NOTICE_WINTER_COPIES = Parameter("notice.winter_copies", tuple, "who else receives a copy in the winter season")
NOTICE_COPY_DAYS = Parameter("notice.copy_open_days", int, "open days after mailing")
NOTICE_LANGUAGES = Parameter("notice.languages", tuple, "language codes on every notice")

# Disconnection.
DNP_WINDOW = Parameter("dnp.window", Window, "local clock")
DNP_EARLY_CLOSE = Parameter(
    "dnp.early_close", tuple, "(weekday number, Monday 0, or eve of a day on which offices are closed; local clock)"
)
DNP_BLOCKED_WEEKDAYS = Parameter("dnp.blocked_weekdays", tuple, "weekday numbers, Monday 0")
DNP_BLOCK_EVE = Parameter("dnp.block_day_before_holiday", bool, "yes or no")
DNP_MIN_DAYS = Parameter("dnp.min_days_past_due", int, "calendar days past due")
DNP_MIN_DAYS_WATER = Parameter("dnp.min_days_past_due_water", int, "calendar days past due")
DNP_MIN_BALANCE = Parameter("dnp.min_balance_cents", int, "cents past due")
DNP_SERVICE_ORDER = Parameter("dnp.service_order", tuple, "services, the first billed one is cut")
DNP_SUPERVISOR_FLAGS = Parameter("dnp.supervisor_flags", tuple, "fact kinds that need a supervisor")
APPROVAL_OPEN_DAYS = Parameter("dnp.approval_open_days", int, "open days an approval lasts after its own")
ACK_VALID_MINUTES = Parameter("dnp.acknowledgement_minutes", int, "minutes")
READING_VALID_MINUTES = Parameter("dnp.reading_minutes", int, "minutes for which a reading of the account is fresh")
DISPUTE_ANSWER_DAYS = Parameter("dispute.answer_open_days", int, "open days after it was opened")
DISPUTE_REVIEWER = Parameter("dispute.reviewer_role", str, "role outside collections")
APPEAL_OPEN_DAYS = Parameter("appeal.window_open_days", int, "open days after the answer was mailed")
RELEASE_BATCH = Parameter("dnp.release_batch", int, "disconnections released a day after a stop or a season ends")

# Winter and heat.
WINTER_RULE = Parameter("winter.rule", str, "cold_weather, moratorium or none")
WINTER_SEASON = Parameter("winter.season", tuple, "(month, day) through (month, day)")
WINTER_SERVICES = Parameter("winter.services", tuple, "services whose loss affects heat")
WINTER_BANDS = Parameter("winter.income_bands", tuple, "income bands that qualify")
WINTER_NEEDS_AGREEMENT = Parameter("winter.needs_agreement", bool, "yes or no")
WINTER_UNKNOWN_HOLDS = Parameter("winter.unknown_holds", bool, "yes or no")
WINTER_PRIOR_ARREARS_BAR = Parameter("winter.prior_arrears_bar", bool, "yes or no")
WINTER_PROVIDER_NOTICE_DAYS = Parameter("winter.provider_notice_days", int, "calendar days")
WINTER_CONTACT_ATTEMPT = Parameter("winter.contact_attempt", bool, "yes or no")
WINTER_RECONNECTS = Parameter("winter.reconnects", bool, "yes or no")
WINTER_RECONNECT_DAYS = Parameter("winter.reconnect_open_days", int, "open days after eligibility is known")
WINTER_INCOME_PCT = Parameter("winter.income_pct", Decimal, "per cent of the measure")
WINTER_INCOME_MEASURE = Parameter("winter.income_measure", str, "state_median or federal_poverty")
WINTER_SWEEP_FROM = Parameter("winter.sweep_from", tuple, "(month, day) from which homes still off are sought out")
WINTER_ANNUAL_NOTICE = Parameter("winter.annual_notice_window", tuple, "(month, day) through (month, day) or empty")
CITY_LIST_ON = Parameter("city_list.on", tuple, "(month, day) on which the list of homes off is due to the city")
CITY_LIST_DAILY = Parameter("city_list.daily_on_request", bool, "yes or no")
HEAT_PRODUCTS = Parameter("heat.products", tuple, "National Weather Service product names")
HEAT_COUNTY = Parameter("heat.county", str, "county")

# Protections.
MEDICAL_PHONE_GRACE = Parameter("medical.phone_grace_open_days", int, "open days")
MEDICAL_OFFER_DAYS = Parameter("medical.offer_open_days", int, "open days after the certificate")
MEDICAL_MAX_DAYS = Parameter("medical.max_days", int, "calendar days")
TENANT_NOTICE_DAYS = Parameter("tenant.notice_days", int, "calendar days")
MILITARY_PROTECTED = Parameter("military.protected", bool, "yes or no")
MILITARY_INCOME_PCT = Parameter("military.income_pct", Decimal, "per cent of gross monthly income")
PLEDGE_HOLD_DAYS = Parameter("pledge.hold_days", int, "calendar days after expiry")
PLEDGE_MAX_EXTENSIONS = Parameter("pledge.max_extensions", int, "times; a senior may extend it once more")
CLAIMED_PAYMENT_DAYS = Parameter("payment.claimed_open_days", int, "open days after the claim")
CLAIMED_CHANNELS = Parameter("payment.claimed_channels", tuple, "[channel, open days until its file shows a payment]")
CLAIMED_FALSE_DAYS = Parameter("payment.claimed_false_days", int, "calendar days for which a false claim counts")
THIRD_PARTY_COPY = Parameter("third_party.copy_required", bool, "yes or no")
CANCEL_THRESHOLD = Parameter("dnp.cancel_threshold_cents", int, "cents still past due at which an order is withdrawn")
BANKRUPTCY_ASSURANCE_DAYS = Parameter("bankruptcy.assurance_days", int, "calendar days after the order for relief")
BANKRUPTCY_CH11_DAYS = Parameter("bankruptcy.chapter_11_days", int, "calendar days after the petition")
BANKRUPTCY_CLAIM_DAYS = Parameter("bankruptcy.claim_days", int, "calendar days after the order for relief")

# Arrangements, extensions, promises.
ARRANGEMENT_MUST_OFFER = Parameter("arrangement.must_offer", bool, "yes or no")
ARRANGEMENT_DOWN_PCT = Parameter("arrangement.down_pct", Decimal, "per cent of the arranged amount")
ARRANGEMENT_MAX_MONTHS = Parameter("arrangement.max_months", int, "months without a supervisor")
ARRANGEMENT_GRACE_DAYS = Parameter("arrangement.grace_days", int, "calendar days after an instalment falls due")
ARRANGEMENT_CURE_DAYS = Parameter("arrangement.cure_days", int, "calendar days after the breach notice")
ARRANGEMENT_MAX_REINSTATE = Parameter("arrangement.max_reinstatements", int, "times")
ARRANGEMENT_DOWN_OPEN_DAYS = Parameter("arrangement.down_due_open_days", int, "open days after agreement")
ARRANGEMENT_CURRENT_BILLS = Parameter("arrangement.current_bills_required", bool, "yes or no")
ARRANGEMENT_AFTER_LOCK = Parameter("arrangement.allowed_after_lock", bool, "yes or no")
ARRANGEMENT_WINTER_END = Parameter("arrangement.winter_end", tuple, "(month, day) or empty")
EXTENSION_DAYS = Parameter("extension.days", int, "calendar days")
EXTENSION_MAX_PER_YEAR = Parameter("extension.max_per_year", int, "times in twelve months")
REMIND_DAYS = Parameter("payment.remind_days", int, "calendar days before a payment agreed or promised, 0 for none")
PROMISE_MAX_DAYS = Parameter("promise.max_days", int, "calendar days")

# What may be agreed: rows of terms by balance rule over the plain share and the plain number of months.
ARRANGEMENT_TERMS = Parameter("arrangement.terms", tuple, _TERMS)
ARRANGEMENT_TERMS_AFTER_LOCK = Parameter("arrangement.terms_after_lock", tuple, _TERMS)
ARRANGEMENT_DOWN_FLOOR = Parameter("arrangement.down_is_floor", bool, "yes or no")
ARRANGEMENT_SENIOR_MONTHS = Parameter("arrangement.senior_max_months", int, "months that a senior may agree or approve")
ARRANGEMENT_MAX_PER_YEAR = Parameter("arrangement.max_per_year", int, "times in twelve months, 0 for any number")
ARRANGEMENT_MAX_BROKEN = Parameter("arrangement.max_broken", int, "broken in twelve months, 0 for any number")
ARRANGEMENT_FIRST_DUE_DAYS = Parameter("arrangement.first_due_max_days", int, "calendar days to the first instalment")
ARRANGEMENT_SIGN_DAYS = Parameter("arrangement.sign_open_days", int, "open days to sign what was agreed by voice")
ARRANGEMENT_MONEY_FIRST = Parameter("arrangement.money_meets_first", str, "instalment or current_bill")
ARRANGEMENT_REOPEN_DAYS = Parameter("arrangement.reopen_days", int, "calendar days after completion")
ARRANGEMENT_REOPEN_GRACE = Parameter("arrangement.reopening_restarts_grace", bool, "yes or no")
CHRONIC_LATE_BILLS = Parameter("chronic.late_bills", int, "bills late in twelve months, 0 for no such rule")
CHRONIC_CUTS = Parameter("chronic.disconnections", int, "disconnections in twelve months, 0 for no such rule")

# What a household can pay.
AFFORDABLE_PCT = Parameter("affordable.income_pct", Decimal, "per cent of gross monthly income, the most an instalment")
ABILITY_VALID_DAYS = Parameter("ability.valid_days", int, "calendar days an assessment holds")
INCOME_MEASURE = Parameter("income.measure", str, "smi or fpg")
INCOME_TABLE = Parameter("income.table", tuple, "dollars a year: smi for four; fpg for the first, for each further one")
INCOME_SIZES = Parameter("income.size_pct", tuple, "per cent of four persons' by size, the last for each further one")
INCOME_BANDS = Parameter("income.bands", tuple, "(band, per cent up to and including, 0 for all above)")
INCOME_DEEMING = Parameter("income.deeming_aid", tuple, "aid that shows the lowest band")

# Programs that may help.
PROGRAMS = Parameter("programs.catalog", tuple, "(program, title, condition, value, why)")
PREFERRED_DATE_GROUNDS = Parameter("programs.preferred_date_grounds", tuple, "whom a preferred payment date is open to")
ASSISTANCE_HOLD_DAYS = Parameter("programs.referral_hold_days", int, "calendar days until the voucher is back")

# Reconnection.
RECONNECT_CUTOFF = Parameter("reconnect.same_day_cutoff", str, "local clock")
RECONNECT_FEE = Parameter("reconnect.fee_cents", int, "cents")
RECONNECT_PLAN_ALLOWED = Parameter("reconnect.plan_allowed", bool, "yes or no")
RECONNECT_REMOTE_ADULT = Parameter("reconnect.remote_needs_adult", bool, "yes or no")
RECONNECT_DEPOSIT = Parameter("reconnect.deposit_cents", int, "cents asked as a deposit after a disconnection")
RECONNECT_AFTER_HOURS = Parameter("reconnect.after_hours", bool, "yes or no")
RECONNECT_PRESENCE = Parameter("reconnect.presence_services", tuple, "services that need someone at home")
OFF_FINAL_DAYS = Parameter("off.final_after_days", int, "calendar days off")

# Field work.
FIELD_CREWS = Parameter("field.crews", int, "crews on a day")
FIELD_SHIFT = Parameter("field.shift", Window, "local clock")
FIELD_RESERVE = Parameter("field.reserve_minutes", int, "minutes of each crew's day kept for reconnections")
FIELD_STOP = Parameter("field.stop_minutes", int, "minutes at a door")
FIELD_TRAVEL = Parameter("field.travel_minutes", int, "minutes between two doors of one area")
FIELD_AREA = Parameter("field.area_minutes", int, "minutes from one area to another")
FIELD_REMOTE_TRIES = Parameter("field.remote_tries", int, "commands to a meter before a truck is sent")
FIELD_VISITS_MAX = Parameter("field.visits_max", int, "failed visits before a person decides")
FIELD_CONTRACTOR = Parameter("field.contractor_services", tuple, "services that a contractor unlocks")
FIELD_ACCEPT_MINUTES = Parameter("field.accept_minutes", int, "minutes in which an order or a recall is acknowledged")
FIELD_REMINDERS = Parameter("field.reminders", int, "times a contractor is told again before a person is told")

# Contacts.
CONTACT_HOURS = Parameter("contact.hours", Window, "local clock")
CONTACT_MAX_CALLS = Parameter("contact.max_calls", int, "attempts in the window")
CONTACT_WINDOW_DAYS = Parameter("contact.window_days", int, "calendar days")
CONTACT_QUIET_DAYS = Parameter("contact.quiet_days", int, "calendar days after a conversation")
REVOCATION_OPEN_DAYS = Parameter("contact.revocation_open_days", int, "open days")

# After service has ended.
REMEDIES_OPEN = Parameter("remedies.open", tuple, "remedies this State and city know")
FINAL_DUE_DAYS = Parameter("final.due_days", int, "calendar days")
AGENCY_AFTER_DAYS = Parameter("agency.after_days", int, "calendar days past the final due date")
AGENCY_RECALL_DAYS = Parameter("agency.recall_days", int, "calendar days placed")
AGENCY_NOTICE_DAYS = Parameter("agency.notice_days", int, "calendar days from the notice of placement")
AGENCY_MIN = Parameter("agency.min_cents", int, "cents")
AGENCY_COMMISSION_PCT = Parameter("agency.commission_pct", Decimal, "per cent of what is collected")
AGENCY_NAMES = Parameter("agency.names", tuple, "agencies under contract")
AGENCY_CHOICE = Parameter("agency.choice", str, "least_placed, performance or share")
AGENCY_SHARES = Parameter("agency.shares", tuple, "parts of what is placed, one for each agency; none: equal parts")
AGENCY_VALIDATION_DAYS = Parameter("agency.validation_days", int, "calendar days after its first contact")
AGENCY_RETENTION_YEARS = Parameter("agency.retention_years", int, "years after its last activity")
COURT_LIMIT = Parameter("court.limit_cents", int, "cents")
COURT_CONSUMER_LIMIT = Parameter("court.consumer_credit_limit_cents", int, "cents")
COURT_NAME = Parameter("court.name", str, "the court that hears small claims")
COURT_FEE = Parameter("court.fee_cents", int, "cents paid for filing a claim")
COURT_MARGIN_DAYS = Parameter("court.limitation_margin_days", int, "calendar days kept before limitation")
COURT_SERVICE_DAYS = Parameter("court.service_days", int, "calendar days before the hearing by which service is proved")
COURT_STAY_DAYS = Parameter("court.stay_days", int, "calendar days")
COURT_DISCLOSURE_DAYS = Parameter("court.disclosure_days", int, "days in which a debtor discloses; 0: no such order")
COURT_JUDGMENT_YEARS = Parameter("court.judgment_years", int, "years")
LIMITATION_YEARS = Parameter("limitation.years", int, "years")
LIMITATION_WRITTEN_YEARS = Parameter("limitation.written_years", int, "years")
SETTLEMENT_MIN_PCT = Parameter("settlement.min_pct", Decimal, "per cent of the debt that a senior may accept")
SETTLEMENT_FORGIVEN_MAX = Parameter(
    "settlement.forgiven_max_cents", int, "cents that may be forgiven without the governing body's resolution"
)
SETTLEMENT_REPRESENTATIVE_MAX = Parameter(
    "settlement.representative_max_cents", int, "cents that a representative may forgive alone"
)
SETTLEMENT_SENIOR_MAX = Parameter(
    "settlement.senior_max_cents", int, "cents that a senior may forgive alone, or give leave to forgive"
)
SETTLEMENT_MAX_DAYS = Parameter("settlement.max_days", int, "calendar days in which it is paid")
FOLLOW_SENIOR_MAX = Parameter("follow.senior_max_cents", int, "cents of old debt that may follow on a senior's leave")
FOLLOW_MAX = Parameter("follow.max_cents", int, "cents of old debt that may follow on a supervisor's leave")
WRITE_OFF_MIN_DAYS = Parameter("write_off.min_days", int, "calendar days past due")
WRITE_OFF_RESOLUTION = Parameter("write_off.resolution_required", bool, "yes or no")
RECAPTURE_MIN = Parameter("recapture.min_cents", int, "cents")
RECAPTURE_FEE = Parameter("recapture.fee_cents", int, "cents per set-off")
RECAPTURE_NOTICE_DAYS = Parameter("recapture.notice_days", int, "calendar days after the claim is filed")
RECAPTURE_HEARING_DAYS = Parameter("recapture.hearing_days", int, "calendar days in which a hearing may be asked for")
RECAPTURE_CONTEST_DAYS = Parameter("recapture.contested_case_days", int, "calendar days after a hearing is asked for")
RECAPTURE_UPDATE_DAYS = Parameter("recapture.update_days", int, "calendar days after the debt changed")
RECAPTURE_UPDATE_DELTA = Parameter("recapture.update_delta_cents", int, "cents of change that are to be reported")
RECAPTURE_MAX_YEARS = Parameter("recapture.max_years", int, "years")
CERTIFY_SERVICES = Parameter("certify.services", tuple, "services that may be certified to property tax")
CERTIFY_BY = Parameter("certify.deadline", tuple, "(month, day) or empty")
CERTIFY_HEARING = Parameter("certify.hearing_required", bool, "yes or no")
LIEN_INTEREST_PCT = Parameter("lien.interest_pct", Decimal, "per cent a year")
LIEN_OWNER_WAIVER = Parameter("lien.owner_waiver_bars", bool, "yes or no")

# Money.
ALLOCATION = Parameter("money.allocation", str, "order")  # billing keeps to it; no code acts on it (ADR 0016)
NSF_FEE = Parameter("nsf.fee_cents", int, "cents")
NSF_POSTED = Parameter("nsf.posted", bool, "yes or no")
LATE_FEE_PCT = Parameter("late_fee.pct", Decimal, "per cent")
LATE_FEE_MIN = Parameter("late_fee.min_cents", int, "cents")
LATE_FEE_FREE = Parameter("late_fee.free_cents", int, "cents at or below which no fee is due")

# The bank through which drafts are sent, and what it knows the city by.
BANK_DESTINATION = Parameter("bank.destination", str, "routing number of the receiver of a file")
BANK_DESTINATION_NAME = Parameter("bank.destination_name", str, "name of the receiver of a file")
BANK_ORIGIN = Parameter("bank.origin", str, "routing number of the city's bank")
BANK_ORIGIN_NAME = Parameter("bank.origin_name", str, "name of the city's bank")
BANK_COMPANY_NAME = Parameter("bank.company_name", str, "name on the customer's statement")
BANK_COMPANY_ID = Parameter("bank.company_id", str, "ten characters")

# Returned items.
RETRY_MAX = Parameter("returns.retry_max", int, "presentments after the first")
RETRY_DAYS = Parameter("returns.retry_days", int, "calendar days from the original entry")
RETRY_AFTER = Parameter("returns.retry_after_open_days", int, "open days after the return")
CHECK_RETRY_MAX = Parameter("returns.check_retry_max", int, "presentments after the first")
RETURN_RESEND_DAYS = Parameter("returns.resend_days", int, "calendar days after the return, once put right")
CHANGE_DAYS = Parameter("returns.change_bank_days", int, "banking days in which a notice of change is applied")
RCK_NOTICE = Parameter("rck.notice_given", bool, "yes or no")
RCK_MAX = Parameter("rck.max_cents", int, "cents of a check, at most")
RCK_DAYS = Parameter("rck.max_days", int, "calendar days after the date of the check")
RETURN_RESUMES = Parameter("returns.resumes_at", str, "reminder, notice or standing")
CASH_ONLY_COUNT = Parameter("returns.cash_only_count", int, "returned items in the window")
CASH_ONLY_MONTHS = Parameter("returns.cash_only_months", int, "months")
RATE_DAYS = Parameter("returns.rate_days", int, "calendar days looked back upon")
RATE_UNAUTHORIZED = Parameter("returns.unauthorized_pct", Decimal, "per cent of the drafts sent")
RATE_ADMINISTRATIVE = Parameter("returns.administrative_pct", Decimal, "per cent of the drafts sent")
RATE_OVERALL = Parameter("returns.overall_pct", Decimal, "per cent of the drafts sent")
RATE_WARN = Parameter("returns.warn_share_pct", Decimal, "per cent of a limit at which people are warned")
CARD_RETRY_MAX = Parameter("card.retry_max", int, "attempts in the window")
CARD_RETRY_DAYS = Parameter("card.retry_days", int, "calendar days")

# Assistance.
PLEDGE_PHONE_GRACE = Parameter("pledge.phone_grace_open_days", int, "open days until the agency's writing is here")

# Adjustments, refunds, deposits.
ADJUSTMENT_LIMIT = Parameter("adjustment.alone_cents", int, "cents up to which nobody else is asked")
WAIVERS_REPRESENTATIVE = Parameter(
    "adjustment.waivers_representative", int, "times in twelve months that a representative may waive a fee alone"
)
WAIVERS_SENIOR = Parameter(
    "adjustment.waivers_senior", int, "times in twelve months up to which a senior may waive a fee alone"
)
WAIVERS_MAX = Parameter("adjustment.waivers_max", int, "times in twelve months that fees of one account may be waived")
REFUND_MIN = Parameter("refund.min_cents", int, "cents")
REFUND_WAIT_DRAFT = Parameter("refund.wait_days_draft", int, "calendar days in which a draft may come back")
REFUND_WAIT_CHECK = Parameter("refund.wait_days_check", int, "calendar days in which a check may come back")
REFUND_WAIT_CARD = Parameter("refund.wait_days_card", int, "calendar days in which a card may be charged back")
REFUND_STALE_DAYS = Parameter("refund.stale_days", int, "calendar days after its export")
DEPOSIT_REFUND_DAYS = Parameter("deposit.refund_days", int, "calendar days")
DEPOSIT_AT_FINAL = Parameter("deposit.at_final_bill", str, "apply or ask")
DEPOSIT_INTEREST_PCT = Parameter("deposit.interest_pct", Decimal, "per cent a year")
DEPOSIT_INTEREST_OVER = Parameter("deposit.interest_over_cents", int, "cents above which a deposit bears interest")
CREDIT_ESCHEAT_YEARS = Parameter("escheat.credit_years", int, "years")
DEPOSIT_ESCHEAT_YEARS = Parameter("escheat.deposit_years", int, "years")
ADJUSTMENT_MONTHS_BACK = Parameter("adjustment.max_months_back", int, "months")
ASSISTANCE_PROGRAMS = Parameter("assistance.programs", tuple, "programs to which a household is referred")
ASSISTANCE_CREDIT_DAYS = Parameter("assistance.credit_days", int, "calendar days after the fund paid")
ASSISTANCE_SERVICES = Parameter("assistance.services", tuple, "services that assistance may pay; none named: any")
ASSISTANCE_LEFT_OVER = Parameter("assistance.left_over", str, "return_to_fund or customer_credit")

# Payment behaviour.
BEHAVIOUR_POINTS = Parameter("behaviour.points", tuple, "event and its points")
BEHAVIOUR_MONTHS = Parameter("behaviour.months", int, "months")
BEHAVIOUR_CASH_ONLY = Parameter("behaviour.cash_only_points", int, "points at which only cash is taken")
BEHAVIOUR_DEPOSIT = Parameter("behaviour.deposit_points", int, "points at which a deposit is asked for")

# What the utility owes.
OBLIGATION_WARN_DAYS = Parameter("obligation.warn_open_days", int, "open days before it is due")
INQUIRY_REPLY_DAYS = Parameter("inquiry.reply_open_days", int, "open days after it was asked")
INCIDENT_DAYS = Parameter("incident.open_days", int, "open days after a wrong cut was found")

# Approval limits.
APPROVAL_REMEDIES = Parameter("approval.remedies", tuple, "acts that need a second person")

PARAMETERS: dict[str, Parameter[object]] = {
    parameter.key: parameter for parameter in list(globals().values()) if isinstance(parameter, Parameter)
}
