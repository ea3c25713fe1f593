"""What is wrong with a file, where, and under which rule?"""

from typing import Self

# The reasons for which a whole file is refused, as the sender is told them. Stable: stored, reported and compared.
TRUNCATED = "truncated"
RECORD_LENGTH = "record_length"
CONTROL_TOTAL = "control_total"
CONTROL_COUNT = "control_count"
ENTRY_HASH = "entry_hash"
BLOCK_COUNT = "block_count"
CHECK_DIGIT = "check_digit"
FILE_DATE = "file_date"
SEGMENT_COUNT = "segment_count"

# Faults of a single field or of the order of records, outside the list of reasons above.
RECORD_ORDER = "record_order"
RECORD_TYPE = "record_type"
FIELD = "field"
BLANK = "blank"
HEADER = "header"
COLUMN_COUNT = "column_count"
NOT_A_NUMBER = "not_a_number"
BAD_DATE = "bad_date"


class Malformed(ValueError):
    """A file that cannot be read as what it says it is; the only exception that a reader here raises.

    `str()` of it is safe for a log or an error body: it names file, line, record, field and rule. `value` is the
    offending text itself and may hold a bank account number or a name; show it only to someone who may see the file.

    Attributes:
        file: the name the caller gave the source, empty if none.
        line: number of the line, counted from 1; 0 when the fault is of the file as a whole.
        record: the record type as the format spells it (`6`, `RMR`, `P`).
        field: the field, with its columns (counted in characters) where the format has columns.
        value: what stood there. Private, see above.
        rule: a stable slug; see the constants of this module.
        message: one sentence for a person: what is wrong and what was expected.
    """

    slug = "malformed"
    title = "This cannot be read"

    def __init__(
        self,
        rule: str,
        message: str,
        *,
        file: str = "",
        line: int = 0,
        record: str = "",
        field: str = "",
        value: str = "",
    ) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message
        self.file = file
        self.line = line
        self.record = record
        self.field = field
        self.value = value

    def within(self, file: str, line: int = 0) -> Self:
        """Return this same fault, placed in *file* and, where it had no line yet, on *line*."""
        self.file = self.file or file
        self.line = self.line or line
        return self

    def named(self, file: str) -> Self:
        """Return this same fault in bytes that came without a name, told under the name of *file*."""
        self.file = file
        return self

    def __str__(self) -> str:
        place = [self.file or "file"]
        if self.line:
            place.append(f"line {self.line}")
        if self.record.isalnum():  # what stands where a record's code should may be anything
            place.append(f"record {self.record}")
        if self.field:
            place.append(self.field)
        return f"{', '.join(place)}: {self.message} [{self.rule}]"
