"""Tasks beside the open cases, on a page of their own: seen, explained to who may read notes, and marked as done."""

import re
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlmodel import select

from console.labels import BOOKS
from formats.codes import CHECKS
from formats.nacha import RETURNS
from formats.returned import reason_of
from models.session import reading, transaction
from models.tables import TaskRow
from models.tasks import raise_task
from tests.casework.paper import Paper
from tests.console.conftest import Browser, console_over
from tests.workflows.world import SHOP


def browser_of(paper: Paper, name: str) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in(name)
    return browser


def raised(paper: Paper, task_id: str, kind: str, **more: str) -> None:
    with transaction(paper.engine) as session:
        raise_task(session, task_id=task_id, kind=kind, at=paper.clock.now() - timedelta(hours=1), **more)  # type: ignore[arg-type]


def test_nothing_is_said_to_be_nothing(paper: Paper) -> None:
    assert "Nothing waits beside the cases." in browser_of(paper, "kim").get("/tasks").text


async def test_what_belongs_to_no_open_case_is_seen_with_its_words_and_done_once(paper: Paper) -> None:
    await paper.open(SHOP)
    raised(paper, "t/1", "pledge_for_no_account")
    raised(paper, "t2", "misstated_letter", account_no=SHOP, case_id=f"{SHOP}-0", about="Tell the customer.")
    raised(paper, "t3", "check_double_posting", account_no=SHOP)
    kim, rosa, cora = (browser_of(paper, name) for name in ("kim", "rosa", "cora"))
    page, read = kim.get("/tasks").text, rosa.get("/tasks").text
    kim.post("/tasks/done", task_id="t/1")
    kim.post("/tasks/done", task_id="t/1")
    unknown = kim.post("/tasks/done", task_id="t9")
    after = kim.get("/tasks").text
    with reading(paper.engine) as session:
        left = session.exec(select(TaskRow.task_id).where(TaskRow.done_at == None)).all()  # noqa: E711  # SQL's null

    assert "A pledge names no account that is known" in page
    assert "See whether a payment was posted twice" not in page  # it stands on the page of the case's account
    assert "Tell the customer." in read
    assert unknown.status_code == 404
    assert "A pledge names no account that is known" not in after
    assert sorted(left) == ["t2", "t3"]
    assert "/tasks/done" not in cora.get("/tasks").text


def test_every_task_that_a_return_brings_has_its_words() -> None:
    drafts = {reason_of("draft", code).task for code in RETURNS}
    checks = {reason_of("lockbox", code).task for code in CHECKS}
    assert {*drafts, *checks} - {""} <= BOOKS["desk_task"].keys()


def test_many_tasks_come_page_by_page_and_by_kind_none_twice_and_none_left_out(paper: Paper) -> None:
    for number in range(130):
        raised(paper, f"a{number:03}", "pledge_for_no_account")
    for number in range(120):
        raised(paper, f"b{number:03}", "misstated_letter", urgent=number % 2 == 0)  # type: ignore[arg-type]
    kim = browser_of(paper, "kim")
    pages, after = [], ""
    while True:
        text = kim.get("/tasks", after=after).text
        pages.append(re.findall(r'name="task_id" value="(\w+)"', text))
        after = (re.findall(r"after=(\w+)", text) or [""])[0]
        if not after:
            break
    first = kim.get("/tasks", kind="misstated_letter").text
    done = kim.post("/tasks/done", task_id="b000", kind="misstated_letter")
    gone = kim.get("/tasks", kind="no_such_kind").text

    assert [len(page) for page in pages] == [100, 100, 50]
    assert len({task for page in pages for task in page}) == 250
    assert {task[0] for task in pages[0][:60]} == {"b"}, "what is urgent stands first"
    assert "(250)" in first
    assert "(130)" in first
    assert set(re.findall(r'name="task_id" value="(\w)', first)) == {"b"}
    assert "kind=misstated_letter" in str(done.url)
    assert "(119)" in done.text
    assert "(249)" in gone, "a kind that there is none of shows all"
