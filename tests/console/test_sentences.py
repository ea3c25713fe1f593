"""Do the sentences of the rules read in Spanish, with the days, sums and names they were said with?"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.catalogue import forgotten, missing
from console.harvest import harvest
from console.sentences import CONTEXT, in_spanish
from console.words import catalogue
from domain.gate import gate
from tests.casework.paper import Paper
from tests.console.conftest import Browser
from tests.console.tour import ADDRESSES, REFUSED, furnish
from tests.policies.test_check import EXPECTED
from tests.policies.test_check import found as findings
from tests.rules.worked import case_of, examples, instant, policy

GAP = re.compile(r"\{\d+\}")
ENGLISH = re.compile(r"\b(the|of|is|are|was|has|and|which|they|its|until|through|by)\b")
"""Words that no Spanish sentence holds; codes of law and names of offices are cited, not said."""


def test_every_sentence_that_the_worked_examples_lead_to_has_its_spanish() -> None:
    said: set[str] = set()
    for example in examples():
        verdict = gate(example.action, case_of(example), policy(example.city), instant(example.now, example.city))
        for outcome in verdict.outcomes:
            said |= {outcome.says, outcome.way_out} - {""}
    assert len(said) > 100
    assert {text: in_spanish(text) for text in said if ENGLISH.search(in_spanish(text) or "the")} == {}


def test_every_sentence_of_the_source_has_its_spanish_and_no_spanish_is_left_over() -> None:
    assert missing(CONTEXT) == []
    assert forgotten(CONTEXT) == []


@pytest.mark.parametrize("value", ["7", "2026-12-04", "$1,234.50"])
def test_each_template_is_found_again_whatever_stands_in_its_gaps(value: str) -> None:
    lost = [text for text in harvest() if in_spanish(GAP.sub(value, text)) is None]
    assert lost == []


@pytest.mark.parametrize("name", EXPECTED)
def test_every_finding_of_the_check_of_a_pack_has_its_spanish(name: str, tmp_path: Path) -> None:
    for finding in findings(name, tmp_path):
        for text in (finding.says, finding.way_out, *(moment.says for moment in finding.timeline)):
            assert in_spanish(text) is not None, text


def test_no_translation_of_a_template_loses_or_invents_a_gap() -> None:
    for message in catalogue():
        if message.context == CONTEXT:
            assert sorted(GAP.findall(str(message.id))) == sorted(GAP.findall(str(message.string))), message.id


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        (
            "D03: Only gas may be cut for this debt. G03: A hold stands on the account.",
            "D03: Por esta deuda solo se puede cortar: gas. G03: Hay una retención en la cuenta.",
        ),
        ("Arrangement 1 of 2026-09-01 binds.", "El convenio 1 del 1 sept 2026 obliga."),
        (
            "Arrangement 1 of 2026-09-01 binds; its breach can be cured through 2026-10-01.",
            "El convenio 1 del 1 sept 2026 obliga; su incumplimiento puede subsanarse hasta el 1 oct 2026.",
        ),
        (
            "2026-12-04 is a Friday and the day before a holiday.",
            "El 4 dic 2026 es viernes y la víspera de un feriado.",
        ),
        (
            "If we receive $5.00 by 9:59 AM on Friday, May 8, 2026, no crew is sent on Monday, May 11 to disconnect.",
            "Si recibimos $5.00 a más tardar a las 9:59 am del viernes, 8 de mayo de 2026, {}".format(
                "no se envía ninguna cuadrilla el lunes, 11 de mayo a cortar."
            ),
        ),
        (
            "The notice of 2026-09-01 lacks: the referrals, electric.",
            "Al aviso del 1 sept 2026 le falta: las remisiones, electricidad.",
        ),
    ],
)
def test_a_sentence_is_said_with_its_values(said: str, spanish: str) -> None:
    assert (in_spanish(said) or "").replace("\xa0", " ") == spanish


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        (
            "The debt is recalled from the agency: a bankruptcy is known.",
            "La deuda se retira de la agencia: consta suspensión por bancarrota.",
        ),
        ("The judgment is satisfied: it is paid.", "La sentencia queda satisfecha: está pagado."),
    ],
)
def test_what_is_done_and_why_are_said_each_by_itself(said: str, spanish: str) -> None:
    assert (in_spanish(said) or "").startswith(spanish)


@pytest.mark.parametrize("typed", ["The dog is brown.", "Called; nobody was home, the son is away.", "Foo is bar."])
def test_what_a_person_typed_is_left_as_it_is(typed: str) -> None:
    assert in_spanish(typed) is None


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_it(text: str) -> None:
    assert in_spanish(text) is None or bool(in_spanish(text)) is bool(text)


async def test_the_spanish_pages_say_nothing_of_ours_in_english(desk: Browser, paper: Paper) -> None:
    await furnish(paper)
    desk.client.cookies.set("arrears_language", "es")
    desk.sign_in("sven")
    left: dict[str, str] = {}
    for address in (*ADDRESSES, *REFUSED):
        page = desk.client.get(f"/desk{address}", headers={"Accept-Language": "es"}).text
        assert '<html lang="es"' in page, address
        left |= dict.fromkeys(re.findall(r'<span lang="en">(.*?)</span>', page), address)
    assert left == {}
