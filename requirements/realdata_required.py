"""A plugin of pytest: a test of the open data that was skipped is a failure.

Loaded when REALDATA names the folder of open data. Without it a wrong path or a missing file
would make those tests disappear silently.
"""

import pytest

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note every test marked `realdata` that was skipped."""
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and "realdata" in report.keywords:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if any was."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name them, and say what to do."""
    if not _skipped:
        return
    terminalreporter.section("open data not read", red=True)
    terminalreporter.line("REALDATA is set, yet these tests of the open data were skipped:")
    for test in _skipped:
        terminalreporter.line(f"  {test}")
    terminalreporter.line("Point REALDATA at the whole folder, or unset it.")
