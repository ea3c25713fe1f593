"""What text stands in this file, or in these bytes that came over the wire?"""

from pathlib import Path

from formats.errors import Malformed
from formats.text import decode

Source = Path | bytes


def name_of(source: Source, name: str | None = None) -> str:
    """Return what messages call the source: the name given, else the file's own name."""
    if name is not None:
        return name
    return source.name if isinstance(source, Path) else "(bytes)"


def read_bytes(source: Source, *, name: str | None = None) -> bytes:
    """Return the bytes of *source*; refuses a file that cannot be opened."""
    try:
        return source if isinstance(source, bytes) else source.read_bytes()
    except OSError as exc:
        message = exc.strerror or "the file cannot be opened"
        raise Malformed(file=name_of(source, name), rule="unreadable", message=message) from exc


def read_text(source: Source, *, name: str | None = None) -> str:
    """Return the text of *source*: UTF-8 with or without a byte order mark, else Latin-1.

    Refuses zero bytes (a spreadsheet, an archive, UTF-16), which Latin-1 would read as nonsense without complaint.
    """
    data = read_bytes(source, name=name)
    if b"\0" in data:
        message = "the file holds zero bytes and is not plain text"
        raise Malformed(file=name_of(source, name), rule="unreadable", message=message)
    text, _encoding = decode(data)
    return text
