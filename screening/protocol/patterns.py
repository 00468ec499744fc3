"""Protocols to start from, as data in the shape of a version (bodies.py), with keys for ids.

Source of the first: Cooper et al. 2024, BMC Medicine 22:72 (PROSPERO CRD42022362099), questions and eligibility as printed;
explanations, examples, outcomes and instruments are ours. The second follows the Cochrane Handbook, chapter V (Pollock
et al. 2023), with its PICO left open: what stands in square brackets is for the team to write.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pattern:
    """A protocol to start from. `about` says in a sentence what it is for."""

    key: str
    name: str
    about: str
    body: dict[str, Any]


def _question(key: str, label: str, text: str, plain_words: str, overlap: str, overlap_note: str = "") -> dict[str, Any]:
    return {"id": key, "label": label, "text": text, "plain_words": plain_words, "overlap": overlap, "overlap_note": overlap_note}


def _criterion(key: str, label: str, text: str, plain_words: str, examples: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    yes, no, unclear = examples
    usual = {
        "kind": "judged", "scope": "review", "threshold_percent": None, "condition_on": None, "condition_answer": "",
        "picos": "", "asked_at": "both", "questions": [],
    }  # fmt: skip
    said = {"id": key, "label": label, "text": text, "plain_words": plain_words}
    return {**said, "examples": {"yes": yes, "no": no, "unclear": unclear}, **usual, **more}


def _line(key: str, label: str, text: str, plain_words: str, *questions: str) -> dict[str, Any]:
    return {"id": key, "label": label, "text": text, "plain_words": plain_words, "questions": list(questions)}


PAID_PEER_SUPPORT = Pattern(
    key="umbrella",
    name="Umbrella review (Cooper et al. 2024 pattern)",
    about="Several questions, reviews of every kind, and a line on the share of studies that must fit. As for paid peer support.",
    body={
        "questions": [
            _question(
                "effect",
                "Effectiveness",
                "What is the effectiveness (clinical, social, functional and other outcomes) and cost-effectiveness "
                "of paid peer support approaches for mental health?",
                "Does support from paid peer workers help, with what, and is it worth what it costs?",
                "include_all",
                "Effects are reported review by review and never added up; the corrected covered area stands beside them.",
            ),
            _question(
                "implementation",
                "Implementation",
                "What influences the implementation of paid peer support approaches for mental health?",
                "What makes it easier or harder for a service to work with paid peer workers?",
                "include_all",
            ),
            _question(
                "experience",
                "Experiences",
                "What are the experiences of paid peer support approaches (for example acceptability) of peer "
                "support workers, healthcare practitioners, service users and carers?",
                "How is it for the people themselves: those who give the support, those who receive it, and those around them?",
                "include_all",
            ),
        ],
        "criteria": [
            _criterion(
                "review",
                "Not a review",
                "The report is a systematic, scoping or realist review.",
                "It gathers studies by a stated method: a systematic, scoping or realist review.",
                (
                    "“A systematic review and meta-analysis of trials of peer support.”",
                    "“A randomised trial of peer support at discharge”: one study, not a review of studies.",
                    "“An overview of peer support”, with nothing said about how its papers were found.",
                ),
                picos="study_design",
            ),
            _criterion(
                "journal",
                "Not in a peer-reviewed journal",
                "The review is published in a peer-reviewed journal.",
                "A journal published it after other researchers had checked it.",
                (
                    "An article in a journal that describes peer review.",
                    "A thesis, a conference abstract, or a report on an organisation's website.",
                    "A preprint: look for the article it became.",
                ),
                picos="report",
            ),
            _criterion(
                "outcome",
                "No outcome we ask about",
                "The review reports an outcome relating to at least one of the research questions.",
                "It tells us something about one of our questions. Answered for each question apart.",
                (
                    "It reports recovery scores (effectiveness), or what helped services to employ peers (implementation).",
                    "It only counts how many services employ peer workers.",
                    "The abstract names no outcome: the full text will tell.",
                ),
                scope="question",
                picos="outcome",
            ),
            _criterion(
                "population",
                "Population or setting",
                "The people are service users or caregivers of any age, in a mental health setting.",
                "It is about people who use mental health services, or those who care for them.",
                (
                    "Adults in community mental health teams, or parents of young people in care.",
                    "Peer support for people with diabetes.",
                    "Peer support for substance use, where some services also treat mental health.",
                ),
                picos="population",
            ),
            _criterion(
                "paid",
                "Under half paid peer workers",
                "At least 50% of the review's included studies are of interventions delivered by paid peer workers "
                "or family peer workers (people, not bots or artificial intelligence).",
                "In at least half of the studies it gathers, the support comes from peer workers who are paid for it.",
                (
                    "12 of its 20 studies say that the peers were employed.",
                    "All of its studies are of unpaid mutual-help groups.",
                    "6 of 20 say they were paid and 8 do not say: the share lies between 30% and 70%.",
                ),
                kind="threshold",
                threshold_percent="50",
                picos="intervention",
            ),
            _criterion(
                "quantitative",
                "Quantitative",
                "Is the review quantitative?",
                "Does it count or measure? This is only recorded; it never excludes.",
                ("It gives effect sizes.", "It gathers interviews.", "It does both: answer yes."),
                kind="descriptor",
                picos="study_design",
                asked_at="full_text",
            ),
            _criterion(
                "appraisal",
                "No quality appraisal",
                "A quantitative review did its own quality appraisal of the studies it included.",
                "If it counts or measures, it also judged how good its studies are.",
                (
                    "“Two reviewers assessed the risk of bias of each study.”",
                    "It names the quality of studies as a limit of the review and appraises none.",
                    "It says that quality was considered, with no result shown.",
                ),
                condition_on="quantitative",
                condition_answer="yes",
                picos="study_design",
                asked_at="full_text",
            ),
            _criterion(
                "dates",
                "Outside the dates",
                "The review was published from January 2012 to November 2022.",
                "It came out between January 2012 and November 2022.",
                (
                    "Published online in March 2022.",
                    "Published in 2009.",
                    "Online first in November 2022, in an issue of 2023: both dates are kept, and the first counts.",
                ),
                picos="report",
            ),
        ],
        "outcomes": [
            _line("symptoms", "Symptoms", "Clinical symptoms by any validated scale.", "How unwell somebody feels.", "effect"),
            _line(
                "recovery",
                "Personal recovery",
                "Self-rated recovery, by any measure of personal recovery.",
                "Living a life that feels worth living, by one's own measure.",
                "effect",
            ),
            _line("hope", "Hope and empowerment", "Hope, empowerment or self-efficacy.", "Trusting that one can change things.", "effect"),
            _line(
                "hospital",
                "Use of hospital and crisis care",
                "Admissions, days in hospital, crisis contacts.",
                "Time spent in hospital.",
                "effect",
            ),
            _line("cost", "Cost-effectiveness", "Costs beside effects.", "What it costs for what it gives.", "effect"),
            _line(
                "services",
                "What helps or hinders services",
                "Barriers and facilitators, by domain of the Consolidated Framework for Implementation Research (2022).",
                "What makes it work in a service, and what gets in the way.",
                "implementation",
            ),
            _line(
                "living",
                "Experience of giving and receiving support",
                "Themes in what peer workers, staff, service users and carers say.",
                "What it is like, in people's own words.",
                "experience",
            ),
        ],
        "instruments": [
            _line(
                "amstar",
                "AMSTAR 2",
                "Two people independently, then consensus; every item is answered and the overall rating follows from the critical ones. "
                "No review is excluded for its rating.",
                "A list of 16 questions about how well a review was made.",
            )
        ],
        "registration": None,
    },
)

INTERVENTION_REVIEWS = Pattern(
    key="interventions",
    name="Overview of intervention reviews",
    about="One question on effects, systematic reviews of randomised trials, and a plan for reviews that share trials.",
    body={
        "questions": [
            _question(
                "effect",
                "Effects",
                "What are the effects of [interventions] compared with [comparators] in [population] on [outcomes]?",
                "Does it help, does it harm, and how sure can one be?",
                "fullest",
                "Where reviews answer the same comparison with the same trials, the most complete and recent of good quality is "
                "taken; the others are listed with what they would have added.",
            )
        ],
        "criteria": [
            _criterion(
                "review",
                "Not a systematic review",
                "The report is a systematic review: a stated question, a stated search, stated eligibility.",
                "It gathered its studies by a plan that somebody else could repeat.",
                (
                    "A Cochrane review, or an article that gives its search strategy.",
                    "A narrative review or a guideline.",
                    "“Systematic” in the title and no search in the text.",
                ),
                picos="study_design",
            ),
            _criterion(
                "trials",
                "No randomised trials",
                "The review includes randomised trials and reports their results apart from other designs.",
                "At least some of its studies drew lots for who received the treatment, and one can tell their results apart.",
                (
                    "“Eight randomised trials were pooled.”",
                    "Only cohort studies were found.",
                    "Trials and cohorts are pooled together: ask the authors, or read the appendix.",
                ),
                picos="study_design",
                asked_at="full_text",
            ),
            _criterion(
                "population",
                "Other population",
                "The people are [population].",
                "It is about the people we ask about.",
                ("[A population that fits]", "[One that does not]", "Mixed populations without results for ours."),
                picos="population",
            ),
            _criterion(
                "intervention",
                "Other intervention",
                "The review examines [interventions].",
                "It is about the treatment or support we ask about.",
                ("[An intervention that fits]", "[One that does not]", "Named by a word that may mean something else."),
                picos="intervention",
            ),
            _criterion(
                "comparator",
                "Other comparator",
                "The intervention is compared with [comparators].",
                "It says what people received instead.",
                ("Usual care, a waiting list or no treatment.", "Two forms of the same intervention.", "“Controls”, not described."),
                picos="comparator",
                asked_at="full_text",
            ),
            _criterion(
                "outcome",
                "No outcome of interest",
                "The review reports at least one of the outcomes of interest.",
                "It measured something we want to know.",
                ("[An outcome that fits]", "Only whether the programme was delivered.", "Outcomes are announced, and none is reported."),
                picos="outcome",
                asked_at="full_text",
            ),
            _criterion(
                "superseded",
                "Superseded by a later version",
                "This is the latest version of the review.",
                "A newer edition of the same review would be read instead.",
                ("The only version there is.", "A Cochrane review that was updated since.", "An update is announced and not out yet."),
                picos="report",
            ),
        ],
        "outcomes": [
            _line("primary", "[Primary outcome]", "How it is measured, and at which times.", "", "effect"),
            _line("harm", "Adverse events", "Any, and serious ones apart.", "Whether somebody came to harm.", "effect"),
            _line("life", "Quality of life", "By any validated measure.", "How life is, as a whole.", "effect"),
        ],
        "instruments": [
            _line(
                "amstar",
                "AMSTAR 2",
                "Two people independently, then consensus. Critical items: 2, 4, 7, 9, 11, 13 and 15, as its authors propose.",
                "A list of 16 questions about how well a review was made.",
            ),
            _line(
                "robis",
                "ROBIS",
                "For the reviews whose results are reported: phase 2 by two people, phase 3 by consensus.",
                "Asks in which ways the making of a review may have pushed its result to one side.",
            ),
        ],
        "registration": None,
    },
)

PATTERNS = (PAID_PEER_SUPPORT, INTERVENTION_REVIEWS)
