"""Which characters do these bytes mean, and which lines do they hold?"""

from pathlib import Path

from formats.errors import Malformed

Source = Path | bytes
"""A file to be read, or its bytes when they came over the wire."""

_UTF8_BOM = b"\xef\xbb\xbf"


def name_of(source: Source, name: str | None = None) -> str:
    """Return what messages call the source: the name given, else the file's own name."""
    if name is not None:
        return name
    return source.name if isinstance(source, Path) else "(bytes)"


def read_text(source: Source, *, name: str | None = None) -> str:
    """Return the text of *source*: UTF-8 with or without a byte order mark, else Latin-1.

    Refuses a file that cannot be opened and one with zero bytes in it (a spreadsheet, an archive, UTF-16):
    Latin-1 would read both as nonsense without complaint.
    """
    called = name_of(source, name)
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as exc:
        raise Malformed(file=called, rule="unreadable", message=exc.strerror or "the file cannot be opened") from exc
    if b"\0" in data:
        raise Malformed(file=called, rule="unreadable", message="the file holds zero bytes and is not plain text")
    data = data.removeprefix(_UTF8_BOM)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def lines_of(text: str) -> list[str]:
    r"""Return the lines of *text* without their ends; only LF and CRLF end a line.

    `str.splitlines` also breaks at U+0085 and U+2028, which Latin-1 files hold inside a field.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "" else lines
