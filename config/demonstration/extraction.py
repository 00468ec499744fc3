"""Two made-up reviews, extracted, with made-up lists of primary studies that overlap by three studies."""

import csv
import io
from collections.abc import Sequence

from extraction.forms.actions import save_extraction
from extraction.studies.actions import save_list
from screening.decisions.models import ReportStage
from screening.fulltext.actions import review_of
from screening.fulltext.queries import at_full_text
from screening.projects.models import Membership
from screening.protocol.queries import questions_of

# (author, year, title, DOI): made up. The second list cites three of the first's studies in other words.
FIRST = (
    ("Hazel J", 2005, "Demonstration trial: paid peer workers in two crisis teams", "10.5555/brolly.study.1"),
    ("Rowan P", 2007, "Demonstration trial: peer mentors after discharge", "10.5555/brolly.study.2"),
    ("Söğüt A", 2008, "Demonstration cohort: peer support in rural clinics", ""),
    ("Maple R", 2006, "Demonstration trial: recovery planning with peers", "10.5555/brolly.study.4"),
    ("Ébène D", 2004, "Demonstration interviews: being understood without explaining", ""),
    ("Willow K", 2008, "Demonstration trial: peers in early intervention", "10.5555/brolly.study.6"),
    ("Juniper C", 2003, "Demonstration cohort: families supporting families", "10.5555/brolly.study.7"),
)
SECOND = (
    ("Rowan P.", 2007, "Peer mentors after discharge: demonstration trial", "https://doi.org/10.5555/BROLLY.STUDY.2"),
    ("Sogut A", 2008, "Demonstration cohort: Peer support in rural clinics.", ""),
    ("Willow K", 2008, "Demonstration trial: peers in early intervention", "doi:10.5555/brolly.study.6"),
    ("Linden T", 2005, "Demonstration trial: peer-led groups in a day hospital", "10.5555/brolly.study.8"),
    ("Zelkova M", 2006, "Demonstration interviews: what supervision is for", ""),
)


def _as_csv(rows: Sequence[tuple[str, int, str, str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("author", "year", "title", "doi"), *rows])
    return file.getvalue()


def extract_two_reviews(*, by: Membership) -> None:
    """Extract the first two made-up reports that were included; the other included ones wait."""
    rows = at_full_text(by.project).filter(status=ReportStage.Status.INCLUDE, report__title__istartswith="Demonstration")
    effectiveness, implementation, *_ = questions_of(by.project)
    made = zip(rows.order_by("report__title_key")[:2], (FIRST, SECOND), ("consumer", "family"), strict=False)
    for row, studies, peer_type in made:
        review = review_of(by=by, report=row.report)
        save_extraction(
            by=by,
            review=review,
            values={
                "design": "meta_analysis" if peer_type == "consumer" else "scoping",
                "questions": [str(effectiveness.pk)] if peer_type == "consumer" else [str(effectiveness.pk), str(implementation.pk)],
                "aim": "Made up for the demonstration.",
                "studies": len(studies),
                "participants": 1240 if peer_type == "consumer" else "not_reported",
                "population": "Made up: people using community mental health teams.",
                "peer_type": peer_type,
                "own_appraisal": "yes" if peer_type == "consumer" else "no",
            },
        )
        save_list(by=by, review=review, text=_as_csv(studies), filename="studies.csv")
