"""Agencies, courts and rolls through the API: files in and out, the score card, the papers as PDF; on paper."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from casework.packets import _claim
from casework.write_offs import candidates
from domain import events as ev
from domain import parameters as p
from domain.account import Service
from domain.bankruptcy import StayedPart
from domain.case import Case
from domain.facts import Fact, FactKind
from domain.hear import Tells
from domain.money import Money
from domain.policy import Dated, Source, Standing
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.take.remedies import named
from formats.agency import read_messages, read_placements
from formats.city import read_remittance
from formats.property import read_certified, read_lien_releases, read_setoff_updates
from models.accounts import personal_of
from models.agencies import remit
from models.policies import activate
from models.session import reading, transaction
from models.tables import AccountRow, AgencyMoneyRow, OutboxRow
from tests.casework.paper import POLICY, SHOP, SHOP_CASE, Paper

API, TODAY = "/api/v1", date(2026, 9, 1)
Headers = dict[str, dict[str, str]]
BOTH = "9971411351"


async def final_billed(paper: Paper, account_no: str = SHOP) -> Case:
    case = await paper.open(account_no)
    owed = sum(bill.open.cents for bill in case.known.bills)
    return paper.happen(case, ev.FinalBilled(due_on=date(2026, 7, 1), amount=Money(owed)))


def a_remedy(case: Case, kind: RemedyKind, *, letter: str, services: tuple[Service, ...] = tuple(Service)) -> Remedy:
    bills = tuple(bill for bill in case.known.bills if bill.service in services)
    amount = Money(sum(bill.open.cents for bill in bills))
    return Remedy(
        remedy_id=f"{case.case_id}-{letter}1",
        kind=kind,
        state=RemedyState.STANDING,
        bills=named(bills),
        amount=amount,
        told=amount,
        since=TODAY,
        with_whom="agency" if kind is RemedyKind.PLACEMENT else "Conciliation Court",
        ref="PLC7" if kind is RemedyKind.PLACEMENT else "CL7",
        due_on=date(2026, 10, 15) if kind is RemedyKind.CLAIM else None,
    )


async def placed(paper: Paper) -> Case:
    case = await final_billed(paper)
    return paper.happen(case, ev.PlacedWithAgency(remedy=a_remedy(case, RemedyKind.PLACEMENT, letter="p")))


def sent(client: TestClient, tokens: Headers, kind: str, data: str) -> Any:
    return client.post(f"{API}/agency-files", params={"kind": kind}, headers=tokens["kim"], content=data)


def told(paper: Paper) -> list[tuple[str, str]]:
    with reading(paper.engine) as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == "tell").order_by(OutboxRow.id)).all()
        return [(row.body["told"]["what"], row.body["told"]["because"]) for row in rows]


def handed_out(client: TestClient, tokens: Headers, path: str) -> bytes:
    made = client.post(f"{API}/{path}", headers=tokens["kim"])
    assert made.status_code == 201, made.text
    again = client.post(f"{API}/{path}", headers=tokens["kim"])
    assert again.json()["export_id"] == made.json()["export_id"], "the same day is the same file"
    return client.get(f"{API}/exports/{made.json()['export_id']}/file", headers=tokens["kim"]).content


ACK = "placement_ref,account_no,placed_cents,result,reason,acknowledged_on\n"


async def test_an_acknowledgment_is_told_to_each_case_and_a_rejection_with_its_reason(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await placed(paper)
    data = ACK + f"PLC7,{SHOP},110140,rejected,missing_last4,2026-09-02\nPLC8,9900000010,5,accepted,,2026-09-02\n"
    answer = sent(client, tokens, "acknowledgment", data)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["lines"], shown["told"], shown["left"]) == (2, 1, ["9900000010"])
    assert told(paper) == [(Tells.AGENCY_REFUSED, "missing_last4")]
    again = sent(client, tokens, "acknowledgment", data)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/file-duplicate-file")
    assert len(told(paper)) == 1


async def test_a_damaged_file_is_refused_whole_and_tells_nobody(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await placed(paper)
    data = ACK + f"PLC7,{SHOP},110140,accepted,,2026-09-02\nPLC8,{BOTH},x,accepted,,2026-09-02\n"
    answer = sent(client, tokens, "acknowledgment", data)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file-not-a-number")
    assert "line 3" in answer.json()["detail"]
    assert "bytes" not in answer.json()["detail"], "a file is called by its name"
    assert told(paper) == []


async def test_a_debt_returned_as_uncollectible_and_a_recall_confirmed_are_two_words(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await placed(paper)
    head = "account_no,action,reason,balance_cents,effective_on\n"
    assert sent(client, tokens, "recall", f"{head}{SHOP},returned_by_agency,uncollectible,5,2026-09-02\n").is_success
    assert sent(client, tokens, "recall", f"{head}{SHOP},recall_confirmed,dispute,5,2026-09-02\n").is_success
    assert told(paper) == [(Tells.AGENCY_RETURNED, "uncollectible"), (Tells.OUTSIDE_RECALL, "dispute")]


async def test_only_who_takes_files_may_send_one(client: TestClient, tokens: Headers) -> None:
    answer = client.post(f"{API}/agency-files", params={"kind": "recall"}, headers=tokens["rosa"], content="x")
    assert answer.status_code == 403


async def test_a_report_of_contacts_is_held_against_regulation_f(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    rows = "".join(f"D,c{n},{SHOP},2026-09-0{n}T10:0{n},phone,{int(n == 1)},1,0,{int(n == 1)},0\n" for n in (1, 3))
    head = "rec,contact_id,account_no,at,channel,spoke,opt_out,ceased,notice,threat\n"
    answer = sent(client, tokens, "contacts", f"{head}{rows}T,,2,,,,,,,\n")
    assert answer.json()["findings"] == 1, answer.text
    (found,) = client.get(f"{API}/agencies/conduct", headers=tokens["ada"]).json()["findings"]
    assert (found["contact_id"], found["rule"]) == ("c3", "12 CFR 1006.14(b)(2)(i)(B)")


async def test_the_placement_file_names_the_debtor_and_itemizes_the_debt(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await placed(paper)
    data = handed_out(client, tokens, "agencies/agency/placement-file")
    (line,) = read_placements(data)
    assert (line.account_no, line.placed_cents) == (SHOP, case.remedies[0].amount.cents)
    assert line.itemized_cents == line.placed_cents
    with reading(paper.engine) as session:
        assert line.name == personal_of(session, SHOP).name
    none = client.post(f"{API}/agencies/agency/placement-file", params={"on": "2026-08-01"}, headers=tokens["kim"])
    assert (none.status_code, none.json()["type"]) == (404, "/problems/no-such-placement-of-that-day")
    for kind in ("placement-file", "message-file"):
        other = client.post(f"{API}/agencies/agancy/{kind}", headers=tokens["kim"])
        assert (other.status_code, other.json()["type"]) == (404, "/problems/no-such-agency"), "a mistyped name"


async def test_a_debt_that_was_dropped_before_it_went_out_is_in_no_file(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await final_billed(paper)
    remedy = replace(a_remedy(case, RemedyKind.PLACEMENT, letter="p"), state=RemedyState.DECIDED, ref="")
    case = paper.happen(case, ev.RemedyDecided(remedy=remedy, because="least placed"))
    paper.happen(case, ev.RemedyDropped(remedy_id=remedy.remedy_id, because="a dispute came first"))
    for file in ("placement-file", "message-file"):
        answer = client.post(f"{API}/agencies/agency/{file}", headers=tokens["kim"])
        assert answer.status_code == 404, answer.text


async def test_the_days_messages_hold_direct_payments_and_recalls(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await placed(paper)
    remedy = case.remedies[0]
    left = remedy.amount - Money(10_000)
    case = paper.happen(
        case, ev.RemedyTold(remedy_id=remedy.remedy_id, change=Money(10_000), left=left, commission=Money(3_000))
    )
    paper.happen(case, ev.RecalledFromAgency(remedy_id=remedy.remedy_id, ref="PLC7", because="disputed", left=left))
    lines = read_messages(handed_out(client, tokens, "agencies/agency/message-file"))
    assert [(line.action.value, line.amount_cents, line.left_cents) for line in lines] == [
        ("direct_payment", 10_000, left.cents),
        ("recall", 0, left.cents),
    ]


async def test_commission_is_reconciled_and_the_score_card_counts_each_cent_once(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await placed(paper)
    remedy = case.remedies[0]
    change = ev.RemedyTold(
        remedy_id=remedy.remedy_id, change=Money(10_000), left=remedy.amount - Money(10_000), commission=Money(3_000)
    )
    paper.happen(case, change)
    data = (
        "rec,line_id,account_no,paid_on,paid_to,gross_cents,commission_cents,net_cents\n"
        f"D,L1,{SHOP},2026-09-01,city,10000,3000,-3000\n"
        f"D,L2,{SHOP},2026-09-01,agency,5000,1600,3400\n"
        "T,RM1,2,,,5000,4600,400\n"
    )
    for _ in range(2):
        with transaction(paper.engine) as session:
            remit(session, read_remittance(data.encode()))
    shown = client.get(f"{API}/agencies/commission", headers=tokens["ada"]).json()
    sums = {name: shown[f"{name}_cents"] for name in ("collected", "direct", "commission", "net")}
    assert sums == {"collected": 5_000, "direct": 10_000, "commission": 4_600, "net": 400}
    differences = [(d["what"], d["ours_cents"], d["theirs_cents"]) for d in shown["differences"]]
    assert differences == [("commission", 1_500, 1_600), ("kept back", 1_500, 1_600)]
    (line,) = client.get(f"{API}/agencies/score-card", headers=tokens["ada"]).json()["vintages"]
    assert (line["agency"], line["month"], line["debts"], line["open"]) == ("agency", "2026-09", 1, 1)
    assert (line["collected_cents"], line["direct_cents"], line["commission_cents"]) == (5_000, 10_000, 4_600)
    with reading(paper.engine) as session:
        assert len(session.exec(select(AgencyMoneyRow)).all()) == 3


async def test_a_claims_packet_and_its_affidavit_are_pdfs(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case = await final_billed(paper)
    remedy = a_remedy(case, RemedyKind.CLAIM, letter="c")
    case = paper.happen(case, ev.ClaimFiled(remedy=remedy))
    url = f"{API}/claims/{remedy.remedy_id}"
    packet = client.get(f"{url}/packet.pdf", headers=tokens["rosa"])
    assert packet.content.startswith(b"%PDF-1.7"), packet.text
    assert client.get(f"{url}/packet.pdf", headers=tokens["rosa"]).content == packet.content
    early = client.get(f"{url}/affidavit.pdf", headers=tokens["rosa"])
    assert (early.status_code, early.json()["type"]) == (409, "/problems/military-status-unknown")
    paper.happen(case, ev.RemedyMarked(remedy_id=remedy.remedy_id, mark=Mark.NON_MILITARY, on=TODAY))
    assert client.get(f"{url}/affidavit.pdf", headers=tokens["rosa"]).content.startswith(b"%PDF-1.7")
    assert client.get(f"{url}/packet.pdf", headers=tokens["ada"]).status_code == 403


async def test_a_paper_of_a_court_names_the_debtors_place_as_a_letter_does(paper: Paper) -> None:
    case = await final_billed(paper)
    remedy = a_remedy(case, RemedyKind.CLAIM, letter="c")
    paper.happen(case, ev.ClaimFiled(remedy=remedy))
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).mailing_address = "PO Box 225 Demo City MN 55999"
    with reading(paper.engine) as session:
        _, debtor = _claim(session, remedy.remedy_id).parties
    assert debtor.lines[1:] == ("PO Box 225", "Demo City MN 55999"), "the ZIP once, on the line of its city"


async def test_a_proof_of_claim_states_the_debt_at_the_petition(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open(BOTH)
    url = f"{API}/cases/{case.case_id}/proof-of-claim.pdf"
    assert client.get(url, headers=tokens["rosa"]).status_code == 409
    petition = Fact(
        fact_id="f1",
        kind=FactKind.BANKRUPTCY,
        starts=paper.clock.now() - timedelta(days=1),
        known_at=paper.clock.now(),
        evidence="26-30412",
        details={"chapter": "13", "petition_on": "2026-08-31"},
    )
    parts = tuple(
        StayedPart(ref=bill.ref, service=bill.service, due_on=bill.due_on, amount=bill.open)
        for bill in case.known.bills
    )
    owed = Money(sum(part.amount.cents for part in parts))
    split = ev.PetitionSplit(petition="f1", petition_on=date(2026, 8, 31), chapter="13", amount=owed, parts=parts)
    paper.happen(case, ev.FactRecorded(fact=petition), split)
    answer = client.get(url, headers=tokens["rosa"])
    assert answer.content.startswith(b"%PDF-1.7"), answer.text


async def test_the_councils_packet_names_no_customer(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case = await final_billed(paper)
    empty = client.get(f"{API}/write-offs/packet.pdf", headers=tokens["ada"])
    assert empty.status_code == 404, "a bill is not old enough yet"
    paper.clock.set(paper.clock.now() + timedelta(days=100))
    paper.happen(case, ev.NoteAdded(note="looked at"))
    answer = client.get(f"{API}/write-offs/packet.pdf", headers=tokens["ada"])
    assert answer.content.startswith(b"%PDF-1.7"), answer.text

    (found,) = candidates(paper.desk("ada"))
    assert found.account_no == SHOP
    with reading(paper.engine) as session:
        assert personal_of(session, SHOP).name not in str(found)


async def test_a_roll_holds_what_stands_and_only_services_that_may_be_certified(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await final_billed(paper, BOTH)
    remedy = a_remedy(case, RemedyKind.CERTIFICATION, letter="t", services=(Service.WATER,))
    paper.happen(case, ev.RemedyStands(remedy=remedy))
    data = handed_out(client, tokens, "filings/certification")
    (line,) = read_certified(data, services=("water",))
    assert (line.account_no, line.amount_cents) == (BOTH, remedy.amount.cents)
    assert [row["rec"] for row in csv.DictReader(io.StringIO(data.decode()))] == ["D", "T"]
    assert client.post(f"{API}/filings/setoff", headers=tokens["kim"]).status_code == 404


@pytest.mark.parametrize("remedy_id", ["nothing", f"{SHOP_CASE}-c9"])
def test_a_claim_that_is_not_there_is_not_found(client: TestClient, tokens: Headers, remedy_id: str) -> None:
    assert client.get(f"{API}/claims/{remedy_id}/packet.pdf", headers=tokens["rosa"]).status_code == 404


async def test_the_state_is_told_what_is_left_of_a_claim_and_when_it_is_released(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await final_billed(paper)
    remedy = a_remedy(case, RemedyKind.SETOFF, letter="r")
    case = paper.happen(case, ev.RemedyStands(remedy=remedy))
    none = client.post(f"{API}/filings/setoff/updates", headers=tokens["kim"])
    assert none.status_code == 404
    left = remedy.amount - Money(10_000)
    told = ev.RemedyTold(remedy_id=remedy.remedy_id, change=Money(10_000), left=left, commission=Money(0))
    case = paper.happen(case, told)
    paper.happen(case, ev.RemedyEnded(remedy_id=remedy.remedy_id, because="paid"))
    lines = read_setoff_updates(handed_out(client, tokens, "filings/setoff/updates"))
    assert [(line.claim_id, line.action.value, line.left_cents) for line in lines] == [
        (remedy.remedy_id, "change", left.cents),
        (remedy.remedy_id, "release", 0),
    ]


async def test_a_lien_is_listed_with_its_interest_and_its_release_is_told_to_the_clerk(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await final_billed(paper)
    remedy = a_remedy(case, RemedyKind.LIEN, letter="n")
    case = paper.happen(case, ev.RemedyStands(remedy=remedy))
    stated = (Dated(date(2018, 1, 31), Decimal(12), Source("as this test says", Standing.POLICY)),)
    pack = replace(POLICY, values={**POLICY.values, p.LIEN_INTEREST_PCT.key: stated})
    with transaction(paper.engine) as session:
        activate(session, pack, paper.clock.now())
    paper.clock.set(paper.clock.now() + timedelta(days=73))  # a fifth of a year at 12 per cent
    accrued = Decimal(remedy.amount.cents) * 12 / 500
    (line,) = client.get(f"{API}/reports/liens", headers=tokens["rosa"]).json()["lines"]
    assert (line["lien"], line["left_cents"]) == (remedy.remedy_id, remedy.amount.cents)
    assert line["interest_cents"] == accrued.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert line["payoff_cents"] == line["left_cents"] + line["interest_cents"]

    seen = replace(case.known, bills=())  # the charges are paid; of the interest a part is billed, the rest given up
    read = ev.AccountRead(known=seen, balance=Money(0), past_due=Money(0), change=Money(0) - remedy.amount)
    billed = ev.LienInterestBilled(
        remedy_id=remedy.remedy_id, service=Service.ELECTRIC, amount=Money(100), ref="FE1/electric"
    )
    rest = Money(line["interest_cents"] - 100)
    case = paper.happen(case, read, billed)
    case = paper.happen(case, ev.LienInterestGivenUp(remedy_id=remedy.remedy_id, amount=rest, because="goodwill"))
    (line,) = client.get(f"{API}/reports/liens", headers=tokens["rosa"]).json()["lines"]
    assert (line["left_cents"], line["billed_cents"], line["given_up_cents"]) == (0, 100, rest.cents)
    assert line["payoff_cents"] == 100, "what was billed of its interest is not paid yet"

    assert client.post(f"{API}/filings/lien/releases", headers=tokens["kim"]).status_code == 404
    paper.happen(case, ev.RemedyEnded(remedy_id=remedy.remedy_id, because="paid"))
    (release,) = read_lien_releases(handed_out(client, tokens, "filings/lien/releases"))
    assert (release.lien_id, release.released_on) == (remedy.remedy_id, TODAY + timedelta(days=73))
    assert release.interest_cents == line["interest_cents"]
    (line,) = client.get(f"{API}/reports/liens", headers=tokens["rosa"]).json()["lines"]
    assert (line["payoff_cents"], line["released_on"]) == (0, str(TODAY + timedelta(days=73)))


async def test_owners_notices_are_listed_by_place_and_day(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await final_billed(paper)
    assert client.get(f"{API}/reports/owner-waivers", headers=tokens["rosa"]).json()["lines"] == []
    notice = {"type": "record_fact", "kind": "owner_waiver", "source": "letter", "evidence": "doc-7"}
    url = f"{API}/accounts/{SHOP}/facts"
    assert client.post(url, headers=tokens["rosa"] | {"Idempotency-Key": "w"}, json=notice).is_success
    (line,) = client.get(f"{API}/reports/owner-waivers", headers=tokens["rosa"]).json()["lines"]
    assert (line["from"], line["state"], line["kept_as"]) == (str(TODAY), "stands", "doc-7")
    assert line["premise"]
