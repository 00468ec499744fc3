"""The demonstration accounts: made-up people named after trees, offered on the login page in demo mode only."""

from dataclasses import dataclass

from django.conf import settings

from screening.projects.models import Role

PASSWORD = "demonstration"  # noqa: S105 (known on purpose: system checks refuse demo mode on a public address)


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration team, and what it is there to show."""

    email: str
    name: str
    role: str
    roles: frozenset[str]
    shows: str

    @property
    def password(self) -> str:
        return PASSWORD


ACCOUNTS = (
    DemoAccount(
        "alder@example.org", "A. Alder", "coordinator", frozenset({Role.COORDINATOR}), "protocol, imports, voices to answer, exports"
    ),
    DemoAccount("birch@example.org", "B. Birch", "reviewer", frozenset({Role.REVIEWER}), "titles to screen, full texts to assess"),
    DemoAccount("cedar@example.org", "C. Cedar", "second reviewer", frozenset({Role.REVIEWER}), "the other half of the blinded pair"),
    DemoAccount("dogwood@example.org", "D. Dogwood", "adjudicator", frozenset({Role.ADJUDICATOR}), "conflicts to settle"),
    DemoAccount(
        "elm@example.org",
        "E. Elm",
        "working-group member",
        frozenset({Role.WORKING_GROUP}),
        "the protocol in plain words, voices and what became of them",
    ),
    DemoAccount("fir@example.org", "F. Fir", "observer", frozenset({Role.OBSERVER}), "everything that is settled"),
)


def accounts_on_offer() -> tuple[DemoAccount, ...]:
    """The accounts for the login page; none outside demo mode."""
    return ACCOUNTS if settings.DEMO else ()
