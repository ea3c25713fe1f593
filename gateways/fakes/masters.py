"""What does a city folder's account row say in the words of `gateways.billing`?"""

from domain.account import Account, AccountStatus, CustomerClass, Service
from domain.money import Money
from formats import city
from gateways.billing import AccountMaster, Consents, ThirdParty


def master_of(row: city.Account) -> AccountMaster:
    """Return *row* as billing shows it to us."""
    return AccountMaster(
        account=_traits(row),
        name=row.customer_name,
        premise_id=row.premise_id,
        premise_address=row.premise_address,
        zip=row.zip_code,
        mailing_address=row.mailing_address or "",
        phone=row.phone or "",
        email=row.email or "",
        consents=Consents(sms=row.sms_consent, email=row.email_consent, call=row.call_consent),
        landlord=row.landlord or "",
        third_party_designee=ThirdParty(name=row.designee.name, phone=row.designee.phone) if row.designee else None,
        military=row.military,
        medical_equipment=row.medical_equipment,
        life_support=row.life_support,
        deposit=Money(row.deposit_cents),
        autopay=row.autopay.value,
        bill_cycle=row.bill_cycle,
        status_on=row.status_date,
        agency_placed_on=row.agency_placed_on,
        bankruptcy_chapter=row.bankruptcy_chapter or "",
        bankruptcy_petition_on=row.bankruptcy_petition_on,
        meters=row.meters,
    )


def _traits(row: city.Account) -> Account:
    return Account(
        account_no=row.account_no,
        customer_class=CustomerClass(row.customer_class.value),
        status=AccountStatus(row.status.value),
        services=tuple(Service(name) for name in row.services),
        heat_source=row.heat_source or "",
        income_band=row.income_band or "",
        meter_remote=row.meter_type is city.MeterType.REMOTE,
        occupancy=row.occupancy.value,
        landlord=row.landlord is not None,
        owner_waiver_on=row.owner_waiver_on,
        language=row.language,
        customer_since=row.customer_since,
        late_12m=row.late_12m,
        returned_12m=row.returned_12m,
        disconnected_12m=row.disconnected_12m,
        broken_arrangements_12m=row.broken_arrangements_12m,
    )
