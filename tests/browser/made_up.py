"""What the three people of the whole path bring along: a protocol, two searches and two lists of studies, all made up.

Eight records in two files stand for six reports: one pair shares its DOI, another title, year and first author.
"""

QUESTIONS = [
    ("Effectiveness", "Does paid peer support help people with mental health problems?"),
    ("Implementation", "What influences whether peer support takes root in a service?"),
]
CRITERIA = [
    {"label": "Not a systematic review", "text": "The report is a systematic, scoping or realist review.", "kind": "Judged"},
    {
        "label": "Under half paid peer workers",
        "text": "At least half of the included studies are of paid peer workers.",
        "kind": "Threshold",
        "line": "50",
    },
    {"label": "Quantitative", "text": "The review is quantitative.", "kind": "Descriptor"},
    {
        "label": "No quality appraisal",
        "text": "The review appraised its studies.",
        "kind": "Judged",
        "scope": "Each question apart",
        "rests_on": "Quantitative",
    },
]
SOURCES = [
    {"name": "MEDLINE", "platform": "Ovid", "hits": "5", "strategy": "1 exp Peer Group/\n2 peer support.ti,ab.\n3 1 or 2"},
    {"name": "PubMed", "platform": "NLM", "hits": "3", "strategy": '"peer support"[tiab]'},
]

DISCHARGE = "Peer support after discharge: a systematic review (made up)"
FAMILY = "Family peer workers on early intervention teams: a scoping review (made up)"
SERVICES = "Services run by peers for people with depression: an overview (made up)"
CHATBOTS = "Chatbots as companions in waiting rooms (made up)"
WARDS = "Ward rounds and the time nurses have (made up)"
COLLEGES = "Recovery colleges as places of learning (made up)"
GOING_ON = {DISCHARGE, FAMILY, SERVICES}


TRIALS = "Twelve trials of support by peers in the months after a stay in hospital."


def _ris(title: str, author: str, year: int, doi: str, abstract: str) -> str:
    lines = ["TY  - JOUR", f"TI  - {title}", f"AU  - {author}", f"PY  - {year}", "JO  - Journal of Made-up Results"]
    lines += [f"DO  - {doi}"] if doi else []
    return "\n".join([*lines, f"AB  - {abstract}", "ER  - ", ""])


def _nbib(pmid: int, title: str, author: str, year: int, doi: str, abstract: str) -> str:
    lines = [f"PMID- {pmid}", f"DP  - {year}", f"TI  - {title}", f"AB  - {abstract}", f"FAU - {author}", "JT  - Journal of Made-up Results"]
    return "\n".join([*lines, *([f"LID - {doi} [doi]"] if doi else []), "PT  - Journal Article", ""])


RIS = "\n".join(
    [
        _ris(DISCHARGE, "Ångström, Åse", 2019, "10.1234/made.up.1", TRIALS),
        _ris(FAMILY, "Birch, Mo", 2021, "", "What family peer workers do, as nine studies tell it."),
        _ris(SERVICES, "Cedar, Lu", 2020, "10.1234/made.up.3", "Services led by people with depression of their own."),
        _ris(CHATBOTS, "Dogwood, Al", 2022, "10.1234/made.up.4", "A program that talks with people who wait."),
        _ris(WARDS, "Elder, Jo", 2018, "", "How long a round takes on four wards."),
    ]
).encode()
NBIB = "\n".join(
    [
        _nbib(90000001, DISCHARGE, "Ångström, Åse", 2019, "10.1234/made.up.1", TRIALS),
        _nbib(90000002, FAMILY, "Birch, Mo", 2021, "", "What family peer workers do, as nine studies tell it."),
        _nbib(90000003, COLLEGES, "Fir, Si", 2020, "10.1234/made.up.6", "Courses that people write and attend together."),
    ]
).encode()

# Two of five studies stand in both lists: N = 7, r = 5, c = 2, so the corrected covered area is (7 - 5) / (5 x 2 - 5) = 2/5.
STUDIES = {
    DISCHARGE: """author,year,title,doi
Aspen,2010,Peers at the door after a hospital stay,10.1234/study.1
Beech,2012,A year of weekly calls by peers,10.1234/study.2
Chestnut,2014,Groups that meet in the town library,
Dill,2015,Paid peers in a crisis house,10.1234/study.4
""",
    FAMILY: """author,year,title,doi
Beech,2012,A Year of Weekly Calls by Peers,https://doi.org/10.1234/STUDY.2
Chestnut,2014,Groups that meet in the town library.,
Fennel,2018,Mothers who help mothers,10.1234/study.5
""",
}
OVERLAP = {"reviews": 2, "studies": 5, "inclusions": 7, "cca": 2 / 5}
