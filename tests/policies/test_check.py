"""A pack loads only if it passes; each fault is told with the shortest example that shows it."""

import shutil
import time
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.check import Finding, Kind, search
from domain.check.law import below_the_law
from domain.parameters import PARAMETERS
from domain.policy import Dated, Policy, Source, Standing
from formats.errors import Malformed
from formats.law import parse_law
from gateways.packs import LAW, check_policy, law_of, load_policy, unchecked_policy

FOLDER = Path(__file__).parents[2] / "policies"
BROKEN = Path(__file__).parent / "broken"
EXPECTED = tomllib.loads((BROKEN / "expected.toml").read_text())
SHIPPED = ("rochester-mn", "las-cruces-nm", "demo-city")
SECONDS_AT_LOAD_MAX = 10  # about one second on a quiet machine; a loaded one must not fail


def shipped(name: str) -> Policy:
    return unchecked_policy(FOLDER / f"{name}.toml")


def broken(name: str, folder: Path) -> Path:
    """Return the broken pack's file, with the pack that it extends beside it."""
    for base in SHIPPED:
        shutil.copy(FOLDER / f"{base}.toml", folder)
    return Path(shutil.copy(BROKEN / f"{name}.toml", folder))


def found(name: str, folder: Path) -> tuple[Finding, ...]:
    return check_policy(unchecked_policy(broken(name, folder)))


def restated(policy: Policy, key: str, value: object, *, standing: Standing = Standing.COUNSEL) -> Policy:
    dated = Dated(policy.values[key][0].since, value, Source("an example", standing))
    return replace(policy, values=policy.values | {key: (dated,)})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_packs_pass_without_fault_or_doubt_and_fast_enough_to_load(name: str) -> None:
    started = time.perf_counter()
    assert check_policy(shipped(name)) == ()
    assert time.perf_counter() - started < SECONDS_AT_LOAD_MAX


def test_a_value_that_begins_before_the_others_is_walked_from_the_day_on_which_all_are_stated() -> None:
    pack = shipped("rochester-mn")
    early = Dated(date(2018, 1, 31), 1_000_000, Source("an example", Standing.POLICY))
    assert check_policy(replace(pack, values=pack.values | {"path.min_balance_cents": (early,)})) == ()


def test_a_pack_checked_before_is_not_checked_again() -> None:
    found = check_policy(shipped("rochester-mn"))
    searched = search._checked.cache_info().misses  # what is told of is that nothing is searched
    assert check_policy(shipped("rochester-mn")) is found
    assert search._checked.cache_info().misses == searched


