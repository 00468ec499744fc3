"""The only writer of sources: what was searched, and how."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.actions.drafting import ChangedMeanwhile, held
from screening.protocol.models import SearchSource, SourceVersion


@transaction.atomic
def save_source(
    *,
    by: Membership,
    name: str,
    kind: str,
    platform: str = "",
    strategy: str = "",
    searched_on: date | None = None,
    hits: int | None = None,
    limits: str = "",
    coverage: str = "",
    peer_review: str = "",
    source: SearchSource | None = None,
    opened_as: int | None = None,
) -> SourceVersion:
    """Describe a source, or describe it anew: each description is kept, the latest holds.

    Another date searched makes it another search of the source, an update; files imported from then on belong to it.
    The strategy is kept letter by letter, as PRISMA-S asks.
    `opened_as` is the number of the description a form was opened with: raises ChangedMeanwhile where there is a later one.
    """
    check(by, "references.import")
    project = held(by)
    if not name.strip():
        raise Refused(_("A source needs a name, for example MEDLINE."))
    # In some time zone it is tomorrow already.
    if searched_on and searched_on > timezone.now().date() + timedelta(days=1):
        raise Refused(_("The date searched lies in the future: give the day on which the search was run."))
    if source is None:
        source = SearchSource.objects.create(project=project, slug=_free_source_slug(project, name))
    elif source.project_id != project.pk:
        raise Refused(_("That source is not in this project."))
    latest = SourceVersion.objects.filter(source=source).order_by("-n").first()
    if latest and opened_as is not None and latest.n != opened_as:
        raise ChangedMeanwhile(latest)
    return SourceVersion.objects.create(
        project=project,
        by=by,
        source=source,
        n=latest.n + 1 if latest else 1,
        name=name.strip(),
        kind=kind,
        platform=platform.strip(),
        strategy=strategy.replace("\r\n", "\n").replace("\0", "") if strategy.strip() else "",
        searched_on=searched_on,
        hits=hits,
        limits=limits.strip(),
        coverage=coverage.strip(),
        peer_review=peer_review.strip(),
    )


def _free_source_slug(project: Project, name: str) -> str:
    base = slugify(name)[:60] or "source"
    slug, n = base, 1
    # "new" is the address of the form.
    while slug == "new" or SearchSource.objects.filter(project=project, slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug
