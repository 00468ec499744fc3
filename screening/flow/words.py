"""The words of the diagram: PRISMA 2020's own, in the reader's language, or what the project calls its boxes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from screening.projects.kept_words import as_read


@dataclass(frozen=True)
class Words:
    """The labels of one drawing."""

    column_previous: str
    column_databases: str
    column_other: str
    identification: str
    screening: str
    inclusion: str
    identified: str
    removed: str
    duplicates: str
    automation: str
    other_reasons: str
    other: str
    titles: str
    titles_out: str
    sought: str
    missing: str
    assessed: str
    out: str
    other_sought: str
    other_missing: str
    other_assessed: str
    other_out: str
    included: str
    reports: str
    studies: str
    previous: str
    previous_reports: str
    withdrawn: str
    total: str
    total_reports: str


def full_words() -> Words:
    """As PRISMA 2020 calls its boxes (Page et al. 2021), with review in place of study."""
    return Words(
        column_previous=_("Previous reviews"),
        column_databases=_("Identification of reviews via databases and registers"),
        column_other=_("Identification of reviews via other methods"),
        identification=_("Identification"),
        screening=_("Screening"),
        inclusion=_("Included"),
        identified=_("Records identified from databases and registers"),
        removed=_("Records removed before screening"),
        duplicates=_("Duplicate records removed"),
        automation=_("Records marked as ineligible by automation tools"),
        other_reasons=_("Records removed for other reasons"),
        other=_("Records identified by other methods"),
        titles=_("Records screened"),
        titles_out=_("Records excluded"),
        sought=_("Reports sought for retrieval"),
        missing=_("Reports not retrieved"),
        assessed=_("Reports assessed for eligibility"),
        out=_("Reports excluded, first reason"),
        other_sought=_("Reports sought for retrieval"),
        other_missing=_("Reports not retrieved"),
        other_assessed=_("Reports assessed for eligibility"),
        other_out=_("Reports excluded, first reason"),
        included=_("Reviews included in umbrella review"),
        reports=_("Reports of included reviews"),
        studies=_("Primary studies in included reviews"),
        previous=_("Reviews included in previous version of umbrella review"),
        previous_reports=_("Reports of reviews included in previous version"),
        withdrawn=_("Of these, withdrawn since"),
        total=_("Total reviews included in umbrella review"),
        total_reports=_("Reports of total included reviews"),
    )


def short_words() -> Words:
    """The same in fewer words, for the page."""
    return replace(
        full_words(),
        column_databases=_("Databases and registers"),
        column_other=_("Other methods"),
        identified=_("Records identified"),
        removed=_("Removed, not screened"),
        duplicates=_("Duplicates"),
        automation=_("By automation tools"),
        other_reasons=_("Other reasons"),
        other=_("Identified"),
        titles=_("Titles and abstracts"),
        titles_out=_("Excluded"),
        sought=_("Reports sought"),
        missing=_("Not retrieved"),
        assessed=_("Full texts assessed"),
        out=_("Excluded, first reason"),
        other_sought=_("Sought"),
        other_missing=_("Not retrieved"),
        other_assessed=_("Assessed"),
        other_out=_("Excluded"),
        included=_("Reviews included so far"),
        reports=_("in reports"),
        studies=_("covering primary studies"),
        previous=_("In the previous version"),
        previous_reports=_("in reports"),
        withdrawn=_("withdrawn since"),
        total=_("Reviews in all"),
        total_reports=_("in reports"),
    )


KEYS = tuple(one.name for one in fields(Words))


def with_labels(words: Words, labels: Mapping[str, str]) -> Words:
    """The same with a project's own labels; a key that there is no box for is passed over."""
    return replace(words, **{key: label for key, label in labels.items() if key in KEYS and label})


