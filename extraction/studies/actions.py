"""The only writers of citation lists and of which citations are one study."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from extraction.forms.queries import is_included
from extraction.studies.models import Citation, CitationList, CitationListEvent, PrimaryStudy, StudyMatch
from extraction.studies.rules import MOST_LINES, Known, Line, Reading, identity_key, match, read_list, study_label
from extraction.studies.words import cause_as_read
from screening.fulltext.models import IncludedReview
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Project
from screening.references.rules import doi_key, without_nul

MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Saved:
    """A list, what was read from it, and whether it is new (the same list sent twice is one)."""

    citation_list: CitationList
    reading: Reading
    is_new: bool


@transaction.atomic
def save_list(*, by: Membership, review: IncludedReview, text: str, filename: str = "") -> Saved:
    """Keep a review's list of primary studies as it came, and put each citation under its study.

    Raises Refused for a review that is not included, and for a list of which nothing was understood (nothing is
    kept then).
    """
    check(by, "extraction.edit")
    # Two lists matched at once would each make a study of the same citation: one at a time in a project.
    project = Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if review.project_id != project.pk:
        raise Refused(_("This review is not in this project."))
    if not is_included(review):
        raise Refused(_("This review is not included any more, so no list can be added to it."))
    text = without_nul(text)
    reading = _read(text)
    digest = fingerprint({"review": review.pk, "text": text})
    same = CitationList.objects.filter(review=review, payload_hash=digest, withdrawn=None).order_by("seq").first()
    if same:
        return Saved(same, reading, False)
    kept = CitationList.objects.create(project=project, by=by, review=review, filename=filename[:255], raw=text, payload_hash=digest)
    citations = Citation.objects.bulk_create(
        [
            Citation(
                citation_list=kept, ordinal=line.number, raw=line.raw, author=line.author, year=line.year, title=line.title, doi=line.doi
            )
            for line in reading.citations
        ]
    )
    _match_all(by, project, citations, reading.citations)
    return Saved(kept, reading, True)


def _read(text: str) -> Reading:
    if not text.strip():
        raise Refused(_("Paste a list of primary studies, or choose a file with one."))
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        raise Refused(
            _("This list has %(lines)s lines; a review's list holds at most %(most)s. Look at the file once more.")
            % {"lines": f"{text.count(chr(10)):,}", "most": f"{MOST_LINES:,}"}
        )
    reading = read_list(text)
    if not reading.citations:
        first = reading.not_understood[0] if reading.not_understood else None
        where = [_("Line %(n)s: %(cause)s") % {"n": first.number, "cause": cause_as_read(first.cause)}] if first else []
        none, remedy = (
            _("No primary study could be read from this list."),
            _("Give one study per line with its title or DOI, or a CSV with the columns author, year, title, doi."),
        )
        raise Refused(" ".join([none, *where, remedy]))
    return reading


def _match_all(by: Membership, project: Project, citations: Sequence[Citation], lines: Sequence[Line]) -> None:
    """Write for each citation the study it is of, making studies as they are first met."""
    by_doi, by_identity = _known(project, lines)
    new: list[PrimaryStudy] = []
    filled: dict[object, PrimaryStudy] = {}
    facts = []
    for citation, line in zip(citations, lines, strict=True):
        doi, identity = doi_key(line.doi), identity_key(line.title, line.year)
        found = match(line, by_doi, by_identity)
        study: PrimaryStudy | None = found.study
        if study is None:
            study = PrimaryStudy(
                project=project,
                label=study_label(line.author, line.year, line.title, line.doi),
                title=line.title,
                year=line.year,
                doi_key=doi,
                identity_key=identity,
            )
            new.append(study)
        elif (doi and not study.doi_key) or (identity and not study.identity_key):
            study.doi_key, study.identity_key = study.doi_key or doi, study.identity_key or identity
            study.title, study.year = study.title or line.title, study.year or line.year
            filled[study.pk] = study
        known = Known(study, study.title, study.doi_key, study.identity_key)
        for keys, key in ((by_doi, study.doi_key), (by_identity, study.identity_key)):
            if key and not any(one.key is study and one.doi == known.doi for one in keys[key]):
                keys[key] = [one for one in keys[key] if one.key is not study] + [known]
        facts.append(StudyMatch(project=project, by=by, citation=citation, study=study, reason=found.reason))
    PrimaryStudy.objects.bulk_create(new)
    fresh = {study.pk for study in new}
    PrimaryStudy.objects.bulk_update(
        [study for pk, study in filled.items() if pk not in fresh], ["doi_key", "identity_key", "title", "year"], batch_size=500
    )
    StudyMatch.objects.bulk_create(facts)


def _known(project: Project, lines: Sequence[Line]) -> tuple[dict[str, list[Known]], dict[str, list[Known]]]:
    """The project's studies that any of these lines could be of, by DOI and by title and year."""
    dois = {doi for line in lines if (doi := doi_key(line.doi))}
    identities = {identity for line in lines if (identity := identity_key(line.title, line.year))}
    by_doi: dict[str, list[Known]] = defaultdict(list)
    by_identity: dict[str, list[Known]] = defaultdict(list)
    studies = PrimaryStudy.objects.filter(project=project)
    found = {study.pk: study for study in studies.filter(doi_key__in=dois)}
    found |= {study.pk: study for study in studies.filter(identity_key__in=identities) if study.pk not in found}
    for study in sorted(found.values(), key=lambda study: study.pk):
        known = Known(study, study.title, study.doi_key, study.identity_key)
        if study.doi_key:
            by_doi[study.doi_key].append(known)
        if study.identity_key:
            by_identity[study.identity_key].append(known)
    return by_doi, by_identity


@transaction.atomic
def withdraw_list(*, by: Membership, citation_list: CitationList, reason: str) -> CitationListEvent:
    """Take a list out of every count, with a reason. It stays where it is, and can be read. Twice is once."""
    check(by, "extraction.edit")
    reason = without_nul(reason)
    if citation_list.project_id != by.project_id:
        raise Refused(_("This list is not in this project."))
    if not reason.strip():
        raise Refused(_("Say why the list is withdrawn: the reason stands in the review's history."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    event, _is_new = CitationListEvent.objects.get_or_create(
        citation_list=citation_list, defaults={"project": by.project, "by": by, "reason": reason.strip()}
    )
    return event
