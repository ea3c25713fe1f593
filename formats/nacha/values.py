"""What is in a NACHA file, once it has been believed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from formats.columns import Record
from formats.nacha.records import BatchControl, BatchHeader, Entry, FileControl, FileHeader

BLOCK: Final = 10  # records; a file is filled up to whole blocks
FILLER: Final = "9" * 94


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What makes a file the same file for its sender, whatever its bytes: used to refuse it a second time."""

    origin: str
    created_on: date
    created_time: str
    modifier: str

    def __str__(self) -> str:
        return f"{self.origin}/{self.created_on.isoformat()}/{self.created_time}/{self.modifier}"


@dataclass(frozen=True, slots=True)
class Batch:
    """One company's entries of one class, with the header and the control record that were sent with them."""

    header: BatchHeader
    entries: tuple[Entry, ...]
    control: BatchControl

    def records(self) -> Iterator[Record]:
        """Yield the records of the batch in file order."""
        yield self.header
        for entry in self.entries:
            yield entry
            yield from entry.addenda
        yield self.control


@dataclass(frozen=True, slots=True)
class AchFile:
    """A whole file. Its control records hold: nothing of this type comes from a file whose totals do not.

    Attributes:
        encoding: `utf-8` or `latin-1`, whichever gives the same bytes back.
    """

    header: FileHeader
    batches: tuple[Batch, ...]
    control: FileControl
    encoding: str = "utf-8"

    @property
    def identity(self) -> FileIdentity:
        """Return origin, creation date, creation time and modifier."""
        created_on = self.header.created_on
        assert created_on is not None, "the header's date is mandatory"
        return FileIdentity(self.header.immediate_origin, created_on, self.header.created_time, self.header.modifier)

    def entries(self) -> Iterator[tuple[BatchHeader, Entry]]:
        """Yield every entry with the header of its batch, in file order."""
        for batch in self.batches:
            for entry in batch.entries:
                yield batch.header, entry

    def records(self) -> Iterator[Record]:
        """Yield every record in file order, without the filler."""
        yield self.header
        for batch in self.batches:
            yield from batch.records()
        yield self.control

    def lines(self) -> Iterator[str]:
        """Yield every line, filled up to a whole block with lines of nines."""
        count = 0
        for count, record in enumerate(self.records(), start=1):  # noqa: B007 -- the last count is used below
            yield record.line
        for _ in range(-count % BLOCK):
            yield FILLER

    def to_bytes(self, *, line_end: str = "\n", last_line_end: bool = True) -> bytes:
        """Return the file as it is sent: 94 characters a line, whole blocks.

        A file read by `read` comes back byte for byte, save these normalisations: trimmed records are filled up with
        blanks, missing filler is added, and line ends are as asked for here.
        """
        text = line_end.join(self.lines()) + (line_end if last_line_end else "")
        return text.encode(self.encoding)
