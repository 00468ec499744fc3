"""Reads of voices: threads, lists, what waits for an answer, and figures. What a member may see of them is decided in seeing.py."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from screening.decisions.models import Standing
from screening.projects import contributions
from screening.projects.models import Membership, Project, Role
from screening.projects.once import once
from screening.projects.queries import PAGE, page_by_time
from screening.projects.stages import STAGE_OF_KIND
from screening.voices.attachments.queries import with_files
from screening.voices.models import Audience, Voice, VoiceAnswer, VoiceBody, VoiceSetting
from screening.voices.rules import ANSWER_DAYS, days_between, middle
from screening.voices.seeing import Reply, Spoken, Things, seen

__all__ = ["Reply", "Spoken", "Things"]

# So many of what waits are looked at for the figure on every page; beyond that it says "or more".
COUNTED = 100


@once
def setting_of(project: Project) -> VoiceSetting | None:
    """What the project says of answers and of support; None before anybody has."""
    return VoiceSetting.objects.filter(project=project).order_by("-seq").first()


def answer_days(project: Project) -> int:
    """Within how many days an answer is owed."""
    setting = setting_of(project)
    return setting.answer_days if setting else ANSWER_DAYS


def _voices(viewer: Membership) -> QuerySet[Voice]:
    answers = Prefetch("answers", VoiceAnswer.objects.select_related("by").order_by("-seq"))
    found = Voice.objects.filter(project=viewer.project_id).select_related("thread", "by", "body", "reply_to__body")
    return found.prefetch_related(answers, with_files())


def _unanswered(voices: QuerySet[Voice]) -> QuerySet[Voice]:
    return voices.filter(wants_answer=True, body__awaits=True)


def thread_of(viewer: Membership, kind: str, about_id: UUID) -> list[Spoken]:
    """What was said about one thing, oldest first, replies under what they reply to."""
    voices = _voices(viewer).filter(thread__about_kind=kind, thread__about_id=about_id).order_by("seq")
    shown = seen(voices, Things(viewer), answer_days(viewer.project))
    by_id = {spoken.id: spoken for spoken in shown}
    top = []
    for spoken in shown:
        root = spoken
        while root.reply_to in by_id:
            root = by_id[root.reply_to]
        if root is not spoken:
            root.replies.append(spoken)
        elif spoken.reply_to is None:
            top.append(spoken)
    return top


def voice_for(viewer: Membership, voice_id: UUID) -> Voice | None:
    """One voice that this member may see, or None."""
    voice = _voices(viewer).filter(pk=voice_id).first()
    return voice if voice and Things(viewer).shows(voice) else None


def seen_of(viewer: Membership, voices: Iterable[Voice]) -> list[Spoken]:
    return seen(voices, Things(viewer), answer_days(viewer.project))


def recent(viewer: Membership, limit: int = 2) -> list[Spoken]:
    """The latest voices this member may see, for a panel."""
    return seen_of(viewer, _voices(viewer).filter(body__redacted_at=None).order_by("-seq")[: limit * 5])[:limit]


# What waits for an answer -------------------------------------------------------------------------------


def waiting(viewer: Membership) -> QuerySet[Voice]:
    """The voices that wait for an answer; `page_of_voices` turns them into what may be seen."""
    return _unanswered(_voices(viewer))


def awaiting(viewer: Membership, limit: int = COUNTED) -> list[Spoken]:
    """The voices that wait for an answer and that this member may see, the oldest first."""
    return seen_of(viewer, waiting(viewer).order_by("seq")[:limit])


@once
def _waiting_now(viewer: Membership) -> list[Voice]:
    """The oldest of what waits and this member may know of, without words. No more than COUNTED are looked at."""
    things = Things(viewer)
    found = _unanswered(Voice.objects.filter(project=viewer.project_id)).select_related("thread", "body", "reply_to__body")
    rows = list(found.defer("body__words", "reply_to__body__words").order_by("seq")[:COUNTED])
    things.look_up(rows)
    return [voice for voice in rows if things.shows(voice)]


def awaiting_count(viewer: Membership) -> int:
    """How many voices wait for an answer, as far as this member may know of them; at COUNTED there may be more."""
    return len(_waiting_now(viewer))


def awaiting_since(viewer: Membership) -> Any:
    """When the oldest of them was said; None where none waits."""
    waiting = _waiting_now(viewer)
    return waiting[0].recorded_at if waiting else None


def overdue(viewer: Membership, now: Any) -> list[Voice]:
    """Of what waits, those whose answer is late, the oldest first."""
    waiting = _waiting_now(viewer)
    days = answer_days(viewer.project) if waiting else 0
    return [voice for voice in waiting if (now - voice.recorded_at).days >= days]


# Lists --------------------------------------------------------------------------------------------------


def others(viewer: Membership, *, answered_only: bool = False) -> QuerySet[Voice]:
    """The voices that wait for no answer."""
    rows = Voice.objects.filter(project=viewer.project_id)
    found = _voices(viewer).exclude(pk__in=_unanswered(rows).values("pk"))
    return found.filter(Exists(VoiceAnswer.objects.filter(voice=OuterRef("pk")))) if answered_only else found


def owed_or_answered(viewer: Membership) -> QuerySet[Voice]:
    """What "You said, we did" is about: voices an answer was owed to, and those that had one all the same."""
    return _voices(viewer).filter(Q(wants_answer=True) | Exists(VoiceAnswer.objects.filter(voice=OuterRef("pk"))))


def became(voices: QuerySet[Voice], status: str) -> QuerySet[Voice]:
    """Of these, those whose latest answer says this."""
    latest = VoiceAnswer.objects.filter(voice=OuterRef("pk")).order_by("-seq").values("status")[:1]
    return voices.annotate(became=Subquery(latest)).filter(became=status)


def everything(viewer: Membership) -> QuerySet[Voice]:
    """All voices of the project, for a list."""
    return _voices(viewer)


def with_words(voices: QuerySet[Voice], words: str) -> QuerySet[Voice]:
    """Of these, those with all these words, as a search box takes them: "a phrase", or, -without."""
    asked = SearchQuery(words, config="simple", search_type="websearch")
    # Asked of the words themselves: through the voice the index would not be used.
    found = VoiceBody.objects.annotate(found=SearchVector("words", config="simple")).filter(found=asked, redacted_at=None)
    return voices.filter(pk__in=found.values("voice"))


def page_of_voices(
    viewer: Membership, voices: QuerySet[Voice], after: str = "", *, latest_first: bool = True
) -> tuple[list[Spoken], str | None]:
    """A whole page of the voices this member may see, and the cursor of the next (None at the end).

    Voices kept back are passed over before a page is counted: neither a short page nor a cursor tells of them.
    Raises ValueError for a cursor that was not given out here.
    """
    things, shown, following = Things(viewer), [], after
    while following is not None and len(shown) <= PAGE:
        rows, following = page_by_time(voices, following, field="recorded_at", latest_first=latest_first)
        things.look_up(rows)
        shown += [voice for voice in rows if things.shows(voice)]
    page = shown[:PAGE]
    more = f"{page[-1].recorded_at.isoformat()}~{page[-1].pk}" if len(shown) > PAGE else None
    return seen(page, things, answer_days(viewer.project)), more


# Figures ------------------------------------------------------------------------------------------------


def answered(viewer: Membership) -> Iterator[Spoken]:
    """What the working group said that has an answer and was not withdrawn, the latest first, as this member may see it.

    Whoever quotes asks `may_be_quoted` of each first.
    """
    rows = owed_or_answered(viewer).filter(from_working_group=True, body__redacted_at=None)
    rows = rows.filter(Exists(VoiceAnswer.objects.filter(voice=OuterRef("pk"))))
    after: str | None = ""
    while after is not None:
        page, after = page_of_voices(viewer, rows, after)
        yield from page


def told_to_all(project: Project) -> QuerySet[Voice]:
    """The voices that wait for nothing, without asking for whom: what may be counted before everybody.

    What a possible screener said on a report that is not settled is left out, even for themselves.
    """
    found = Voice.objects.filter(project=project)
    of_reports = found.filter(thread__about_kind="report")
    for member in ("by", "reply_to__by"):
        for waits in contributions.waiting_words(project, report="thread__about_id", member=member):
            found = found.exclude(pk__in=of_reports.filter(waits).values("pk"))
    # What those say of an included review who may screen, or screened, waits whenever one of its reports is opened again.
    screeners = Membership.objects.filter(project=project).filter(
        Q(roles__contains=[Role.REVIEWER]) | Exists(Standing.objects.filter(member=OuterRef("pk")))
    )
    theirs = Q(by__in=screeners.values("pk")) | Q(reply_to__by__in=screeners.values("pk"))
    found = found.exclude(pk__in=found.filter(theirs, thread__about_kind="review").values("pk"))
    # What is said of documents and of pilot rounds is shown to some only: it is in no figure.
    return found.exclude(thread__about_kind__in=["document", "pilot"])


def tally(viewer: Membership) -> Counter[str]:
    """How many voices an answer was owed to, by what became of them: a status, "waiting" or "withdrawn"."""
    latest = VoiceAnswer.objects.filter(voice=OuterRef("pk")).order_by("-seq").values("status")[:1]
    rows = told_to_all(viewer.project).annotate(became=Subquery(latest)).filter(Q(wants_answer=True) | Q(became__isnull=False))
    if set(viewer.roles) <= {Role.OBSERVER}:
        rows = rows.exclude(body__audience=Audience.TEAM)
    found: Counter[str] = Counter()
    kept = rows.annotate(gone=Q(body__redacted_at__isnull=False)).values_list("became", "gone").annotate(n=Count("pk")).order_by()
    for status, gone, n in kept:
        found[status or ("withdrawn" if gone else "waiting")] += n
    return found


def figures(project: Project) -> dict[str, dict[str, Any]]:
    """Counts of what was said and what became of it, for reports: {"everybody": ..., "working_group": ...}.

    Each: `said`, `people` (who spoke), `withdrawn`, `owed`, `answered`, `waiting`, `by_kind`, `by_status`, `by_stage` (of
    the review; "" for none), and `median_days` until the first answer (None without one). No words, and no voice that
    waits until a report is settled.
    """
    first = VoiceAnswer.objects.filter(voice=OuterRef("pk")).order_by("seq")
    latest = VoiceAnswer.objects.filter(voice=OuterRef("pk")).order_by("-seq")
    rows = list(
        told_to_all(project)
        .annotate(became=Subquery(latest.values("status")[:1]), first=Subquery(first.values("recorded_at")[:1]))
        .values("kind", "by", "wants_answer", "from_working_group", "recorded_at", "became", "first")
        .annotate(about=F("thread__about_kind"), withdrawn=F("body__redacted_at"))
    )
    return {"everybody": _figures(rows), "working_group": _figures([row for row in rows if row["from_working_group"]])}


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    answered_rows = [row for row in rows if row["became"]]
    return {
        "said": len(rows),
        "people": len({row["by"] for row in rows}),
        "withdrawn": sum(row["withdrawn"] is not None for row in rows),
        "owed": sum(row["wants_answer"] for row in rows),
        "answered": len(answered_rows),
        "waiting": sum(row["wants_answer"] and not row["became"] and row["withdrawn"] is None for row in rows),
        "by_kind": dict(Counter(row["kind"] for row in rows)),
        "by_status": dict(Counter(row["became"] for row in answered_rows)),
        "by_stage": dict(Counter(str(STAGE_OF_KIND.get(row["about"], "")) for row in rows)),
        "median_days": middle(days_between(row["recorded_at"], row["first"]) for row in answered_rows),
    }
