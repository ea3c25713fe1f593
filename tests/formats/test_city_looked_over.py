"""A city folder with files that are damaged, missing, or named so that nobody reads them: a person hears of each."""

import shutil
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.bank import days_of
from formats.city import CityFolder, look_over
from formats.errors import Malformed
from gateways.fakes.city import FakeCity

DEMO = Path(__file__).parents[2] / "data" / "demo-city"
CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city of its own: the demonstration's accounts and bills, and one file of each kind beside."""
    shutil.copytree(DEMO / "cis", tmp_path / "city" / "cis")
    made = {
        "field/2026-09-02.csv": "work_order,account_no,type,requested_on,at,result,reason,meter_read,crew\n",
        "court/2026-09-02.csv": "claim_no,account_no,court,hearing_date,result,claimed_cents,judgment_cents,"
        "costs_cents,final_on,continued_to\n",
        "agency/2026-09-02_recall.csv": "account_no,action,reason,balance_cents,effective_on\n",
        "bank/2026-09-02/credits.ach": "",
    }
    for name, text in made.items():
        path = tmp_path / "city" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "city"


def looked(root: Path) -> list[str]:
    return [str(fault) for fault in look_over(CityFolder(root), zone=CHICAGO)]


def test_of_a_whole_folder_there_is_nothing_to_tell(root: Path) -> None:
    assert looked(root) == []
    assert looked(DEMO) == []


@pytest.mark.parametrize("name", ["field/2026-09-02.csv", "court/2026-09-02.csv", "agency/2026-09-02_recall.csv"])
def test_a_damaged_file_of_crews_court_or_agency_is_told_of_and_reads_as_none(root: Path, name: str) -> None:
    with (root / name).open("a") as file:
        file.write("half,a,row\n")
    (told,) = looked(root)
    city, day = FakeCity(root, zone=CHICAGO), date(2026, 9, 2)

    assert told.startswith(f"{name}, line 2: 3 columns")
    assert told.endswith("[column_count]")
    assert city.outside.field_reports(day) == city.outside.court_reports(day) == ()
    assert city.outside.agency_day(day).recalls == ()


def test_a_damaged_remittance_is_none_to_the_agencys_own_record(root: Path) -> None:
    (root / "agency/2026-09-02_remittance.csv").write_text("rec,line_id,account_no\nD,1\n")
    assert FakeCity(root, zone=CHICAGO).outside.agency_day(date(2026, 9, 2)).remittance is None
    assert looked(root) == []  # it is a payment file, refused on its day


@pytest.mark.parametrize(
    "name",
    [
        "bank/2026-9-3/credits.ach",
        "bank/statement.bai2",
        "bank/2026-09-03/more/credits.ach",
        "cis/bills/2026-9-3.csv",
        "cis/aging_3-9-2026.csv",
        "field/sept-3.csv",
        "agency/2026-09-03_remitance.csv",
        "court/2026-09-03.CSV",
    ],
)
def test_a_file_that_nobody_will_read_is_told_of_by_name(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x")
    (told,) = looked(root)

    assert told.partition(":")[0] in {name, str(Path(name).parent)}
    assert "YYYY-MM-DD" in told
    assert list(days_of(CityFolder(root))) == [date(2026, 9, 2)]


def test_what_a_desktop_leaves_in_a_folder_is_no_payment_file(root: Path) -> None:
    for name in (".DS_Store", "bank/.DS_Store", "bank/2026-09-02/.DS_Store", "field/.gitkeep"):
        (root / name).write_text("x")

    assert looked(root) == []
    assert [path.name for path in days_of(CityFolder(root))[date(2026, 9, 2)]] == ["credits.ach"]


def test_a_bank_day_before_the_opening_is_told_of(root: Path) -> None:
    (root / "bank/2026-08-31").mkdir()
    (root / "bank/2026-08-31/credits.ach").write_text("x")
    (told,) = looked(root)

    assert told.startswith("bank/2026-08-31: its money is not posted")


@pytest.mark.parametrize(
    ("needed", "rule"), [("accounts.csv", "column_count"), ("bills/2026-09-15.csv", "column_count")]
)
def test_a_city_without_accounts_or_bills_that_can_be_read_is_not_played(root: Path, needed: str, rule: str) -> None:
    with (root / "cis" / needed).open("a") as file:
        file.write("half,a\n")
    with pytest.raises(Malformed) as raised:
        look_over(CityFolder(root), zone=CHICAGO)

    assert (raised.value.rule, raised.value.file) == (rule, f"cis/{needed}")


def test_the_opening_is_found_without_extracts_and_without_bills(root: Path) -> None:
    opened = CityFolder(root).opening
    for path in (root / "cis").glob("aging_*"):
        path.unlink()
    without_extracts = CityFolder(root).opening
    for path in (root / "cis" / "bills").glob("2026-09-0*"):  # billing begins later than the bank
        path.unlink()
    shutil.copytree(root / "bank/2026-09-02", root / "bank/2026-09-01")

    assert opened == without_extracts == CityFolder(root).opening == date(2026, 8, 31)
    shutil.rmtree(root / "cis" / "bills")
    assert CityFolder(root).opening == date(2026, 8, 31)
    shutil.rmtree(root / "bank")
    with pytest.raises(Malformed, match="not_a_city_folder"):
        _ = CityFolder(root).opening