# The box that each label stands on, for the page on which labels are changed, in the order of the flow.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (gettext_lazy("Columns and stages"), KEYS[:6]),
    (gettext_lazy("Databases and registers"), KEYS[6:11] + KEYS[12:18]),
    (gettext_lazy("Other methods"), (KEYS[11], *KEYS[18:22])),
    (gettext_lazy("Included"), KEYS[22:25]),
    (gettext_lazy("An update of an earlier review"), KEYS[25:]),
)


CAUSES = {
    "import_first": gettext_lazy("source %(source)s imported"),
    "import_more": gettext_lazy("source %(source)s: another file imported"),
    "import_again": gettext_lazy("source %(source)s re-imported"),
    "withdrawn": gettext_lazy("source %(source)s: a file withdrawn"),
    "repeated": gettext_lazy("source %(source)s: the same entry once more, which counts once"),
    "counted_again": gettext_lazy("source %(source)s: no longer the same entry twice"),
    "parted": gettext_lazy("un-merged"),
    "joined": gettext_lazy("merged with another report"),
    "removed": gettext_lazy("removed before screening"),
    "put_back": gettext_lazy("put back to be screened"),
    "column_databases": gettext_lazy("found in a database or register too"),
    "column_other": gettext_lazy("no longer found in a database or register"),
    "reopened": gettext_lazy("re-opened"),
    "decided": gettext_lazy("screened"),
    "piloted": gettext_lazy("a pilot round began or ended"),
    "authored": gettext_lazy("a screener declared to be an author"),
    "retrieval": gettext_lazy("the full text was obtained, given up or sought again"),
    "policy": gettext_lazy("how the stage is decided was changed"),
    "declared": gettext_lazy("declared as removed elsewhere"),
    "others_came_or_left": gettext_lazy("another record of the same report came or left"),
}


def line_in_words(n: int, noun: str, cause: str, source: str = "") -> str:
    """One line of a difference: "12 records: source Embase re-imported"."""
    many = abs(n)
    counted = ngettext("%(n)s record", "%(n)s records", many) if noun == "record" else ngettext("%(n)s report", "%(n)s reports", many)
    return f"{counted % {'n': f'{many:,}'}}: {str(CAUSES[cause]) % {'source': source}}"


# The name of each box as `rules.NAMES` has it, to be read in other languages too.
BOX_NAMES = {
    "records_identified": gettext_lazy("Records identified from databases and registers"),
    "database_results": gettext_lazy("Records identified from databases"),
    "register_results": gettext_lazy("Records identified from registers"),
    "removed_before_screening": gettext_lazy("Records removed before screening"),
    "duplicates": gettext_lazy("Duplicate records removed"),
    "excluded_automatic": gettext_lazy("Records marked as ineligible by automation tools"),
    "excluded_other": gettext_lazy("Records removed for other reasons"),
    "records_screened": gettext_lazy("Records screened or waiting to be"),
    "records_excluded": gettext_lazy("Records excluded on title and abstract"),
    "title_open": gettext_lazy("Titles and abstracts not settled yet"),
    "dbr_sought_reports": gettext_lazy("Reports sought for retrieval, databases and registers"),
    "dbr_notretrieved_reports": gettext_lazy("Reports not retrieved, databases and registers"),
    "dbr_retrieval_open": gettext_lazy("Reports being sought, databases and registers"),
    "dbr_assessed": gettext_lazy("Reports assessed for eligibility, databases and registers"),
    "dbr_excluded": gettext_lazy("Reports excluded at full text, databases and registers"),
    "dbr_text_open": gettext_lazy("Full texts not settled yet, databases and registers"),
    "dbr_included": gettext_lazy("Reports included, databases and registers"),
    "other_identified": gettext_lazy("Records identified by other methods"),
    "website_results": gettext_lazy("Records identified from websites"),
    "organisation_results": gettext_lazy("Records identified from organisations and experts"),
    "citations_results": gettext_lazy("Records identified by citation searching"),
    "other_already_found": gettext_lazy("Records by other methods that were there already"),
    "other_sought_reports": gettext_lazy("Reports sought for retrieval, other methods"),
    "other_notretrieved_reports": gettext_lazy("Reports not retrieved, other methods"),
    "other_retrieval_open": gettext_lazy("Reports being sought, other methods"),
    "other_assessed": gettext_lazy("Reports assessed for eligibility, other methods"),
    "other_excluded": gettext_lazy("Reports excluded at full text, other methods"),
    "other_text_open": gettext_lazy("Full texts not settled yet, other methods"),
    "other_included": gettext_lazy("Reports included, other methods"),
    "new_reports": gettext_lazy("Reports of included reviews"),
}


