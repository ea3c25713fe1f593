"""The bank's daily statement, as a bank writes it: for tests that say what moved."""

from datetime import date

OPENED_CENTS = 1_000_000
SENDER = "091400606"
DEBITS = ("409", "555", "557")


def bai2(on: date, *lines: tuple[str, int, str], opening: int = OPENED_CENTS, file_id: str = "") -> bytes:
    """Return the statement of *on* with *lines* of (type code, cents, text); it is whole and ties."""
    day = f"{on:%y%m%d}"
    signed = [-cents if code in DEBITS else cents for code, cents, _ in lines]
    closing = opening + sum(signed)
    came, went = sum(cents for cents in signed if cents > 0), -sum(cents for cents in signed if cents < 0)
    paid_in, paid_out = sum(1 for cents in signed if cents > 0), sum(1 for cents in signed if cents < 0)
    summary = f"010,{opening},,,015,{closing},,,100,{came},{paid_in},,400,{went},{paid_out},"
    rows = [f"16,{code},{cents},Z,{day}{n:04d},,{text}/" for n, (code, cents, text) in enumerate(lines, start=1)]
    control = opening + closing + came + went + sum(cents for _, cents, _ in lines)
    records = len(rows) + 2
    return "\n".join(
        [
            f"01,{SENDER},9410000001,{day},2230,{file_id or day},,,2/",
            f"02,9410000001,{SENDER},1,{day},2359,USD,2/",
            f"03,4100778201,USD,{summary}/",
            *rows,
            f"49,{control},{records}/",
            f"98,{control},1,{records + 2}/",
            f"99,{control},1,{records + 4}/",
            "",
        ]
    ).encode()
