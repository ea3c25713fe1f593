"""Are the shipped packs whole, and are their calendars those of the city?"""

from datetime import date
from pathlib import Path

import pytest

from domain import parameters as par
from domain.parameters import PARAMETERS
from domain.policy import PolicyGap, Standing
from formats.errors import Malformed
from gateways.packs import dump_policy, load_policy, read_policy

FOLDER = Path(__file__).parents[2] / "policies"
PACKS = {
    "rochester-mn": (date(2021, 7, 1), {"lien.interest_pct", "lien.owner_waiver_bars"}),
    "demo-city": (date(2021, 7, 1), {"lien.interest_pct", "lien.owner_waiver_bars"}),
    "las-cruces-nm": (date(2018, 1, 31), {key for key in PARAMETERS if key.startswith("recapture.")}),
}
AMOUNTS = [key for key in PARAMETERS if key.endswith(("_cents", "_days", "_months", "_minutes"))]


@pytest.mark.parametrize("name", PACKS)
def test_every_parameter_is_stated_from_the_packs_first_day_or_known_not_to_apply(name: str) -> None:
    since, absent = PACKS[name]
    pack = load_policy(FOLDER / f"{name}.toml")
    assert PARAMETERS.keys() - pack.values.keys() == absent
    for key in pack.values:
        pack.at(PARAMETERS[key], since)
        assert pack.source(PARAMETERS[key], since).citation


@pytest.mark.parametrize("name", PACKS)
def test_no_value_stands_before_the_packs_first_day(name: str) -> None:
    since, _ = PACKS[name]
    pack = load_policy(FOLDER / f"{name}.toml")
    before = date.fromordinal(since.toordinal() - 1)
    for key in pack.values:
        with pytest.raises(PolicyGap, match=key):
            pack.at(PARAMETERS[key], before)


@pytest.mark.parametrize("name", PACKS)
def test_values_lie_within_reason(name: str) -> None:
    pack = load_policy(FOLDER / f"{name}.toml")
    for key in set(AMOUNTS) & pack.values.keys():
        assert all(isinstance(dated.value, int) and dated.value >= 0 for dated in pack.values[key]), key
    on = date(2026, 9, 9)
    assert set(pack.at(par.DNP_SERVICE_ORDER, on)) <= set(pack.services)
    assert set(pack.at(par.WINTER_SERVICES, on)) <= set(pack.services)
    assert pack.labels.keys() == set(pack.services)
    assert pack.at(par.CANCEL_THRESHOLD, on) < pack.at(par.DNP_MIN_BALANCE, on)
    assert pack.at(par.NOTICE_MIN_DAYS_MAILED_WINTER, on) < pack.at(par.NOTICE_VALID_DAYS, on)


@pytest.mark.parametrize("name", PACKS)
def test_a_stored_pack_reads_back_as_the_same_with_the_same_digest(name: str) -> None:
    pack = load_policy(FOLDER / f"{name}.toml")
    again = read_policy(dump_policy(pack))
    assert again == pack
    assert again.digest == pack.digest


def test_a_changed_value_changes_the_digest(tmp_path: Path) -> None:
    text = (FOLDER / "rochester-mn.toml").read_text()
    changed = tmp_path / "rochester-mn.toml"
    changed.write_text(text.replace("value = 30, status", "value = 31, status", 1))
    assert load_policy(changed).digest != load_policy(FOLDER / "rochester-mn.toml").digest


def test_demo_city_has_rochesters_values_under_its_own_name() -> None:
    demo, rochester = (load_policy(FOLDER / f"{name}.toml") for name in ("demo-city", "rochester-mn"))
    assert (demo.title, demo.pack) == ("Demo City", "demo-city")
    own = {"write_off.min_days", "rck.notice_given"}  # so that a demo shows a write-off, and a check presented again
    assert {key for key in demo.values if demo.values[key] != rochester.values[key]} == own
    assert demo.values.keys() == rochester.values.keys()
    assert demo.calendar == rochester.calendar
    assert demo.digest != rochester.digest


