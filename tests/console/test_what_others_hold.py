"""What others hold, in the console: found, its papers read, its files made; tasks of a case; who is at whose door."""

import ast
import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from console.labels import BOOKS
from console.labels_asked import ACTS
from domain import events as ev
from domain.account import Service
from domain.case import Order, OrderPurpose, OrderState
from domain.facts import Fact, FactKind
from domain.field_orders import Reason
from domain.hear import Tells
from models.session import reading
from models.tables import CaseRow, TaskRow
from models.tasks import URGENT
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.tour import ASKED, CUT, GONE, NOTICED, furnish
from tests.workflows.world import SHOP

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with on_paper(tmp_path_factory.mktemp("handed")) as paper:
        hire(paper)
        asyncio.run(furnish(paper))
        yield paper


def signed_in(paper: Paper, who: str) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in(who)
    return browser


def test_each_kind_is_found_with_who_holds_it_and_what_its_next_date_is(town: Paper) -> None:
    sven = signed_in(town, "sven")
    agency, court, petitions = (sven.get("/handed-on", what=what).text for what in ("agency", "court", "bankruptcy"))
    assert all(word in agency for word in ("PLC7", "Placement with an agency", "Electric"))
    assert "CL7" not in agency
    assert all(word in court for word in ("CL7", "Claim in court", "Conciliation Court", "Oct 15, 2026"))
    assert all(
        word in petitions for word in ("chapter 13, Sep 1, 2026", "26-30412", "by Sep 21, 2026", "by Feb 28, 2027")
    )
    assert "Nothing of it has ended yet." in sven.get("/handed-on", what="court", ended="1").text
    assert sven.get("/handed-on", what="moon").status_code == 200


def test_the_papers_of_a_claim_and_of_a_petition_are_a_click_away_for_who_may_see_whom_they_name(town: Paper) -> None:
    sven, ada = signed_in(town, "sven"), signed_in(town, "ada")
    for page in (sven.get(f"/accounts/{GONE}").text, sven.get("/handed-on", what="court").text):
        for path in re.findall(r"/desk(/claims/[^\"]+\.pdf)", page):
            assert sven.get(path).content.startswith(b"%PDF-1.7"), path
    papers = re.findall(r"/desk(/(?:claims|cases)/[^\"]+\.pdf)", sven.get(f"/accounts/{GONE}").text)
    assert len(papers) == 3
    assert sven.get(papers[-1]).content.startswith(b"%PDF-1.7")
    assert ".pdf" not in ada.get("/handed-on", what="court").text
    assert ada.get(papers[0]).status_code == 403


def test_what_stands_after_the_final_bill_is_on_the_accounts_page(town: Paper) -> None:
    page = signed_in(town, "sven").get(f"/accounts/{GONE}").text
    said = ("After the final bill", "affidavit of no military service", "Hearing on", "petition of Sep 1, 2026")
    assert all(word in page for word in said)
    assert "After the final bill" not in signed_in(town, "sven").get(f"/accounts/{NOTICED}").text


def test_a_file_with_nothing_in_it_a_wrong_day_and_a_wrong_kind_are_refused_and_rosa_makes_none(town: Paper) -> None:
    kim, rosa = signed_in(town, "kim"), signed_in(town, "rosa")
    nothing = kim.post("/handed-on/files", kind="lien", on="2026-09-01")
    assert (nothing.status_code, "Nothing to send" in nothing.text) == (409, True)
    assert kim.post("/handed-on/files", kind="setoff_updates", on="soon").status_code == 422
    assert kim.post("/handed-on/files", kind="moon", on="").status_code == 422
    assert rosa.post("/handed-on/files", kind="lien", on="").status_code == 403
    assert "Make a file for the State" not in rosa.get("/handed-on", what="property").text