def test_every_broken_pack_has_its_expectation() -> None:
    assert {path.stem for path in BROKEN.glob("*.toml")} - {"expected"} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_pack_is_found_with_its_fault_and_an_example(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    findings = found(name, tmp_path)
    assert findings, "nothing was found"
    first = findings[0]
    assert first.kind == expected["kind"], first
    assert not expected["key"] or expected["key"] in first.keys
    assert expected["says"] in first.says
    assert first.timeline, "a fault has an example"
    assert expected["example"] in first.timeline[-1].says, first.timeline
    assert first.way_out
    assert [moment.on for moment in first.timeline] == sorted(moment.on for moment in first.timeline)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_pack_does_not_load(name: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed) as caught:
        load_policy(broken(name, tmp_path))
    assert caught.value.rule == "policy_check"
    assert caught.value.file == f"{name}.toml"
    assert "arrears policy check" in str(caught.value)


def test_a_value_that_is_stated_nowhere_is_a_gap() -> None:
    whole = shipped("rochester-mn")
    without = replace(whole, values={key: v for key, v in whole.values.items() if key != "dnp.window"})
    (finding,) = check_policy(without)
    assert (finding.kind, finding.keys, finding.since) == (Kind.GAP, ("dnp.window",), date(2021, 7, 1))
    assert "states no dnp.window" in finding.timeline[-1].says


def test_a_remedy_of_another_state_may_be_left_unsaid_as_a_whole_and_not_in_part() -> None:
    whole = shipped("rochester-mn")
    none = replace(whole, values={k: v for k, v in whole.values.items() if not k.startswith("recapture.")})
    assert check_policy(none) == ()
    part = replace(whole, values={k: v for k, v in whole.values.items() if k != "recapture.fee_cents"})
    assert [finding.keys for finding in check_policy(part)] == [("recapture.fee_cents",)]


def test_a_choice_against_a_reading_for_counsel_loads_with_a_doubt_if_it_says_that_it_is_one() -> None:
    chosen = restated(shipped("las-cruces-nm"), "dnp.min_days_past_due_water", 15)
    (finding,) = check_policy(chosen)
    assert finding.doubt
    settled = restated(shipped("las-cruces-nm"), "dnp.min_days_past_due_water", 15, standing=Standing.POLICY)
    assert [each.doubt for each in check_policy(settled)] == [False]
    law = restated(shipped("rochester-mn"), "notice.min_days_mailed_winter", 29)
    assert [each.doubt for each in check_policy(law)] == [False], "what is law is no reading"


@pytest.mark.parametrize(("days", "faults"), [(29, 1), (30, 0), (31, 0)])
def test_the_law_is_undercut_by_a_day_and_met_by_the_day_itself(days: int, faults: int) -> None:
    pack = restated(shipped("rochester-mn"), "notice.min_days_mailed_winter", days)
    assert len(check_policy(pack)) == faults


def test_the_example_of_a_notice_too_short_is_a_cut_that_the_law_would_have_put_off(tmp_path: Path) -> None:
    first = found("winter_notice_too_short", tmp_path)[0]
    days = {moment.says: moment.on for moment in first.timeline}
    assert days["disconnection notice"] < days["recommendation"]
    ran = (days["recommendation"] - days["disconnection notice"]).days
    assert 20 <= ran < 30
    assert days["recommendation"].month in {10, 11, 12, 1, 2, 3, 4}


@pytest.mark.parametrize("path", sorted(LAW.glob("*.toml")), ids=lambda path: path.stem)
def test_every_floor_of_the_law_names_a_parameter_and_where_it_is_written(path: Path) -> None:
    floors = parse_law(path.read_text(), file=path.name).floors
    assert floors
    assert all(floor.source.citation and floor.key in PARAMETERS for floor in floors)
    assert len({(floor.key, floor.measure, floor.since) for floor in floors}) == len(floors)


@pytest.mark.parametrize("state", ["MN", "NM"])
def test_every_floor_is_found_when_it_is_undercut(state: str) -> None:
    pack = shipped("rochester-mn" if state == "MN" else "las-cruces-nm")
    for floor in law_of(state).floors:
        if floor.key not in pack.values:
            continue
        under = _under(floor.measure, floor.value)
        findings = below_the_law(restated(pack, floor.key, under, standing=Standing.POLICY), law_of(state))
        assert [finding.keys for finding in findings] == [(floor.key,)], floor


def _under(measure: str, value: object) -> object:
    match measure:
        case "at_least":
            return value - 1  # type: ignore[operator]
        case "at_most":
            return value + 1  # type: ignore[operator]
        case "is":
            return (not value) if isinstance(value, bool) else "none"
        case "includes":
            return value[:-1]  # type: ignore[index]
        case "excludes":
            return value[:1]  # type: ignore[index]
        case _:
            (first, last) = value  # type: ignore[misc]
            return (first[0], first[1] + 1), last


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("floors = [", "toml"),
        ("x = 1", "missing_key"),
        ('floors = [{ key = "a" }]', "wrong_type"),
        ('floors = [{ key="a.b", measure="is", value=1, from=2020-01-01, status="law", source="s" }]', "unknown_key"),
        (
            'floors = [{ key="dnp.window", measure="like", value="a", from=2020-01-01, status="law", source="s" }]',
            "wrong_type",
        ),
        (
            'floors = [{ key="pledge.hold_days", measure="is", value="a", from=2020-01-01, status="law", source="s" }]',
            "wrong_type",
        ),
        (
            'floors = [{ key="pledge.hold_days", measure="is", value=1, from=2020-01-01, status="law", source=" " }]',
            "wrong_type",
        ),
    ],
)
def test_what_is_wrong_with_a_file_of_law_is_named(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_law(text, file="X.toml")
    assert (caught.value.file, caught.value.rule) == ("X.toml", rule)


def test_an_order_of_payment_that_nothing_here_keeps_to_is_refused() -> None:
    pack = restated(shipped("rochester-mn"), "money.allocation", "current_bill_first")
    (fault,) = check_policy(pack)
    assert fault.keys == ("money.allocation",)
    assert fault.kind is Kind.UNKNOWN


def test_a_pack_may_leave_checks_presented_again_unsaid_but_not_by_half() -> None:
    pack = shipped("rochester-mn")
    silent = {key: dated for key, dated in pack.values.items() if not key.startswith("rck.")}
    assert check_policy(replace(pack, values=silent)) == ()
    halved = {key: dated for key, dated in pack.values.items() if key != "rck.max_days"}
    assert [each.keys for each in check_policy(replace(pack, values=halved))] == [("rck.max_days",)]
