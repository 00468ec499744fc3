"""Protocols to start from, as data. Source of the first: Cooper et al. 2024, BMC Medicine 22:72 (PROSPERO CRD42022362099)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PatternCriterion:
    """A criterion as a pattern gives it; `condition_on` names another one's label."""

    label: str
    text: str
    plain_words: str
    kind: str = "judged"
    scope: str = "review"
    threshold_percent: int | None = None
    condition_on: str = ""
    condition_answer: str = ""


@dataclass(frozen=True)
class Pattern:
    """Questions as (label, text), and criteria in protocol order."""

    name: str
    questions: tuple[tuple[str, str], ...]
    criteria: tuple[PatternCriterion, ...]


PAID_PEER_SUPPORT = Pattern(
    name="Umbrella review (Cooper et al. 2024 pattern)",
    questions=(
        (
            "Effectiveness",
            (
                "What is the effectiveness (clinical, social, functional and other outcomes) and cost-effectiveness "
                "of paid peer support approaches for mental health?"
            ),
        ),
        ("Implementation", "What influences the implementation of paid peer support approaches for mental health?"),
        (
            "Experiences",
            (
                "What are the experiences of paid peer support approaches (for example acceptability) of peer "
                "support workers, healthcare practitioners, service users and carers?"
            ),
        ),
    ),
    criteria=(
        PatternCriterion(
            "Not a review",
            "The report is a systematic, scoping or realist review.",
            "It gathers studies by a stated method: a systematic, scoping or realist review.",
        ),
        PatternCriterion(
            "Not in a peer-reviewed journal",
            "The review is published in a peer-reviewed journal.",
            "A journal published it after other researchers had checked it.",
        ),
        PatternCriterion(
            "No outcome we ask about",
            "The review reports an outcome relating to at least one of the research questions.",
            "It tells us something about one of our questions. Answered for each question apart.",
            scope="question",
        ),
        PatternCriterion(
            "Population or setting",
            "The people are service users or caregivers of any age, in a mental health setting.",
            "It is about people who use mental health services, or those who care for them.",
        ),
        PatternCriterion(
            "Under half paid peer workers",
            (
                "At least 50% of the review's included studies are of interventions delivered by paid peer workers "
                "or family peer workers (people, not bots or artificial intelligence)."
            ),
            "In at least half of the studies it gathers, the support comes from peer workers who are paid for it.",
            kind="threshold",
            threshold_percent=50,
        ),
        PatternCriterion(
            "Quantitative",
            "Is the review quantitative?",
            "Does it count or measure? This is only recorded; it never excludes.",
            kind="descriptor",
        ),
        PatternCriterion(
            "No quality appraisal",
            "A quantitative review did its own quality appraisal of the studies it included.",
            "If it counts or measures, it also judged how good its studies are.",
            condition_on="Quantitative",
            condition_answer="yes",
        ),
        PatternCriterion(
            "Outside the dates",
            "The review was published from January 2012 to November 2022.",
            "It came out between January 2012 and November 2022.",
        ),
    ),
)
