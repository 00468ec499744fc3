"""The list of reviews the team knows to be relevant: added from a list, taken off. Facts, like all else."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.formats import ReadError
from screening.references.kept import file_as_read
from screening.references.known import Cited, ReadList, read_list, read_upload
from screening.references.models import KnownReview
from screening.references.queries.known import cited_as, known_reviews
from screening.references.rules import without_nul
from screening.references.wording import line_in_words

MOST = 1000
LARGEST_LIST = 5 * 1024 * 1024


@dataclass
class Added:
    """What became of a list: how many were added, how many were on it already, and the lines that name nothing."""

    n: int = 0
    there: int = 0
    not_read: list[tuple[int, str]] = field(default_factory=list)


def add_known(*, by: Membership, text: str = "", upload: tuple[str, bytes] | None = None) -> Added:
    """Add the reviews of a pasted text, or of an uploaded file (name, content), to the list; each once.

    Raises Refused where nothing can be read of it, or where the list would grow beyond 1,000.
    """
    check(by, "references.known")
    read = _read(text, upload)
    if not read.cited:
        refusal = _("No review could be read from this. Give a DOI, a PubMed number or a citation on each line.")
        if read.not_read:
            line, cause = read.not_read[0]
            refusal = f"{refusal} {line_in_words(line, cause)}"
        raise Refused(refusal)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
        there = [cited_as(known).keys for known in known_reviews(by.project)]
        seen = frozenset().union(*there)
        new: list[Cited] = []
        for one in read.cited:
            if one.keys & seen:
                continue
            seen |= one.keys
            new.append(one)
        if len(there) + len(new) > MOST:
            raise Refused(
                _("The list holds at most %(most)s reviews: it has %(there)s, and this would add %(new)s.")
                % {"most": f"{MOST:,}", "there": f"{len(there):,}", "new": f"{len(new):,}"}
            )
        KnownReview.objects.bulk_create(
            KnownReview(
                project=by.project,
                by=by,
                title=without_nul(one.title),
                first_author=without_nul(one.first_author)[:200],
                year=one.year,
                doi=without_nul(one.doi),
                pmid=one.pmid[:20],
            )
            for one in new
        )
    return Added(n=len(new), there=len(read.cited) - len(new), not_read=read.not_read)


def _read(text: str, upload: tuple[str, bytes] | None) -> ReadList:
    data = upload[1] if upload else text.encode("utf-8", errors="replace")
    if not data.strip():
        raise Refused(_("Paste a list, or choose a file."))
    if len(data) > LARGEST_LIST:
        raise Refused(_("This is larger than 5 MB. A list of known reviews is short: give only those."))
    try:
        return read_upload(data, upload[0]) if upload else read_list(data)
    except ReadError as error:
        raise Refused(file_as_read(str(error), upload[0] if upload else "the list")) from error


@transaction.atomic
def remove_known(*, by: Membership, known: KnownReview) -> KnownReview:
    """Take a review off the list. That it was on it stays on record."""
    check(by, "references.known")
    if known.project_id != by.project_id:
        raise Refused(_("That review is not on this project's list."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if known.removed or KnownReview.objects.filter(replaces=known).exists():
        raise Refused(_("This was taken off the list already."))
    same = {name: getattr(known, name) for name in ("title", "first_author", "year", "doi", "pmid")}
    return KnownReview.objects.create(project=by.project, by=by, removed=True, replaces=known, **same)
