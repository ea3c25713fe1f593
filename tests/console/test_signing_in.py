"""Who is let in at the console, for how long, and is anything lost when it ends?"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from console.guard import PAGES
from models.session import transaction
from models.sessions import IDLE_MAX, LENGTH_MAX
from models.tables import SessionRow
from tests.casework.paper import SHOP, Paper
from tests.console.conftest import PASSWORD, Browser


def end(paper: Paper, after: timedelta, *, since: str = "seen_at") -> None:
    """Let the one session have begun, or last been used, *after* ago."""
    with transaction(paper.engine) as session:
        row = session.exec(select(SessionRow)).one()
        setattr(row, since, datetime.now(UTC) - after)


def test_nobody_sees_a_page_without_signing_in(desk: Browser) -> None:
    for page in PAGES:
        path = page.path.replace("{account_no:str}", SHOP).replace("{case_id:str}", f"{SHOP}-1")
        path = path.replace("{number:int}", "1")
        answer = desk.client.request(sorted(page.methods - {"HEAD"})[0], f"/desk{path}", follow_redirects=False)
        assert answer.status_code in {303, 401}, path
        assert "/desk/login" in answer.headers.get("location", answer.text)


def test_whoever_signs_in_comes_to_where_they_wanted_to_go(desk: Browser) -> None:
    answer = desk.sign_in("rosa", next="/desk/worklist?tab=all")
    assert str(answer.url).endswith("/desk/worklist?tab=all")
    assert "Rosa" in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/desk/", "//evil.example", "/api/v1/cases", "javascript:1"])
def test_signing_in_leads_nowhere_else(desk: Browser, elsewhere: str) -> None:
    answer = desk.sign_in("rosa", next=elsewhere)
    assert answer.url.path == "/desk/worklist"


def test_a_wrong_password_keeps_the_name_and_says_no_more_than_it_must(desk: Browser) -> None:
    answers = [desk.client.post("/desk/login", data={"username": name, "password": "x"}) for name in ("rosa", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert 'value="rosa"' in answers[0].text
    assert answers[0].text.replace("rosa", "nobody") == answers[1].text


def test_a_name_is_not_tried_for_ever(desk: Browser) -> None:
    tries = [desk.client.post("/desk/login", data={"username": "senta", "password": "x"}).status_code for _ in range(9)]
    assert tries == [401] * 8 + [429]
    assert desk.sign_in("kim").status_code == 200, "another's tries are no one else's trouble"


def test_the_cookie_is_no_script_s_and_no_other_site_s(desk: Browser) -> None:
    answer = desk.client.post("/desk/login", data={"username": "rosa", "password": PASSWORD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/desk" in cookie


def test_a_form_without_our_token_is_not_taken(desk: Browser) -> None:
    desk.sign_in("rosa")
    assert desk.client.post("/desk/worklist/next", data={"key": "1"}).status_code == 403
    assert desk.client.post("/desk/worklist/next", data={"key": "1", "form_token": "x"}).status_code == 403


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_not_taken_even_with_the_token(desk: Browser, header: dict[str, str]) -> None:
    desk.sign_in("rosa")
    typed = {"key": "1", "form_token": desk.token}
    assert desk.client.post("/desk/worklist/next", data=typed, headers=header).status_code == 403
    assert (
        desk.client.post("/desk/login", data={"username": "rosa", "password": "x"}, headers=header).status_code == 403
    )


def test_signing_out_ends_the_session_wherever_its_cookie_lies(desk: Browser) -> None:
    desk.sign_in("rosa")
    cookies = dict(desk.client.cookies)
    assert desk.post("/logout").url.path == "/desk/login"
    desk.client.cookies.update(cookies)
    assert desk.get("/worklist").url.path == "/desk/login"


@pytest.mark.parametrize(("since", "after"), [("seen_at", IDLE_MAX), ("started_at", LENGTH_MAX)])
def test_a_session_ends_after_its_time(desk: Browser, paper: Paper, since: str, after: timedelta) -> None:
    desk.sign_in("rosa")
    end(paper, after - timedelta(minutes=1), since=since)
    assert desk.get("/worklist").url.path == "/desk/worklist"
    end(paper, after + timedelta(minutes=1), since=since)
    assert desk.get("/worklist").url.path == "/desk/login"


def test_what_was_typed_outlives_the_session(desk: Browser, paper: Paper) -> None:
    desk.sign_in("rosa")
    typed = {"note": "Wants to pay 50% on “Friday” <after> five.", "purpose": "call_back", "key": "k1"}
    token = desk.token
    end(paper, IDLE_MAX + timedelta(minutes=1))
    asked = desk.client.post("/desk/worklist/next", data=typed | {"form_token": token})
    assert asked.status_code == 401
    assert 'name="carried:note" value="Wants to pay 50% on “Friday” &lt;after&gt; five."' in asked.text
    assert token not in asked.text
    carried = {f"carried:{name}": value for name, value in typed.items()}
    resumed = desk.sign_in("rosa", action="/desk/worklist/next", **carried)
    assert resumed.status_code == 200
    assert "Wants to pay 50% on “Friday” &lt;after&gt; five." in resumed.text
    assert "<dt>What for</dt><dd>The customer had asked to be called back</dd>" in resumed.text
    assert 'action="/desk/worklist/next"' in resumed.text
    assert desk.token in resumed.text


def test_a_part_of_a_page_says_that_the_session_is_over_and_leaves_the_page_alone(desk: Browser) -> None:
    answer = desk.client.get("/desk/accounts/1/avoidance", headers={"HX-Request": "true"}, follow_redirects=False)
    assert answer.status_code == 401
    assert "You were signed out" in answer.text
    assert "<html" not in answer.text


def test_a_user_shut_out_is_out_at_once(desk: Browser, paper: Paper) -> None:
    from models.users import set_active  # noqa: PLC0415

    desk.sign_in("rosa")
    with transaction(paper.engine) as session:
        set_active(session, "rosa", active=False)
    assert desk.get("/worklist").url.path == "/desk/login"


def test_no_page_is_kept_by_a_browser_or_framed_by_a_site(desk: Browser) -> None:
    headers = desk.sign_in("rosa").headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]
