"""What all Python tests of tools/ share."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds; `tools/test --fast` leaves it out")
