"""Why can a file not be read?"""


class Malformed(Exception):
    """A file, a record or a field breaks the layout that both sides agreed on.

    `rule` is a stable lower-case name (`missing_column`, `truncated`, `control_total`); `line` counts from 1.
    """

    slug = "malformed"
    title = "This cannot be read"

    def __init__(
        self,
        *,
        file: str,
        rule: str,
        message: str,
        line: int | None = None,
        record: str | None = None,
        field: str | None = None,
        value: str | None = None,
    ) -> None:
        self.file = file
        self.line = line
        self.record = record
        self.field = field
        self.value = value
        self.rule = rule
        self.message = message
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return one sentence for a person at a desk: where, which rule, what was found."""
        where = [self.file]
        where += [f"line {self.line}"] if self.line is not None else []
        where += [f"record {self.record}"] if self.record is not None else []
        where += [self.field] if self.field is not None else []
        return f"{', '.join(where)}: {self.message} ({self.rule})"
