"""What is in a NACHA file, once it has been believed?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, overload

from formats.columns import Record
from formats.nacha.records import Addenda, BatchControl, BatchHeader, Entry, FileControl, FileHeader

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


class Entries(Sequence[Entry]):
    """The entries of one batch, kept as lines: an `Entry` is made when it is asked for, and only then.

    A file of a hundred thousand payments is checked in full from its lines; making as many objects besides would take
    as long again. Equal to any sequence of equal entries.
    """

    __slots__ = ("_addenda", "_layout", "_line_nos", "_lines")

    def __init__(
        self,
        layout: type[Entry],
        *,
        lines: list[str],
        line_nos: list[int],
        addenda: dict[int, tuple[Addenda, ...]],
    ) -> None:
        self._layout = layout
        self._lines = lines
        self._line_nos = line_nos
        self._addenda = addenda  # place of the entry -> what stands below it

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, at: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(at, slice):
            return tuple(self._entry(place) for place in range(*at.indices(len(self))))
        return self._entry(range(len(self))[at])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _entry(self, place: int) -> Entry:
        return self._layout(self._lines[place], self._line_nos[place], self._addenda.get(place, ()))


@dataclass(frozen=True, slots=True)
class Batch:
    """One company's entries of one class, with the header and the control record that were sent with them."""

    header: BatchHeader
    entries: Sequence[Entry]
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
