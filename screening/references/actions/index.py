"""The index of the list of reports, brought up to the reports: cards in one statement, words in batches.

Whoever looks at the list brings up what is little; the rest is a job. Safe to run twice and beside each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from screening.projects import contributions, jobs
from screening.projects.contributions import Difference
from screening.projects.models import Job, Project
from screening.references.ahead import ahead
from screening.references.counting import COUNTS
from screening.references.index import NO_YEAR, FacetBits, IndexDue, ReportCard, ReportIndex, Tally
from screening.references.models import Report
from screening.references.queries.bits import values_since
from screening.references.queries.tallies import differing_tallies
from screening.references.words import common_words, vector

JOB = "index"
# So much is brought up by whoever looks (about a third of a second); more is a job's work.
CARDS_AT_ONCE, WORDS_AT_ONCE = 2_000, 500
CARD_BATCH, WORD_BATCH, WORDS_EACH = 10_000, 4_000, 500
# Bit sets are kept in the database from so many reports on, anew whenever so many cards were written since.
KEEP_FROM, KEEP_EACH = 2_000, 10_000
# So many notes of a project's tally are summed up into one for each state.
NOTES = 500
# From so many reports on, phrases of common words are indexed as pairs; the sample that says which words are common.
COMMON_FROM, SAMPLE = 2_000, 1_000

TAKE_CARDS = """
UPDATE screening_indexdue SET card = false WHERE report_id IN (
    SELECT report_id FROM screening_indexdue WHERE project_id = %s AND card ORDER BY report_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING report_id
"""
# The sources whose counted imports hold a report.
SOURCES = f"""
    SELECT p.report_id, array_agg(DISTINCT import.source_id) AS sources
    FROM screening_placement p
    JOIN screening_record record ON record.id = p.record_id
    JOIN screening_import import ON import.id = record.import_run_id
    WHERE {{}} AND {COUNTS}
    GROUP BY p.report_id
"""  # noqa: S608 (constants)
# A statement of its own, after the notes were taken: it sees whatever was written before they were.
WRITE_CARDS = """
WITH found AS (
    SELECT r.*, coalesce(s.sources, '{}') AS sources, r."column" <> 'none' AS counted,
           coalesce(string_to_array(said.places, E'\\n'), '{}') AS places,
           c.n AS old_n, row_number() OVER (PARTITION BY c.n IS NULL ORDER BY r.created_at, r.id) AS nth
    FROM screening_report r
    LEFT JOIN screening_reportcard c ON c.report_id = r.id
    LEFT JOIN unnest(%(said)s::uuid[], %(places)s::text[]) AS said (report, places) ON said.report = r.id
    LEFT JOIN (SOURCES) s ON s.report_id = r.id
    WHERE r.id = ANY(%(ids)s)
)
INSERT INTO screening_reportcard AS card (report_id, project_id, n, revision, counted, removed, title_key, newest, lately, year, kind,
                                          language, has_abstract, flags, places, sources)
SELECT id, project_id, coalesce(old_n, %(next)s + nth - 1), %(revision)s, counted, removed <> '', title_key,
       coalesce(-year, %(no_year)s), -(extract(epoch FROM created_at) * 1000000)::bigint, year, kind,
       language, abstract <> '', flags, places, sources
FROM found
ON CONFLICT (report_id) DO UPDATE SET (revision, counted, removed, title_key, newest, lately, year, kind, language, has_abstract, flags,
                                       places, sources) =
    (excluded.revision, excluded.counted, excluded.removed, excluded.title_key, excluded.newest, excluded.lately, excluded.year,
     excluded.kind, excluded.language, excluded.has_abstract, excluded.flags, excluded.places, excluded.sources)
""".replace("(SOURCES)", f"({SOURCES.format('p.report_id = ANY(%(ids)s)')})")
# A card without words is one that counts for the first time.
WORDS_TOO = """
UPDATE screening_indexdue due SET words = true WHERE report_id = ANY(%s) AND NOT words
   AND NOT EXISTS (SELECT 1 FROM screening_reportwords w WHERE w.report_id = due.report_id)
   AND EXISTS (SELECT 1 FROM screening_reportcard c WHERE c.report_id = due.report_id AND c.counted)
"""
NOTHING_LEFT = "DELETE FROM screening_indexdue WHERE report_id = ANY(%s) AND NOT card AND NOT words"
TAKE_WORDS = """
SELECT due.report_id, card.n FROM screening_indexdue due JOIN screening_reportcard card ON card.report_id = due.report_id
WHERE due.project_id = %s AND due.words AND NOT due.card ORDER BY due.report_id LIMIT %s FOR UPDATE OF due SKIP LOCKED
"""
WRITE_WORDS = """
INSERT INTO screening_reportwords (report_id, project_id, n, words, title_words)
SELECT report, %s, n, words::tsvector, title_words::tsvector
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[]) AS new (report, n, words, title_words)
ON CONFLICT (report_id) DO UPDATE SET words = excluded.words, title_words = excluded.title_words
"""
MEMORY = "SET LOCAL gin_pending_list_limit = '256MB'; SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '128MB'"
# Only an index's owner may; in whichever database that is somebody else, the database does it by itself a little later.
INTO_THE_INDEX = """
SELECT gin_clean_pending_list(oid) FROM pg_class
WHERE oid IN ('report_words'::regclass, 'report_title_words'::regclass) AND pg_has_role(relowner, 'USAGE')
"""
SUM_UP = """
WITH gone AS (
    DELETE FROM screening_tally WHERE project_id = %(project)s
    AND (SELECT count(*) FROM screening_tally WHERE project_id = %(project)s) > %(notes)s
    RETURNING what, key, n
)
INSERT INTO screening_tally (project_id, what, key, n)
SELECT %(project)s, what, key, sum(n) FROM gone GROUP BY what, key HAVING sum(n) <> 0
"""


@transaction.atomic
def write_cards(project: Project, limit: int = CARD_BATCH) -> int:
    """Bring up to so many cards up to their reports. Gives how many."""
    ReportIndex.objects.get_or_create(project=project)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_n, nextval('brolly_fact_seq') FROM screening_reportindex WHERE project_id = %s FOR UPDATE", [project.pk]
        )
        next_n, revision = cursor.fetchone()
        cursor.execute(TAKE_CARDS, [project.pk, limit])
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            said = _places(project, ids)
            places = ["\n".join(these) for these in said.values()]
            what = {"ids": ids, "next": next_n, "revision": revision, "no_year": NO_YEAR, "said": list(said), "places": places}
            cursor.execute(WRITE_CARDS, what)
            cursor.execute(
                "UPDATE screening_reportindex SET revision = %(revision)s, since = since + %(n)s, "
                "next_n = greatest(next_n, (SELECT coalesce(max(n) + 1, 0) FROM screening_reportcard WHERE project_id = %(project)s)) "
                "WHERE project_id = %(project)s RETURNING since >= %(each)s AND next_n >= %(from)s",
                {"revision": revision, "n": len(ids), "project": project.pk, "each": KEEP_EACH, "from": KEEP_FROM},
            )
            (much,) = cursor.fetchone()
            cursor.execute(WORDS_TOO, [ids])
            cursor.execute(NOTHING_LEFT, [ids])
            cursor.execute(SUM_UP, {"project": project.pk, "notes": NOTES})
            if much:
                transaction.on_commit(lambda: start(project))
    return len(ids)


def _places(project: Project, ids: list[UUID]) -> dict[UUID, list[str]]:
    """What later rooms say of these reports, for their cards."""
    said: dict[UUID, list[str]] = {}
    for facet in contributions.report_facets():
        for report_id, value in facet.of(project, ids):
            said.setdefault(report_id, []).append(f"{facet.name}:{value}")
    return said


@transaction.atomic
def keep_bits(project: Project) -> None:
    """Keep what all cards say as bit sets, so that the first who looks, in whichever process, need not read each card."""
    row = ReportIndex.objects.select_for_update().filter(project=project, next_n__gte=KEEP_FROM, since__gt=0).first()
    if row is None:
        return
    read = values_since(project, -1, row.next_n)
    read.pop(("", ""), None)
    FacetBits.objects.filter(project=project).delete()
    FacetBits.objects.bulk_create(
        FacetBits(project=project, facet=facet, value=value, bits=bits.to_bytes(bits.bit_length() // 8 + 1, "little"))
        for (facet, value), bits in read.items()
    )
    ReportIndex.objects.filter(pk=row.pk).update(kept=row.revision, since=0)


@transaction.atomic
def write_words(project: Project, limit: int = WORD_BATCH) -> int:
    """Make up to so many reports searchable by their words. Gives how many.

    Their words are taken apart in a thread while the database takes in those before. Of a large batch the index is
    written in one go, sorted: word by word instead of report by report.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_WORDS, [project.pk, limit])
        taken: dict[UUID, int] = dict(cursor.fetchall())
        in_one_go = len(taken) > WORDS_EACH
        if in_one_go:
            cursor.execute(MEMORY)
        common = frozenset(ReportIndex.objects.filter(project=project).values_list("common", flat=True).first() or ())
        found = list(Report.objects.filter(pk__in=taken).only("title", "authors", "journal", "abstract"))
        batches = (_lines(found[start : start + WORDS_EACH], taken, common) for start in range(0, len(found), WORDS_EACH))
        for lines in ahead(batches) if in_one_go else batches:
            cursor.execute(WRITE_WORDS, [project.pk, *(list(column) for column in zip(*lines, strict=True))])
        if in_one_go:
            cursor.execute(INTO_THE_INDEX)
        IndexDue.objects.filter(pk__in=taken, card=False).delete()
    return len(taken)


