"""The flow as the CSV file that the open PRISMA2020 package reads. Pure.

Header, rows and order are those of the package's own template (Haddaway et al. 2022, Campbell Systematic Reviews
18:e1230; the template is MIT-licensed). The package does no arithmetic and splits details at commas and
semicolons, so both are taken out of labels; a detail that is not used keeps the template's placeholder.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from screening.flow.rules import Counts
from screening.projects.cells import without_signs

HEADER = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
DETAIL = "{0} 1, xxx; {0} 2, xxx; {0} 3, xxx"
REASONS_HINT = "[separate reasons and numbers using ; e.g. Reason1, xxx; Reason2, xxx; Reason3, xxx]"
NO_REASONS = "Reason1, xxx; Reason2, xxx; Reason3, xxx"
NEW_BY_DATABASES = "Identification of new studies via databases and registers"
NEW_BY_OTHERS = "Identification of new studies via other methods"

# data, node, box, description, box text, tooltip, url: the box text says review where the template says study.
Row = tuple[str, str, str, str, str, str, str]
ROWS: tuple[Row, ...] = (
    (
        "NA",
        "node4",
        "prevstud",
        "Grey title box; Previous studies",
        "Previous reviews",
        "Grey title box; Previous studies",
        "prevstud.html",
    ),
    (
        "previous_studies",
        "node5",
        "box1",
        "Studies included in previous version of review",
        "Reviews included in previous version of umbrella review",
        "Studies included in previous version of review",
        "previous_studies.html",
    ),
    (
        "previous_reports",
        "NA",
        "box1",
        "Reports of studies included in previous version of review",
        "Reports of reviews included in previous version of umbrella review",
        "NA",
        "previous_reports.html",
    ),
    (
        "NA",
        "node6",
        "newstud",
        f"Yellow title box; {NEW_BY_DATABASES}",
        "Identification of reviews via databases and registers",
        f"Yellow title box; {NEW_BY_DATABASES}",
        "newstud.html",
    ),
    (
        "database_results",
        "node7",
        "box2",
        "Records identified from: Databases",
        "Databases",
        "Records identified from: Databases and Registers",
        "database_results.html",
    ),
    (
        "database_specific_results",
        "NA",
        "box2",
        "Records identified from: specific databases",
        "Specific Databases",
        "NA",
        "database_results.html",
    ),
    ("register_results", "NA", "box2", "Records identified from: Registers", "Registers", "NA", "NA"),
    (
        "register_specific_results",
        "NA",
        "box2",
        "Records identified from: specific registers",
        "Specific Registers",
        "NA",
        "database_results.html",
    ),
    (
        "NA",
        "node16",
        "othstud",
        f"Grey title box; {NEW_BY_OTHERS}",
        "Identification of reviews via other methods",
        f"Grey title box; {NEW_BY_OTHERS}",
        "othstud.html",
    ),
    (
        "website_results",
        "node17",
        "box11",
        "Records identified from: Websites",
        "Websites",
        "Records identified from: Websites, Organisations and Citation Searching",
        "website_results.html",
    ),
    ("organisation_results", "", "box11", "Records identified from: Organisations", "Organisations", "NA", "NA"),
    ("citations_results", "NA", "box11", "Records identified from: Citation searching", "Citation searching", "NA", "NA"),
    ("duplicates", "node8", "box3", "Duplicate records", "Duplicate records", "Duplicate records", "duplicates.html"),
    (
        "excluded_automatic",
        "NA",
        "box3",
        "Records marked as ineligible by automation tools",
        "Records marked as ineligible by automation tools",
        "NA",
        "NA",
    ),
    ("excluded_other", "NA", "box3", "Records removed for other reasons", "Records removed for other reasons", "NA", "NA"),
    (
        "records_screened",
        "node9",
        "box4",
        "Records screened (databases and registers)",
        "Records screened",
        "Records screened (databases and registers)",
        "records_screened.html",
    ),
    (
        "records_excluded",
        "node10",
        "box5",
        "Records excluded (databases and registers)",
        "Records excluded",
        "Records excluded (databases and registers)",
        "records_excluded.html",
    ),
    (
        "dbr_sought_reports",
        "node11",
        "box6",
        "Reports sought for retrieval (databases and registers)",
        "Reports sought for retrieval",
        "Reports sought for retrieval (databases and registers)",
        "dbr_sought_reports.html",
    ),
    (
        "dbr_notretrieved_reports",
        "node12",
        "box7",
        "Reports not retrieved (databases and registers)",
        "Reports not retrieved",
        "Reports not retrieved (databases and registers)",
        "dbr_notretrieved_reports.html",
    ),
    (
        "other_sought_reports",
        "node18",
        "box12",
        "Reports sought for retrieval (other)",
        "Reports sought for retrieval",
        "Reports sought for retrieval (other)",
        "other_sought_reports.html",
    ),
    (
        "other_notretrieved_reports",
        "node19",
        "box13",
        "Reports not retrieved (other)",
        "Reports not retrieved",
        "Reports not retrieved (other)",
        "other_notretrieved_reports.html",
    ),
    (
        "dbr_assessed",
        "node13",
        "box8",
        "Reports assessed for eligibility (databases and registers)",
        "Reports assessed for eligibility",
        "Reports assessed for eligibility (databases and registers)",
        "dbr_assessed.html",
    ),
    (
        "dbr_excluded",
        "node14",
        "box9",
        f"Reports excluded (databases and registers): {REASONS_HINT}",
        "Reports excluded",
        "Reports excluded (databases and registers)",
        "dbrexcludedrecords.html",
    ),
    (
        "other_assessed",
        "node20",
        "box14",
        "Reports assessed for eligibility (other)",
        "Reports assessed for eligibility",
        "Reports assessed for eligibility (other)",
        "other_assessed.html",
    ),
    (
        "other_excluded",
        "node21",
        "box15",
        f"Reports excluded (other): {REASONS_HINT}",
        "Reports excluded",
        "Reports excluded (other)",
        "other_excluded.html",
    ),
    (
        "new_studies",
        "node15",
        "box10",
        "New studies included in review",
        "Reviews included in umbrella review",
        "New studies included in review",
        "new_studies.html",
    ),
    ("new_reports", "NA", "box10", "Reports of new included studies", "Reports of included reviews", "NA", "NA"),
    (
        "total_studies",
        "node22",
        "box16",
        "Total studies included in review",
        "Total reviews included in umbrella review",
        "Total studies included in review",
        "total_studies.html",
    ),
    ("total_reports", "NA", "box16", "Reports of total included studies", "Reports of total included reviews", "NA", "NA"),
    (
        "identification",
        "node1",
        "identification",
        "Blue identification box",
        "Identification",
        "Blue identification box",
        "identification.html",
    ),
    ("screening", "node2", "screening", "Blue screening box", "Screening", "Blue screening box", "screening.html"),
    ("included", "node3", "included", "Blue included box", "Included", "Blue included box", "included.html"),
    (
        "total_studies_ma",
        "node23",
        "box17",
        "Total studies included in meta-analysis",
        "Total reviews included in meta-analysis",
        "Total studies included in meta-analysis",
        "total_studies_meta_analysis.html",
    ),
    (
        "total_reports_ma",
        "NA",
        "box17",
        "Reports of total included studies in meta-analysis",
        "Reports of total reviews included in meta-analysis",
        "NA",
        "NA",
    ),
)


def plain(label: str) -> str:
    """A label without what the package splits at, and without a sign that a spreadsheet would take for a formula."""
    words = " ".join(label.replace(",", " ").replace(";", " ").split())
    return without_signs(words) or "Unnamed"


def _details(pairs: Iterable[tuple[str, int]], otherwise: str) -> str:
    return "; ".join(f"{plain(label)}, {n}" for label, n in pairs) or otherwise


def values_of(counts: Counts) -> dict[str, str]:
    """What stands in column `n` of each row of the file; rows that are not named here hold 0."""
    boxes = {key: str(n) for key, n in counts.boxes.items()}
    return boxes | {
        "database_specific_results": _details([(s.name, s.n) for s in counts.sources if s.kind == "database"], DETAIL.format("Database")),
        "register_specific_results": _details([(s.name, s.n) for s in counts.sources if s.kind == "register"], DETAIL.format("Register")),
        "dbr_excluded": _details(counts.reasons["databases"].items(), NO_REASONS),
        "other_excluded": _details(counts.reasons["other"].items(), NO_REASONS),
    }


# Which label of the diagram stands in which row, where a project calls its boxes otherwise.
LABELS = {
    "prevstud": "column_previous",
    "previous_studies": "previous",
    "previous_reports": "previous_reports",
    "newstud": "column_databases",
    "othstud": "column_other",
    "duplicates": "duplicates",
    "excluded_automatic": "automation",
    "excluded_other": "other_reasons",
    "records_screened": "titles",
    "records_excluded": "titles_out",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "missing",
    "other_sought_reports": "other_sought",
    "other_notretrieved_reports": "other_missing",
    "dbr_assessed": "assessed",
    "dbr_excluded": "out",
    "other_assessed": "other_assessed",
    "other_excluded": "other_out",
    "new_studies": "included",
    "new_reports": "reports",
    "total_studies": "total",
    "total_reports": "total_reports",
    "identification": "identification",
    "screening": "screening",
    "included": "inclusion",
}

WITHDRAWN_FROM = ("previous_studies", "previous_reports")


def _called(row: Row, labels: Mapping[str, str]) -> Row:
    """The row with the project's own words for its box, if it has any. Title boxes are known by their third column."""
    own = labels.get(LABELS.get(row[2] if row[0] == "NA" else row[0], ""))
    return (*row[:4], plain(own), *row[5:]) if own else row


def _withdrawn(row: Row, counts: Counts) -> Row:
    """What was withdrawn since has no row in the package's file: it is said in the box it is taken from, so that the totals follow."""
    n = counts.boxes.get(row[0].replace("previous_", "withdrawn_"), 0) if row[0] in WITHDRAWN_FROM else 0
    return (*row[:4], f"{row[4]} ({n} of them withdrawn since)", *row[5:]) if n else row


def package_csv(counts: Counts, labels: Mapping[str, str] | None = None) -> str:
    """The whole file: 34 rows under the package's header, comma-separated, quoted only where needed."""
    values = values_of(counts)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    rows = (_withdrawn(_called(row, labels or {}), counts) for row in ROWS)
    writer.writerows([*row, values.get(row[0], "0")] for row in rows)
    return text.getvalue()
