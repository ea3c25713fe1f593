"""Which words does the console say, and which lack Spanish yet? ``python -m console.catalogue`` adds the new ones."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from console.harvest import harvest
from console.sentences import CONTEXT
from console.words import CATALOGUE

ROOM = Path(__file__).parent
METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "count": (1, 2), "say": None}
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def said() -> Catalog:
    """Return every word that code and templates say, and every sentence of the rules."""
    found = Catalog(locale="es")
    for filename, _, message, comments, context in extract_from_dir(
        str(ROOM), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        found.add(message, None, [(filename, 1)], auto_comments=comments, context=context)
    for sentence in harvest():
        found.add(sentence, context=CONTEXT)
    return found


def kept() -> Catalog:
    """Return the Spanish catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


def missing(context: str | None = None) -> list[str]:
    """Return the words that have no Spanish yet: those of pages, or by their *context* those of the rules."""
    spanish = kept()
    words = (message for message in said() if message.id and message.context == context)
    return [_name(message.id) for message in words if not _told(spanish, message)]


def forgotten(context: str | None = None) -> list[str]:
    """Return the words of the catalogue that no page says any more, or by their *context* no rule."""
    words = said()
    told = (message for message in kept() if message.id and message.context == context)
    return [_name(message.id) for message in told if words.get(_name(message.id), context) is None]


def _name(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _told(spanish: Catalog, message: Message) -> bool:
    found = spanish.get(_name(message.id), message.context)
    if found is None or found.fuzzy:
        return False
    return bool(found.string) if isinstance(found.string, str) else all(found.string or ("",))


def main() -> None:
    """Write new words into the catalogue, without Spanish; take out what nothing says any more."""
    spanish, words = kept(), said()
    spanish.update(words, no_fuzzy_matching=True, update_creation_date=False)
    spanish.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, spanish, omit_header=False, no_location=True, sort_output=True, width=110)


if __name__ == "__main__":
    main()
