"""Is every file that a page loads ours or vendored, unchanged, and with its licence?"""

import re
from hashlib import sha256
from pathlib import Path

from console.app import STATIC
from console.view import TEMPLATES

VENDOR = STATIC / "vendor"
AXE = Path(__file__).parent / "vendor"
KNOWN = {
    "htmx/htmx.min.js": "a0abb04f2f45a1f8",
    "htmx/hx-sse.min.js": "18ef2761356ec1fe",
    "css/uswds.min.css": "57cd9c162bc718e8",
    "vendor/axe.min.js": "29348999450cdf28",
}


def test_vendored_files_are_as_they_were_taken() -> None:
    found = {
        path.relative_to(path.parents[1]).as_posix(): sha256(path.read_bytes()).hexdigest()[:16] for path in vendored()
    }
    assert found == KNOWN


def vendored() -> list[Path]:
    return sorted([*VENDOR.rglob("*.min.*"), *AXE.glob("*.min.js")])


def test_each_package_has_its_licence() -> None:
    assert (VENDOR / "htmx" / "LICENSE").is_file()
    assert (VENDOR / "uswds" / "LICENSE.md").is_file()
    assert (AXE / "LICENSE").is_file()


def test_pages_load_nothing_from_elsewhere_and_hold_no_script_of_their_own() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text("utf-8")
        assert re.findall(r"(?:src|href)=\"https?://", text) == [], template.name
        assert re.findall(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|hx-on", text) == [], template.name


def test_whatever_the_style_sheet_names_is_there_unless_no_page_uses_it() -> None:
    sheet = (VENDOR / "uswds" / "css" / "uswds.min.css").read_text("utf-8")
    named = set(re.findall(r"url\(\.\./([^)]+)\)", sheet))
    absent = {name for name in named if not (VENDOR / "uswds" / name).exists()}
    assert all(name.startswith(("fonts/merriweather", "fonts/roboto-mono", "img/hero")) for name in absent), absent
