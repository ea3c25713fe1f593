"""What agencies were paid and reported: each sum with its commission, each file taken, each fault found in a report."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import cents, instant


class AgencyFileRow(SQLModel, table=True):
    """A file of an agency, taken whole. *kind*: acknowledgment, recall or contacts; *told*: lines a case heard."""

    __tablename__ = "agency_files"

    file_id: str = Field(primary_key=True)
    kind: str
    sha256: str = Field(unique=True)
    file_name: str
    received_on: date
    at: datetime = instant()
    by: str
    lines: int
    told: int
    left: int = 0


class AgencyMoneyRow(SQLModel, table=True):
    """Money on a placed debt. *paid_to*: who took it; *said_by*: us, when we told of it, or a line of a remittance.

    What the city took is told by us and comes back as a line of the agency's: the two are compared.
    """

    __tablename__ = "agency_money"

    key: str = Field(primary_key=True)
    account_no: str = Field(index=True)
    remedy_id: str = Field(default="", index=True)
    agency: str = ""
    on: date = Field(index=True)
    paid_to: str
    said_by: str
    gross_cents: int = cents()
    commission_cents: int = cents()
    net_cents: int = cents()
    batch: str = ""


class ConductRow(SQLModel, table=True):
    """What in an agency's report of its contacts does not keep the law; one row for each contact and rule."""

    __tablename__ = "agency_conduct"

    key: str = Field(primary_key=True)
    file_id: str = Field(index=True)
    account_no: str
    contact_id: str
    on: date
    rule: str
    says: str