# Every list that a number opens.
LISTS_IN_WORDS = {
    **BOX_NAMES,
    "removed_reports": gettext_lazy("Reports removed before screening, duplicates not counted"),
    "sought_reports": gettext_lazy("Reports sought for retrieval"),
    "notretrieved_reports": gettext_lazy("Reports not retrieved"),
    "assessed_reports": gettext_lazy("Reports assessed for eligibility"),
    "excluded_reports": gettext_lazy("Reports excluded at full text"),
    "settled_reports": gettext_lazy("Full texts settled"),
    "new_studies": gettext_lazy("Included reviews"),
}


# What stands in the equations (equations.py); the names of sources and criteria beside them are the project's own.
IN_EQUATIONS = {
    "Records identified from databases and registers": gettext_lazy("Records identified from databases and registers"),
    "removed before screening": gettext_lazy("removed before screening"),
    "screened or waiting": gettext_lazy("screened or waiting"),
    "Records removed before screening": gettext_lazy("Records removed before screening"),
    "duplicates": gettext_lazy("duplicates"),
    "marked by automation tools": gettext_lazy("marked by automation tools"),
    "removed for other reasons": gettext_lazy("removed for other reasons"),
    "Titles and abstracts": gettext_lazy("Titles and abstracts"),
    "excluded": gettext_lazy("excluded"),
    "full texts sought": gettext_lazy("full texts sought"),
    "not settled": gettext_lazy("not settled"),
    "Records identified by other methods": gettext_lazy("Records identified by other methods"),
    "already found": gettext_lazy("already found"),
    "Full texts sought, databases and registers": gettext_lazy("Full texts sought, databases and registers"),
    "Full texts sought, other methods": gettext_lazy("Full texts sought, other methods"),
    "not retrieved": gettext_lazy("not retrieved"),
    "assessed": gettext_lazy("assessed"),
    "being sought": gettext_lazy("being sought"),
    "Full texts assessed, databases and registers": gettext_lazy("Full texts assessed, databases and registers"),
    "Full texts assessed, other methods": gettext_lazy("Full texts assessed, other methods"),
    "included": gettext_lazy("included"),
    "Full texts excluded, databases and registers": gettext_lazy("Full texts excluded, databases and registers"),
    "Full texts excluded, other methods": gettext_lazy("Full texts excluded, other methods"),
    "Reports included": gettext_lazy("Reports included"),
    "from databases and registers": gettext_lazy("from databases and registers"),
    "by other methods": gettext_lazy("by other methods"),
    "Reviews in all": gettext_lazy("Reviews in all"),
    "Reports in all": gettext_lazy("Reports in all"),
    "in the previous version": gettext_lazy("in the previous version"),
    "new": gettext_lazy("new"),
    "withdrawn since": gettext_lazy("withdrawn since"),
}


def in_equation(words: str) -> str:
    """One side of an equation, in the reader's language."""
    return str(IN_EQUATIONS.get(words, words))


WORTH_A_LOOK = (gettext_noop("%(reviews)s reviews in %(reports)s reports: one report may hold two reviews, but look once."),)


def warnings_as_read(warnings: Iterable[str]) -> list[str]:
    """What equations.py finds worth a look, in the reader's language."""
    return [as_read(warning, WORTH_A_LOOK) for warning in warnings]
