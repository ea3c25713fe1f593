"""What we send: drafts, re-presentments, refused credits."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from formats import nacha
from formats.errors import Malformed
from formats.nacha import Draft, Originator, Refusal, drafts_file, refusals_file
from formats.nacha.writer import ascii_text
from tests.formats.samples import CITIES, CREATED, ORIGINATOR, ach, bank_files, draft, lines, needs_shared


def drafts_of(file: nacha.AchFile) -> Iterator[Draft]:
    for header, entry in file.entries():
        yield Draft(
            sec=header.sec,
            transaction_code=entry.transaction_code,
            routing=entry.routing,
            account=entry.account,
            amount_cents=entry.amount_cents,
            individual_id=entry.individual_id,
            name=entry.individual_name,
            sequence=int(entry.trace[8:]),
            discretionary=entry.discretionary,
            retry=header.description == nacha.RETRY_DESCRIPTION,
        )


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_the_citys_own_autopay_files_are_written_again_byte_for_byte(city: str) -> None:
    for path in bank_files("autopay.ach", city):
        file = nacha.read(path.read_bytes())
        head, batch = file.header, file.batches[0].header
        originator = Originator(
            destination=head.immediate_destination,
            destination_name=head.destination_name,
            origin=head.immediate_origin,
            origin_name=head.origin_name,
            company_name=batch.company_name,
            company_id=batch.company_id,
            odfi=batch.odfi,
        )
        assert head.created_on is not None
        assert batch.effective_on is not None
        created = datetime.strptime(f"{head.created_on} {head.created_time}", "%Y-%m-%d %H%M")
        again = drafts_file(originator, drafts_of(file), created_at=created, effective_on=batch.effective_on)
        assert again.to_bytes() == path.read_bytes()


def test_a_batch_per_class_and_per_presentment_with_traces_ascending() -> None:
    file = ach(draft(9), draft(3, sec="WEB", discretionary="S"), draft(4), draft(1, retry=True))
    assert [(b.header.sec, b.header.description, len(b.entries)) for b in file.batches] == [
        ("PPD", "UTIL BILL", 2),
        ("PPD", "RETRY PYMT", 1),
        ("WEB", "UTIL BILL", 1),
    ]
    assert [entry.trace for _, entry in file.entries()] == [
        "091400600000004",
        "091400600000009",
        "091400600000001",
        "091400600000003",
    ]
    assert file.control.debit_cents == 4 * 9339


def test_a_re_presentment_keeps_company_and_amount() -> None:
    (batch,) = ach(draft(1, retry=True)).batches
    assert (batch.header.description, batch.header.company_id, batch.control.debit_cents) == (
        "RETRY PYMT",
        "9410000001",
        9339,
    )


@pytest.mark.parametrize(
    ("codes", "service_class"), [(("27", "37"), "225"), (("22", "32"), "220"), (("22", "27"), "200")]
)
def test_the_service_class_follows_the_directions_of_the_entries(codes: tuple[str, str], service_class: str) -> None:
    file = ach(*(draft(n, transaction_code=code) for n, code in enumerate(codes, start=1)))
    assert file.batches[0].header.service_class == service_class


def test_a_name_goes_out_in_ascii_and_cut_to_its_columns() -> None:
    file = ach(draft(1, name="José Ñuñez de la Frontera y Villanueva"))
    assert next(file.entries())[1].individual_name == "Jose Nunez de la Front"
    assert ascii_text("Zoë\tO'Hara", 22) == "ZoeO'Hara"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"routing": "231380105"}, "check_digit"),
        ({"account": "1" * 18}, "account"),
        ({"account": ""}, "account"),
        ({"amount_cents": 10**10}, "amount_cents"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"amount_cents": 0}, "amount_cents"),
        ({"individual_id": "1" * 16}, "individual_id"),
        ({"individual_id": "Ünlaut\x01"}, "individual_id"),
        ({"transaction_code": "29", "amount_cents": 5}, "amount_cents"),
        ({"sec": "WEB"}, "discretionary"),
        ({"remittance": "A" * 81}, "type_code"),
    ],
)
def test_what_the_reader_would_refuse_is_never_written(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        ach(draft(1, **changes))
    assert caught.value.field.startswith(field)


def test_two_drafts_with_one_trace_are_refused() -> None:
    with pytest.raises(Malformed, match="ascend"):
        ach(draft(1), draft(1))


def test_a_field_that_a_record_does_not_have_is_a_bug_and_stays_loud() -> None:
    with pytest.raises(AssertionError, match="no field"):
        nacha.FileControl.build(colour="red")


def test_zero_dollar_remittance_travels_in_addenda() -> None:
    file = ach(draft(1, sec="CCD", transaction_code="24", amount_cents=0, remittance="RMR*IK*A**1\\"))
    ((_, entry),) = file.entries()
    assert (entry.remittance, file.batches[0].control.entry_addenda_count) == ("RMR*IK*A**1\\", 2)


# --- refused credits


def credits_file() -> nacha.AchFile:
    """A file as a bill-pay bank sends it: two CIE credits to us."""
    entries = [
        nacha.CieEntry.build(
            transaction_code=code,
            routing="091400606",
            account="4100778201",
            amount_cents=cents,
            individual_name="Percy Quesnel",
            individual_id="4166376840",
            trace=trace,
        )
        for code, cents, trace in (("22", 13444, "031300010295625"), ("32", 7817, "031300010295626"))
    ]
    header = nacha.BatchHeader.build(
        service_class="220",
        company_name="PAYWISE BILLPAY",
        company_id="1031300012",
        sec="CIE",
        description="BILL PAY",
        effective_on=date(2026, 10, 9),
        originator_status="1",
        odfi="03130001",
        batch_no="1",
    )
    return nacha.compose_file(ach().header, [nacha.compose_batch(header, entries)])


def test_a_refused_credit_goes_back_to_the_bank_it_came_from_as_r23() -> None:
    came = list(credits_file().entries())
    refusals = [Refusal(header, entry, n, information="Account closed") for n, (header, entry) in enumerate(came, 1)]
    file = refusals_file(ORIGINATOR, refusals, created_at=CREATED)
    (batch,) = file.batches
    first, second = batch.entries
    assert (batch.header.sec, batch.header.company_id, batch.header.odfi) == ("CIE", "1031300012", "09140060")
    assert (first.transaction_code, second.transaction_code) == ("21", "31")
    assert (first.routing, first.account, first.amount_cents) == ("031300012", "4100778201", 13444)
    assert first.individual_id == "4166376840"
    back = first.returned
    assert back is not None
    assert (back.return_code, back.original_trace, back.original_rdfi) == ("R23", "031300010295625", "09140060")
    assert back.information == "Account closed"
    assert file.control.credit_cents == 13444 + 7817


def test_only_a_credit_that_moved_money_can_be_refused() -> None:
    header, entry = next(ach().entries())
    with pytest.raises(Malformed, match="only a credit"):
        refusals_file(ORIGINATOR, [Refusal(header, entry, 1)], created_at=CREATED)


def test_every_line_written_is_94_characters_and_blocks_are_whole() -> None:
    for count in range(1, 12):
        rows = lines(ach(*(draft(n) for n in range(1, count + 1))))
        assert {len(row) for row in rows} == {94}
        assert len(rows) % 10 == 0
