"""What does `arrears policy check` tell, and with which exit code?"""

import json
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from tests.policies.test_check import broken

RUN = CliRunner()


def test_a_shipped_pack_passes_by_its_name() -> None:
    told = RUN.invoke(app, ["policy", "check", "las-cruces-nm"])
    assert (told.exit_code, told.output.strip()) == (0, "las-cruces-nm.toml: no faults, no doubts; it may be loaded.")


def test_a_fault_is_told_with_its_example_and_exit_code_one(tmp_path: Path) -> None:
    path = broken("winter_notice_too_short", tmp_path)
    told = RUN.invoke(app, ["policy", "check", str(path)])
    assert told.exit_code == 1
    assert "asks for at least 30 calendar days after mailing" in told.output
    assert "recommendation; with notice.min_days_mailed_winter = 30 it would be" in told.output
    assert told.output.strip().endswith("1 fault, no doubts; it may not be loaded.")


def test_a_script_reads_the_findings(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["policy", "check", "--json", str(broken("unknown_flag", tmp_path))])
    said = json.loads(told.stdout)
    assert (told.exit_code, said["loads"], said["findings"][0]["kind"]) == (1, False, "unknown")


def test_an_unknown_key_and_an_unknown_pack_are_named(tmp_path: Path) -> None:
    path = broken("unknown_flag", tmp_path)
    path.write_text(path.read_text().replace("supervisor_flags", "supervisor_flaggs"))
    told = RUN.invoke(app, ["policy", "check", str(path)])
    assert (told.exit_code, "dnp.supervisor_flaggs" in told.output) == (1, True)
    assert RUN.invoke(app, ["policy", "check", "atlantis"]).exit_code == 1
