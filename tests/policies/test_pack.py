"""Does a pack load only if it says everything it must, and nothing else?"""

from datetime import date
from decimal import Decimal

import pytest

from domain import parameters as par
from domain.calendar import Window
from domain.policy import Standing
from formats.errors import Malformed
from formats.pack import parse_pack

HEAD = """
pack = "x"
version = "1"
title = "X"
zone = "America/Chicago"
services = ["electric"]
labels = { electric = "electricity" }
closed = { state = "MN" }
"""
ROW = '{ from = 2021-07-01, value = 10, status = "law", source = "statute" }'


def days(values: str = ROW, unit: str = "calendar days after mailing", name: str = "notice.min_days_mailed") -> str:
    return f'{HEAD}[{name}]\nunit = "{unit}"\nvalues = [{values}]\n'


def test_a_value_is_read_with_its_day_standing_and_source() -> None:
    (dated,) = parse_pack(days()).values["notice.min_days_mailed"]
    assert (dated.since, dated.value) == (date(2021, 7, 1), 10)
    assert (dated.source.standing, dated.source.citation) == (Standing.LAW, "statute")


@pytest.mark.parametrize(
    ("parameter", "value", "read"),
    [
        (par.DNP_WINDOW, '"08:00-15:00"', Window.parse("08:00-15:00")),
        (par.DNP_BLOCK_EVE, "true", True),
        (par.HEAT_COUNTY, '"Olmsted"', "Olmsted"),
        (par.LATE_FEE_PCT, "0.65", Decimal("0.65")),
        (par.LATE_FEE_PCT, "1", Decimal(1)),
        (par.WINTER_SEASON, "[[10, 1], [4, 30]]", ((10, 1), (4, 30))),
        (par.NOTICE_LANGUAGES, '["en", "es"]', ("en", "es")),
    ],
)
def test_every_kind_of_value_is_read_as_its_own_type(parameter: object, value: str, read: object) -> None:
    key, unit = parameter.key, parameter.unit  # type: ignore[attr-defined]
    row = ROW.replace("value = 10", f"value = {value}")
    (dated,) = parse_pack(days(row, unit=unit, name=key)).values[key]
    assert dated.value == read
    assert type(dated.value) is type(read)


@pytest.mark.parametrize(
    ("text", "rule", "field"),
    [
        ("pack = ", "toml", ""),
        (HEAD + "colour = 1", "unknown_key", "colour"),
        (HEAD.replace('zone = "America/Chicago"\n', ""), "missing_key", "zone"),
        (HEAD.replace('version = "1"\n', ""), "missing_key", "version"),
        (HEAD.replace('["electric"]', '["steam"]'), "wrong_type", "services"),
        (HEAD.replace('"MN" }', '"MN", county = "Olmsted" }'), "unknown_key", "closed.county"),
        (days(name="notice.min_days"), "unknown_key", "notice.min_days"),
        (days(unit="weeks"), "wrong_unit", "notice.min_days_mailed"),
        (days(values=""), "missing_key", "notice.min_days_mailed"),
        (days(ROW.replace(', source = "statute"', "")), "missing_key", "notice.min_days_mailed"),
        (days(ROW.replace('status = "law", ', "")), "missing_key", "notice.min_days_mailed"),
        (days(ROW.replace('"statute"', '" "')), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace('"law"', '"rumour"')), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("value = 10", "value = true")), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("value = 10", "value = 10.0")), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("value = 10", 'value = "10"')), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("2021-07-01", '"2021-07-01"')), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("2021-07-01", "2021-07-01T00:00:00")), "wrong_type", "notice.min_days_mailed"),
        (days(ROW.replace("value = 10", "value = 10, note = 1")), "unknown_key", "notice.min_days_mailed.note"),
        (days(f"{ROW}, {ROW}"), "order_of_dates", "notice.min_days_mailed"),
        (days(f"{ROW}, {ROW.replace('2021', '2020')}"), "order_of_dates", "notice.min_days_mailed"),
    ],
)
def test_what_is_wrong_with_a_pack_is_named_by_file_key_and_rule(text: str, rule: str, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_pack(text, file="x.toml")
    assert (caught.value.file, caught.value.rule, caught.value.field) == ("x.toml", rule, field)


def test_values_in_the_order_of_their_days_are_taken() -> None:
    later = ROW.replace("2021", "2024").replace("10", "14", 1)
    assert len(parse_pack(days(f"{ROW}, {later}")).values["notice.min_days_mailed"]) == 2


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    row = ROW.replace("value = 10", 'value = "15:00-08:00"')
    with pytest.raises(Malformed, match="opens before it closes"):
        parse_pack(days(row, unit="local clock", name="dnp.window"))
