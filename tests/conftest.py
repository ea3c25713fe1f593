"""How hard do the random tests try? A little while developing, more on the server, much under `make prove`."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

gc.set_threshold(20_000, 20, 50)  # a test process is large: to look at all of it, as often as by default, takes minutes

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=300, deadline=None)
settings.register_profile(
    "deep", max_examples=5_000, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large)
)
settings.load_profile("deep" if os.environ.get("ARREARS_PROVE") else "ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish() -> None:
    settle_memory()


@pytest.fixture(scope="module", autouse=True)
def settled_memory() -> Iterator[None]:
    yield
    settle_memory()


def settle_memory() -> None:
    """Take what stays out of the collector's sight: a workflow that waits for it for two seconds is given up."""
    gc.collect()
    gc.freeze()


EXHAUSTIVE = ("tests/prove/test_gate_against_law.py", "tests/prove/test_pairs_against_law.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what deep checks told of how much they tried, and what the exhaustive one came to in all."""
    states, seconds, clock, tests = 0, 0.0, 0.0, 0
    for report in (report for found in terminalreporter.stats.values() for report in found):
        if getattr(report, "when", "") != "teardown":
            continue
        exhaustive = report.nodeid.startswith(EXHAUSTIVE)
        tests += exhaustive
        for name, said in report.user_properties:
            if name == "told":
                terminalreporter.write_line(str(said))
            elif exhaustive and name == "states":
                states += said
            elif exhaustive and name == "seconds":
                seconds, clock = seconds + said[0], clock + said[1]
    if tests:
        terminalreporter.write_line(
            f"gate against law: {states:,} states in {tests} tests, {seconds:.0f} s of processor time, "
            f"{clock:.0f} s by the clock if one process did it all"
        )
