"""What does a page know when it is drawn: who looks, at which desk, in which language, and what was typed?"""

import hmac
import re
import secrets
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casework.context import Desk
from casework.errors import Refused
from casework.permissions import Permission, may
from console.fact_forms import FORMS, QUESTIONS, WORDS, sums_of
from console.labels import BOOKS, label
from console.labels_policy import PARAMETER_NAMES
from console.labels_values import SAID_BY
from console.sentences import in_spanish
from console.telling import Teller
from console.typed import day_of, no_day
from console.words import LANGUAGES, N_, WRITTEN_MAX, Speech, plain_days, translations
from domain.evidence import Form
from domain.money import Money
from domain.states import PATH, ServiceStatus
from models.users import Role, User

PREFIX = "/desk"
TEMPLATES = Path(__file__).parent / "templates"
SEE_OTHER = 303
_FOR_FORMS = b"form"
_NUMBERED = re.compile(r"[A-Z]+[0-9]+")  # as the rules of a pack are; what only explains a refusal has a word
NAVIGATION = (
    ("/worklist", N_("Worklist"), Permission.SEE_CASES),
    ("/search", N_("Search"), Permission.SEE_CASES),
    ("/approvals", N_("Approvals"), Permission.SEE_APPROVALS),
    ("/many", N_("Many at once"), Permission.DECIDE),
    ("/board", N_("Cuts and reconnections"), Permission.SEE_CASES),
    ("/plans", N_("Agreements"), Permission.SEE_CASES),
    ("/protections", N_("Protections"), Permission.SEE_CASES),
    ("/tasks", N_("Tasks"), Permission.SEE_CASES),
    ("/exceptions", N_("Money back"), Permission.SEE_CASES),
    ("/money-out", N_("Refunds and corrections"), Permission.SEE_REPORTS),
    ("/counter", N_("Counter"), Permission.TAKE_MONEY),
    ("/mail", N_("Mail"), Permission.SEND_MAIL),
    ("/inquiries", N_("Inquiries"), Permission.SEE_INQUIRIES),
    ("/files", N_("Payment files"), Permission.SEE_IMPORTS),
    ("/extracts", N_("Extracts"), Permission.SEE_IMPORTS),
    ("/agencies", N_("Agencies"), Permission.SEE_REPORTS),
    ("/handed-on", N_("Handed on"), Permission.SEE_REPORTS),
    ("/books", N_("Bank days"), Permission.SEE_REPORTS),
    ("/team", N_("Team"), Permission.SEE_REPORTS),
    ("/reports", N_("Reports"), Permission.SEE_REPORTS),
    ("/radar", N_("What we owe"), Permission.SEE_REPORTS),
    ("/precedents", N_("Answered before"), Permission.SEE_NOTES),
    ("/stop", N_("Stop switch"), Permission.SEE_CASES),
    ("/opening", N_("Going live"), Permission.APPROVE),
    ("/policy", N_("Rules"), Permission.SEE_POLICY),
)
"""The pages that one can go to from anywhere, in order, and who sees the way."""