Line = tuple[UUID, int, str, str]


def _lines(reports: list[Report], numbers: dict[UUID, int], common: Collection[str]) -> list[Line]:
    return [(report.pk, numbers[report.pk], report_vector(report, common), vector([("A", report.title)], common)) for report in reports]


def report_vector(report: Report, common: Collection[str] = ()) -> str:
    """Title, authors, journal and abstract as a tsvector; no phrase reaches from one author into the next."""
    authors = [("B", name) for name in report.authors]
    return vector([("A", report.title), *authors, ("C", report.journal), ("D", report.abstract)], common)


@transaction.atomic
def find_common(project: Project) -> None:
    """Once a project is large, say which words are common there, from a sample; whatever was indexed before is due again."""
    row = ReportIndex.objects.select_for_update().filter(project=project, common=None, next_n__gte=COMMON_FROM).first()
    if row is None:
        return
    ids = ReportCard.objects.filter(project=project, n__in=range(0, row.next_n, max(1, row.next_n // SAMPLE))).values("pk")
    texts = [f"{title} {abstract}" for title, abstract in Report.objects.filter(pk__in=ids).values_list("title", "abstract")]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE screening_reportindex SET common = %s, revision = nextval('brolly_fact_seq') WHERE project_id = %s",
            [common_words(texts), project.pk],
        )
        cursor.execute(
            "INSERT INTO screening_indexdue (report_id, project_id, card, words) "
            "SELECT report_id, project_id, false, true FROM screening_reportwords WHERE project_id = %s ORDER BY report_id "
            "ON CONFLICT (report_id) DO UPDATE SET words = true",
            [project.pk],
        )


@dataclass(frozen=True)
class Behind:
    """How many reports the list does not show as they are now, and how many more cannot be found by their words yet."""

    cards: int = 0
    words: int = 0


def bring_up(project: Project) -> Behind:
    """Bring the index up before the list is shown. Gives what is still behind.

    Much at once, as after an import, is left to a job; the list shows what there is meanwhile, and says so.
    """
    due = IndexDue.objects.filter(project_id=project.pk)
    if not due.exists():
        return Behind()
    if due.filter(card=True).count() <= CARDS_AT_ONCE:
        while write_cards(project) == CARD_BATCH:
            pass
    if 0 < due.filter(words=True, card=False).count() <= WORDS_AT_ONCE:
        write_words(project, WORDS_AT_ONCE)
    behind = Behind(cards=due.filter(card=True).count(), words=due.filter(words=True, card=False).count())
    if behind.cards or behind.words:
        start(project)
    return behind


def start(project: Project) -> None:
    """Leave the rest to a job, where none is at it."""
    if not Job.objects.filter(project=project, kind=JOB).exclude(state__in=Job.OVER).exists():
        with transaction.atomic():
            jobs.start(project=project, kind=JOB, key=str(uuid4()), args={}, by=None)


def start_after(report_ids: list[Any]) -> None:
    """After a change to many reports: the index is brought up once it is committed."""
    if len(report_ids) <= WORDS_AT_ONCE:
        return
    project = Project.objects.get(reports=report_ids[0])
    transaction.on_commit(lambda: start(project))


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of an index job."""
    project, done = handle.job.project, 0
    while write_cards(project) == CARD_BATCH:
        handle.step(0, 0, _("Preparing the list of reports."))
    # The list is what people wait for; words follow.
    keep_bits(project)
    find_common(project)
    total = IndexDue.objects.filter(project_id=project.pk, words=True).count()
    while n := write_words(project):
        done += n
        handle.step(
            min(done, total), total, _("%(n)s of %(all)s reports can be searched.") % {"n": f"{min(done, total):,}", "all": f"{total:,}"}
        )
    keep_bits(project)
    return {"reports": done}


DIFFERS = f"""
WITH found AS ({SOURCES.format("record.project_id = %(project)s")})
SELECT card.report_id FROM screening_reportcard card JOIN screening_report r ON r.id = card.report_id
LEFT JOIN found ON found.report_id = card.report_id
WHERE card.project_id = %(project)s AND NOT EXISTS (SELECT 1 FROM screening_indexdue d WHERE d.report_id = r.id)
  AND ((card.counted, card.removed, card.title_key, card.year, card.kind, card.language, card.has_abstract, card.flags, card.sources)
       IS DISTINCT FROM
       (r."column" <> 'none', r.removed <> '', r.title_key, r.year::smallint, r.kind, r.language, r.abstract <> '', r.flags,
        coalesce(found.sources, '{{}}'))
    OR (card.counted AND NOT EXISTS (SELECT 1 FROM screening_reportwords w WHERE w.report_id = r.id)))
UNION
SELECT r.id FROM screening_report r WHERE r.project_id = %(project)s AND r."column" <> 'none'
  AND NOT EXISTS (SELECT 1 FROM screening_reportcard c WHERE c.report_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM screening_indexdue d WHERE d.report_id = r.id)
"""  # noqa: S608 (constants)


def differences(project: Project) -> list[Difference]:
    """Cards that are not what their reports and the rooms after them say, and not noted as behind; tallies that are off."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERS, {"project": project.pk})
        found = [Difference("card in the list of reports", str(report_id), "behind", "as the report") for (report_id,) in cursor.fetchall()]
    cards = ReportCard.objects.filter(project=project).exclude(
        pk__in=IndexDue.objects.filter(project_id=project.pk, card=True).values("pk")
    )
    there = list(cards.values_list("pk", "places"))
    for start in range(0, len(there), CARD_BATCH):
        batch = there[start : start + CARD_BATCH]
        said = _places(project, [pk for pk, _ in batch])
        found += [
            Difference("places of a card in the list of reports", str(pk), sorted(places), sorted(said.get(pk, [])))
            for pk, places in batch
            if sorted(places) != sorted(said.get(pk, []))
        ]
    return found + [Difference(f"tally of {what}s", key, tallied, counted) for what, key, tallied, counted in differing_tallies(project)]


def settle_tallies(project: Project) -> None:
    """Bring the tallies to what there is: what differs is noted, so that whatever is written meanwhile stays counted."""
    Tally.objects.bulk_create(
        Tally(project_id=project.pk, what=what, key=key, n=counted - tallied) for what, key, tallied, counted in differing_tallies(project)
    )


def rebuild(project: Project) -> None:
    """Write every card and every vector of a project anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO screening_indexdue (report_id, project_id, card, words) "
            "SELECT id, project_id, true, \"column\" <> 'none' FROM screening_report WHERE project_id = %s "
            "ON CONFLICT (report_id) DO UPDATE SET card = true, words = excluded.words",
            [project.pk],
        )
        settle_tallies(project)
    catch_up(project)


def catch_up(project: Project) -> None:
    """Bring up all that is behind, however long it takes: for work that must not leave a report out."""
    while write_cards(project):
        pass
    find_common(project)
    while write_words(project):
        pass
