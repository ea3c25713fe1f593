"""Which characters and lines are in these bytes?"""

from formats.errors import NOT_A_NUMBER, Malformed


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of *data* and the name of the encoding that gives the same bytes back.

    UTF-8 where all of it is UTF-8, else Latin-1, in which every byte is one character: banks send either, and no
    format here says which. A byte order mark is dropped.
    """
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def lines_of(text: str) -> list[str]:
    """Return the lines of *text* without their ends, which may be LF or CRLF; the last end may be missing.

    Not `str.splitlines`: that also breaks at characters which are data in a Latin-1 payer name.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    while lines and not lines[-1].strip(" \x1a"):  # blank last lines, and the end-of-file mark of old systems
        lines.pop()
    return lines


def cents_of_dollars(text: str) -> int:
    """Return the integer cents of a plain decimal such as `597.2`, `12` or `-5`; no float on the way.

    Refused: anything else, among it a fraction of a cent, a thousands separator and an exponent.
    """
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text)
    whole, point, fraction = digits.partition(".")
    if not (is_digits(whole or "0") and is_digits(fraction or "0")) or not (whole or fraction):
        raise Malformed(NOT_A_NUMBER, "an amount in dollars was expected", value=text)
    if len(fraction.rstrip("0")) > len("cc") or (point and not fraction) or len(digits) > 18:  # noqa: PLR2004 -- X12 R limit
        raise Malformed(NOT_A_NUMBER, "an amount with at most two decimals was expected", value=text)
    return sign * int((whole or "0") + fraction.rstrip("0").ljust(2, "0"))


def is_digits(text: str) -> bool:
    """Tell whether *text* is one or more of 0 to 9, and nothing that only looks like a digit elsewhere."""
    return text.isascii() and text.isdigit()
