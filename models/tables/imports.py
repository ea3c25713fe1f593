"""Which accounts did an accepted file name: the rows a sweep works off."""

from sqlmodel import Field, SQLModel

from models.columns import cents


class ImportAccountRow(SQLModel, table=True):
    """One accepted row of a delinquency extract, in the order of the file."""

    __tablename__ = "import_accounts"

    import_id: str = Field(primary_key=True, foreign_key="imports.import_id")
    number: int = Field(primary_key=True)
    account_no: str
    past_due_cents: int = cents()
