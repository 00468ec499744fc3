"""What the chapters of the whole path share: three people at three browsers, and one project."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from screening.projects.models import Job
from tests.browser.visitor import Visitor

PASSWORD = "an umbrella for three"
TITLE = "Peer support, three people"


@dataclass
class Evening:
    """Corinna coordinates and adjudicates, Renate and Ruben review. They are made up."""

    corinna: Visitor
    renate: Visitor
    ruben: Visitor
    files: Path
    slug: str = ""
    seen: set[str] = field(default_factory=set)

    def at(self, visitor: Visitor, below: str = "") -> Page:
        """Open an address below the project."""
        return visitor.go(f"/p/{self.slug}/{below}")

    def sound(self, visitor: Visitor, name: str) -> None:
        """Hold a page to axe and to a phone's width, the first time it is met."""
        if name not in self.seen:
            self.seen.add(name)
            visitor.finds_the_page_sound()

    def how_it_stands(self, visitor: Visitor) -> str:
        """What is needed to understand a wait in vain: the page, the jobs, the end of the worker's log."""
        jobs = list(Job.objects.order_by("created_at").values_list("kind", "state", "attempt", "sentence", "failure_sentence"))
        log = (self.files / "worker.log").read_text(errors="replace")[-3000:]
        return "\n".join([visitor.page.locator("main").inner_text(), *map(str, jobs), *visitor.troubles, log])