def test_every_task_of_a_case_stands_on_its_accounts_page_and_is_done_there(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        case = asyncio.run(paper.open(SHOP))
        about = "electric: The meter is behind a locked gate or door. Arrange access."
        case = paper.happen(case, ev.TaskRaised(kind="arrange_access", about=about))
        case = paper.happen(case, ev.TaskRaised(kind="recall_failed", about="The crew was at the door.", urgent=True))
        rosa, cora = signed_in(paper, "rosa"), signed_in(paper, "cora")
        page = rosa.get(f"/accounts/{SHOP}").text
        assert "Arrange access to the meter" in page
        assert about in page
        assert "/tasks/done" not in cora.get(f"/accounts/{SHOP}").text
        for task_id in re.findall(r'name="task_id" value="([^"]+)"', page):
            assert rosa.post("/tasks/done", task_id=task_id, back=SHOP).url.path == f"/desk/accounts/{SHOP}"
        assert "Arrange access to the meter" not in rosa.get(f"/accounts/{SHOP}").text
        with reading(paper.engine) as session:
            assert all(row.done_at for row in session.exec(select(TaskRow)))
            assert session.get_one(CaseRow, case.case_id).priority < URGENT, "what was urgent is no longer"


def test_a_home_that_is_off_reads_as_disconnected_and_waits_for_nobodys_approval(town: Paper) -> None:
    rosa = signed_in(town, "rosa")
    assert "<p>Disconnected" in rosa.get(f"/accounts/{CUT}").text
    board = rosa.get("/board").text
    off, approve = (board.split(f'id="{name}"')[1].split("</section>")[0] for name in ("b8", "b3"))
    assert f"/accounts/{CUT}" in off
    assert f"/accounts/{CUT}" not in approve
    assert f"/accounts/{ASKED}" in approve


def test_the_docket_once_read_is_no_longer_to_be_looked_at(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        case = asyncio.run(paper.open(SHOP))
        said = Fact(
            fact_id="f-said",
            kind=FactKind.BANKRUPTCY,
            starts=paper.clock.now(),
            known_at=paper.clock.now(),
            source="customer",
            details={"chapter": "unknown", "petition_on": "2026-09-01"},
        )
        case = paper.happen(case, ev.FactRecorded(fact=said), ev.TaskRaised(kind="check_docket", about="Check it."))
        sven = signed_in(paper, "sven")
        page = sven.get(f"/accounts/{SHOP}").text
        assert "Look at the court&#39;s docket</strong>" in page
        assert "Chapter of the petition: not known yet" in page, "a detail says what it is"
        read = replace(said, fact_id="f-read", evidence="26-30412", details=said.details | {"chapter": "13"})
        paper.happen(case, ev.FactRecorded(fact=read, replaces="f-said"))
        assert "Look at the court&#39;s docket</strong>" not in sven.get(f"/accounts/{SHOP}").text


def test_a_form_offers_the_services_that_the_account_has(town: Paper) -> None:
    page = signed_in(town, "sven").get(f"/cases/{GONE}-1/decide/refer_to_court").text
    assert [each for each in ("electric", "water", "gas", "sewer", "refuse") if f'value="{each}"' in page] == [
        "electric",
        "water",
    ]


def test_what_is_handed_on_is_told_apart_in_a_form(town: Paper) -> None:
    page = signed_in(town, "sven").get(f"/cases/{GONE}-1/decide/withdraw_remedy").text
    assert "Claim in court · Sep 1, 2026 · Conciliation Court · $" in page
    assert "Placement with an agency ·" not in page, "a placement is recalled, not taken back"
    agencies = signed_in(town, "sven").get(f"/cases/{GONE}-1/decide/refer_to_agency").text
    assert '<option value="agency">' in agencies, "an agency is chosen, not typed"


def test_orders_say_what_they_are_for_why_they_failed_and_what_a_crew_must_know(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        case = asyncio.run(paper.open(SHOP))
        case, order_id = paper.order(case)
        dog = Fact(
            fact_id="f-dog",
            kind=FactKind.SAFETY_NOTE,
            starts=paper.clock.now(),
            known_at=paper.clock.now(),
            source="crew",
            details={"note": "dog"},
        )
        look = Order(
            order_id=f"{case.case_id}-o2",
            purpose=OrderPurpose.TAMPER_CHECK,
            service=Service.ELECTRIC,
            state=OrderState.REQUESTED,
            requested_at=paper.clock.now(),
        )
        case = paper.happen(case, ev.FactRecorded(fact=dog), ev.OrderPlaced(order=look))
        rosa, cora = signed_in(paper, "rosa"), signed_in(paper, "cora")
        board = rosa.get("/board").text
        assert board.count("a dog") == 2, "the note travels with both orders"
        assert "Tamper check" in board
        assert "a dog" not in cora.get("/board").text, "what was noted of a place is not for everyone"
        failed = ev.OrderNotCompleted(order_id=order_id, service=Service.ELECTRIC, reason="locked")
        paper.happen(case, failed)
        assert "Could not be done</strong>: locked" in rosa.get(f"/accounts/{SHOP}").text


@pytest.mark.parametrize(
    ("book", "names"),
    [
        ("purpose", [str(each) for each in OrderPurpose]),
        ("order_state", [str(each) for each in OrderState]),
        ("order_reason", [str(each) for each in Reason]),
    ],
)
def test_every_order_reads_in_words(book: str, names: list[str]) -> None:
    assert set(names) <= BOOKS[book].keys()


def test_every_task_that_the_core_asks_for_has_its_words() -> None:
    asked = {name for path in (ROOT / "domain").rglob("*.py") for name in _tasks(ast.parse(path.read_text("utf-8")))}
    assert {"skip_trace", "arrange_access", "check_docket"} <= asked, "the search finds what is known to be there"
    heard = {str(each) for each in Tells if each.startswith(("agency_re", "outside_"))} - {"outside_service"}
    asked |= {f"approve_{act}" for act in (*ACTS, "arrangement_exception")} - {"approve_adjustment", "approve_refund"}
    assert (asked | heard) - BOOKS["desk_task"].keys() == set()


def _tasks(tree: ast.Module) -> Iterator[str]:
    """Yield the names of tasks: of `TaskRaised`, of waits, and of tables that lead to them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            raised = getattr(node.func, "attr", getattr(node.func, "id", "")) == "TaskRaised"
            named = [word.value for word in node.keywords if word.arg == "task" or (raised and word.arg == "kind")]
            for value in named:
                yield from (each.value for each in ast.walk(value) if _is_name(each))
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if getattr(target, "id", "") in {"_TASKS", "kind"}:
                firsts = [each.elts[0] for each in ast.walk(node.value) if isinstance(each, ast.Tuple) and each.elts]
                plain = [] if getattr(target, "id", "") == "_TASKS" else list(ast.walk(node.value))
                yield from (each.value for each in (*firsts, *plain) if _is_name(each))


def _is_name(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", value) is not None