@lru_cache(maxsize=len(LANGUAGES))
def environment(language: str) -> Environment:
    """Return the templates as *language* draws them."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension's own
    made.filters |= {
        name: partial(said, language) for name, said in (("spoken", spoken), ("cited", cited), ("ruled", ruled))
    }
    made.globals |= {
        "prefix": PREFIX,
        "languages": LANGUAGES,
        "Permission": Permission,
        "books": BOOKS,
    }
    return made


def spoken(language: str, text: object) -> object:
    """Return a sentence of a rule in *language*; where it has no Spanish, in English, and marked so to be read out."""
    if not isinstance(text, str) or not text:
        return text
    said = plain_days(text) if language == "en" else in_spanish(text)
    if said is None:
        return Markup('<span lang="en">{}</span>').format(plain_days(text))
    return said[0].upper() + said[1:] if said.endswith(".") else said


def ruled(language: str, rule: str) -> str:
    """Return the number of a rule, or what people call the value of a pack that rules; nothing for what is neither."""
    if rule in PARAMETER_NAMES:
        return translations(language).gettext(PARAMETER_NAMES[rule])
    return rule if _NUMBERED.fullmatch(rule) else ""


def cited(language: str, text: str) -> str:
    """Return a citation as the law writes it, in English everywhere, and marked so to be read out."""
    return text if language == "en" or not text else Markup('<cite lang="en">{}</cite>').format(text)


@lru_cache(maxsize=WRITTEN_MAX)
def named(language: str, book: str, name: object) -> str:
    """Return the label of a stored *name* in *language*: a list says the same few hundred over and over."""
    return translations(language).gettext(label(book, name))


def said_by(language: str, who: str) -> str:
    """Return who a fact is from in *language*; what a person typed stays as it was typed."""
    known = SAID_BY.get(who)
    return translations(language).gettext(known) if known else who


@lru_cache(maxsize=WRITTEN_MAX)
def options(language: str, book: str, names: tuple[str, ...], chosen: str, every: str) -> str:
    """Return the choices of a list in HTML, *every* first where it has words."""
    parts: Any = environment(language).get_template("parts.html").module
    return parts.options(names, book, chosen, lambda book, name: named(language, book, name), every)  # type: ignore[no-any-return]  # markup


@lru_cache(maxsize=WRITTEN_MAX)
def kept(language: str, template: str, context: tuple[tuple[str, Hashable], ...]) -> Markup:
    """Return a part of a page that hangs on *context* alone, drawn once for it."""
    known = {
        "lang": language,
        "named": partial(named, language),
        "options": partial(options, language),
    }
    text = environment(language).get_template(template).render(known | dict(context))
    return Markup(text)  # noqa: S704  # drawn by a template of ours, which escapes what it is given


@lru_cache(maxsize=len(Role))
def ways_of(role: Role) -> tuple[tuple[str, str], ...]:
    """Return the pages that someone of *role* can go to from anywhere."""
    return tuple((path, words) for path, words, permission in NAVIGATION if may(role, permission))


def form_token(secret: str) -> str:
    """Return what a form must bring back to show that a page of ours sent it."""
    return hmac.digest(secret.encode(), _FOR_FORMS, "sha256").hex()


def _storable(text: str) -> str:
    """Return *text* without the blanks around it and without the sign that no database keeps."""
    return text.replace("\0", "").strip()


@dataclass(slots=True, kw_only=True)
class View:
    """One request of a person who is signed in. *form* holds what was typed, of a POST."""

    request: Request
    desk: Desk
    user: User
    speech: Speech
    secret: str
    now: datetime
    temporal_ui: str = ""
    form: FormData = field(default_factory=FormData)

    @property
    def asked_by_htmx(self) -> bool:
        """Say whether a part of a page is asked for, not a page."""
        return self.request.headers.get("HX-Request") == "true"

    def query(self, name: str) -> str:
        return _storable(self.request.query_params.get(name, ""))

    def day(self, name: str) -> date | None:
        """Return the day that the address asks for under *name*; none if it asks for none.

        Raises:
            Refused: what it asks for is no day.
        """
        text = self.query(name)
        found = day_of(text)
        if text and found is None:
            raise Refused(no_day())
        return found

    def typed(self, name: str) -> str:
        """Return what was typed under *name*, without the blanks around it."""
        value = self.form.get(name, "")
        return _storable(value) if isinstance(value, str) else ""

    def ticked(self, name: str) -> list[str]:
        """Return the values of every box of *name* that was ticked."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def path(self, name: str) -> str:
        return _storable(str(self.request.path_params[name]))

    def draw(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:  # noqa: ANN401  # a template's own
        """Return the page that *template* makes of *context*."""
        return HTMLResponse(self.text(template, **context), status)

    def text(self, template: str, **context: Any) -> str:  # noqa: ANN401  # a template's own
        """Return the text that *template* makes of *context*."""
        return environment(self.speech.language).get_template(template).render(self.known() | context)

    def known(self) -> dict[str, Any]:
        """Return what every template can say: the person, the language, the city's day, and how names read."""
        teller = Teller(self.speech)
        here = self.request.url.path
        ways = ways_of(self.desk.person.role)
        return {
            "t": self.speech,
            "count": self.speech.count,
            "lang": self.speech.language,
            "user": self.user,
            "may": self.desk.may,
            "form_token": form_token(self.secret),
            "new_key": lambda: secrets.token_urlsafe(12),
            "named": partial(named, self.speech.language),
            "said_by": partial(said_by, self.speech.language),
            "stands": self.stands,
            "options": partial(options, self.speech.language),
            "kept": self.kept,
            "ways": ways,
            "way": next((path for path, _ in ways if here.startswith(f"{PREFIX}{path}")), ""),
            "tell": teller.tell,
            "detail": self.detail,
            "asked_as": self.asked_as,
            "here": here,
            "now": self.now,
            "observes": self.desk.at.systems.observed,
            "asked": self.request.query_params,
            "temporal_ui": self.temporal_ui,
            "Money": Money,
        }

    def detail(self, key: str, value: str) -> str:
        """Return what a detail of a fact says in the words of the desk; a number or a name as it stands."""
        if key == "code" and value in BOOKS["language"]:
            return named(self.speech.language, "language", value)
        if key == "what" and value in BOOKS["task"]:  # what the outside did
            return named(self.speech.language, "task", value)
        try:
            return self._kept_as(FORMS.get(key), value)
        except ValueError:
            return self.speech.say(WORDS[value]) if value in WORDS else value

    def stands(self, stage: str, status: str) -> str:
        """Return where a case stands as the desk says it, from its stage and whether its service is on."""
        off = stage in PATH and status in {ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING}
        return self.speech.say(N_("Disconnected")) if off else named(self.speech.language, "stage", stage)

    def asked_as(self, key: str) -> str:
        """Return the question that a detail of a fact answers, without what is said of leaving it empty."""
        return self.speech.say(QUESTIONS[key]).partition(" (")[0] if key in QUESTIONS else ""

    def _kept_as(self, form: Form | None, value: str) -> str:
        """Return what a value kept in *form* says; a day wherever it reads as one."""
        language, money = self.speech.language, self.speech.money
        match form:
            case Form.SERVICE:
                return named(language, "service", value)
            case Form.CENTS:
                return money(int(value))
            case Form.CENTS_BY_SERVICE:
                return ", ".join(f"{named(language, 'service', name)} {money(each)}" for name, each in sums_of(value))
            case _:
                return self.speech.day(date.fromisoformat(value))

    def kept(self, template: str, **context: Hashable) -> Markup:
        """Return a part of the page that hangs on *context* and the language alone, from what was drawn before."""
        return kept(self.speech.language, template, tuple(context.items()))

    def go(self, path: str) -> Response:
        """Send the browser on to *path* of the console."""
        if self.asked_by_htmx:
            return Response(headers={"HX-Redirect": f"{PREFIX}{path}"})
        return RedirectResponse(f"{PREFIX}{path}", SEE_OTHER)
