"""The timeline and what changed, in the reader's language."""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects.models import Project
from screening.projects.stages import ReviewStage
from screening.voices.involvement.figure import Words, lines, timeline
from screening.voices.involvement.rules import Facts


def _counted(counts: Mapping[str, int]) -> str:
    """ "2 meetings, 14 voices, 1 round of priorities"."""
    said = [
        ngettext("%(n)s meeting", "%(n)s meetings", counts["meeting"]),
        ngettext("%(n)s voice", "%(n)s voices", counts["voice"]),
        ngettext("%(n)s round of priorities", "%(n)s rounds of priorities", counts["round"]),
        ngettext("%(n)s amendment", "%(n)s amendments", counts["amendment"]),
    ]
    kinds = ("meeting", "voice", "round", "amendment")
    return ", ".join(words % {"n": f"{counts[kind]:,}"} for words, kind in zip(said, kinds, strict=True) if counts[kind])


def words_of_timeline() -> Words:
    return Words(
        stages={stage.value: str(stage.label) for stage in ReviewStage},
        said=_counted,
        nothing=_("nothing on record"),
        kinds={"meeting": _("meeting"), "voice": _("voices"), "round": _("priorities"), "amendment": _("amendment")},
        month=lambda day: date_format(day, "M Y"),
    )


def timeline_of(project: Project, facts: Facts, *, for_paper: bool = False) -> str:
    title = _("Involvement by stage: %(project)s") % {"project": project.title}
    return timeline(facts, words_of_timeline(), title=title, for_paper=for_paper)


def lines_of(facts: Facts) -> list[tuple[str, str]]:
    return lines(facts, words_of_timeline())


def since_in_words(since: Mapping[str, tuple[int, int]]) -> list[str]:
    """What is otherwise than when a section was written, line by line: "voices: 12 then, 15 now"."""
    names = {
        "members": _("people in the working group"),
        "voices": _("voices"),
        "withdrawn": _("voices withdrawn"),
        "waiting": _("voices waiting for an answer"),
        "status_heard": _("voices heard"),
        "status_acted_on": _("voices acted on"),
        "status_not_acted_on": _("voices not acted on"),
        "status_later": _("voices put off"),
        "changes": _("changes named in answers"),
        "meetings": _("meetings"),
        "rounds": _("rounds of priorities"),
        "amendments": _("amendments"),
        "amendments_heard": _("amendments before which the group was heard"),
    }
    return [_("%(what)s: %(then)s then, %(now)s now") % {"what": names[key], "then": a, "now": b} for key, (a, b) in since.items()]
