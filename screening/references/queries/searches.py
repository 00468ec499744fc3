"""What came of each search: the imports that belong to a source on one date."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Count

from screening.projects.models import Project
from screening.projects.source_contributions import SearchAccount
from screening.references.models import DeclaredRemoval, ImportEvent, Placement
from screening.references.queries.removals import declared_in_force

DECLARED_WORDS = {
    DeclaredRemoval.Kind.DUPLICATES: "duplicates",
    DeclaredRemoval.Kind.AUTOMATION: "marked by automation tools,",
    DeclaredRemoval.Kind.OTHER: "for other reasons,",
}
SOURCE, DAY = "import_run__source", "import_run__source_version__searched_on"


def search_accounts(project: Project) -> dict[UUID, dict[date | None, SearchAccount]]:
    """Source id -> date searched -> what came of that search. A file belongs to the date its source had when it came in.

    Records are counted as the diagram does: from what each import said at its end, without those given twice.
    """
    found: dict[UUID, dict[date | None, SearchAccount]] = defaultdict(lambda: defaultdict(SearchAccount))
    withdrawn = set(ImportEvent.objects.filter(project=project, kind=ImportEvent.Kind.WITHDRAWN).values_list("import_run", flat=True))
    ended = ImportEvent.objects.filter(project=project, kind=ImportEvent.Kind.COMPLETED)
    for run, source, day, tally in ended.values_list("import_run", SOURCE, DAY, "tally"):
        account = found[source][day]
        if run in withdrawn:
            found[source][day] = replace(account, withdrawn=account.withdrawn + 1)
            continue
        found[source][day] = replace(
            account,
            files=account.files + 1,
            records=account.records + int(tally.get("read") or 0),
            not_read=account.not_read + int(tally.get("not_read") or 0),
            new=account.new + int(tally.get("new_reports") or 0),
            known=account.known + int(tally.get("duplicates") or 0),
        )
    again = Placement.objects.filter(repeated=True, record__project=project).values_list(f"record__{SOURCE}", f"record__{DAY}")
    for source, day, n in again.annotate(n=Count("pk")).order_by():
        found[source][day] = replace(found[source][day], records=found[source][day].records - n, repeated=n)
    for fact in declared_in_force(project):
        account = found[fact.source_id][fact.source_version.searched_on]
        words = DECLARED_WORDS[fact.kind]
        declared = {**account.declared, words: account.declared.get(words, 0) + fact.n}
        found[fact.source_id][fact.source_version.searched_on] = replace(account, declared=declared)
    return {source: dict(days) for source, days in found.items()}
