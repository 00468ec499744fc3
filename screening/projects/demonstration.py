"""The demonstration accounts: offered on the login page in demo mode only."""

from typing import Any


def accounts_on_offer() -> list[dict[str, Any]]:
    return []