def test_a_pack_that_extends_states_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text((FOLDER / "rochester-mn.toml").read_text())
    head = 'pack = "own"\nversion = "1"\ntitle = "Own"\nextends = "base"\n'
    row = '{ from = 2021-07-01, value = 7, status = "assumed", source = "s" }'
    own = tmp_path / "own.toml"
    own.write_text(f'{head}[path.reminder_days]\nunit = "calendar days past due"\nvalues = [{row}]\n')
    pack = load_policy(own)
    assert pack.at(par.REMINDER_DAYS, date(2022, 1, 1)) == 7
    assert pack.at(par.NOTICE_DAYS, date(2022, 1, 1)) == 15
    (tmp_path / "third.toml").write_text(head.replace('"own"', '"third"').replace('"base"', '"own"'))
    with pytest.raises(Malformed, match="extends another"):
        load_policy(tmp_path / "third.toml")


def test_a_pack_that_extends_an_absent_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('pack = "own"\nversion = "1"\ntitle = "Own"\nextends = "base"\n')
    with pytest.raises(Malformed) as caught:
        load_policy(tmp_path / "own.toml")
    assert caught.value.file == "base.toml"


def test_two_readings_of_uncertain_law_are_marked_for_counsel_and_the_safer_one_stands() -> None:
    rochester, las_cruces = (load_policy(FOLDER / f"{name}.toml") for name in ("rochester-mn", "las-cruces-nm"))
    on = date(2026, 11, 20)
    assert rochester.at(par.NOTICE_MIN_DAYS_HAND_WINTER, on) == 30
    assert rochester.source(par.NOTICE_MIN_DAYS_HAND_WINTER, on).standing is Standing.COUNSEL
    assert las_cruces.at(par.DNP_MIN_DAYS, on) == 15
    assert las_cruces.at(par.DNP_MIN_DAYS_WATER, on) == 30
    assert las_cruces.source(par.DNP_MIN_DAYS_WATER, on).standing is Standing.COUNSEL
    assert las_cruces.source(par.WINTER_RULE, on).standing is Standing.COUNSEL


def test_banks_city_and_law_keep_their_own_days() -> None:
    calendar = load_policy(FOLDER / "rochester-mn.toml").calendar
    assert not calendar.is_bank_day(date(2026, 10, 12))  # Columbus Day
    assert calendar.is_open(date(2026, 11, 25))
    assert not calendar.is_open(date(2026, 11, 27))  # the day after Thanksgiving
    assert calendar.is_bank_day(date(2026, 11, 27))
    assert date(2026, 11, 27) not in calendar.legal_holidays
    assert not calendar.is_open(date(2026, 12, 24))  # Christmas Eve
    assert date(2026, 7, 3) in calendar.legal_holidays  # observed before a Saturday


def holidays_csv(folder: Path, *rows: str) -> Path:
    path = folder / "holidays.csv"
    path.write_text("\n".join(("date,name,bank_closed,city_closed", *rows)) + "\n")
    return path


def test_a_citys_own_list_rules_within_its_span_and_leaves_the_rest(tmp_path: Path) -> None:
    own = holidays_csv(tmp_path, "2026-09-07,Labor Day,1,1", "2026-09-18,Founders,0,1", "2026-12-25,Christmas,1,1")
    plain = load_policy(FOLDER / "rochester-mn.toml").calendar
    ruled = load_policy(FOLDER / "rochester-mn.toml", holidays_csv=own).calendar
    assert not ruled.is_open(date(2026, 9, 18))
    assert ruled.is_bank_day(date(2026, 9, 18))
    assert ruled.is_open(date(2026, 11, 27))  # not on its list, within its span
    assert not plain.is_open(date(2026, 11, 27))
    assert not ruled.is_open(date(2026, 7, 3))  # before its first row
    assert not ruled.is_open(date(2027, 1, 1))  # after its last row
    assert ruled.legal_holidays == plain.legal_holidays


def test_an_empty_list_of_holidays_changes_nothing(tmp_path: Path) -> None:
    plain = load_policy(FOLDER / "rochester-mn.toml")
    assert load_policy(FOLDER / "rochester-mn.toml", holidays_csv=holidays_csv(tmp_path)).digest == plain.digest


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pack": "x"}', "null"])
def test_what_is_no_stored_policy_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_policy(text)
    assert caught.value.rule == "policy"
