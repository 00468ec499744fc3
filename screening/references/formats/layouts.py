"""Tables of known sources: the columns an export is recognised by, and what a column means there that its name alone does not say.

Column names are folded (`fold` in columns.py). A column given an empty field stays in `extra`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layout:
    """One source's table: recognised when it has all columns of one of `marks`."""

    name: str
    marks: tuple[frozenset[str], ...]
    columns: Mapping[str, str] = field(default_factory=dict)


def _layout(name: str, *marks: str, **columns: str) -> Layout:
    return Layout(name, tuple(frozenset(mark.split()) for mark in marks), columns)


# The first that fits is taken: the more particular before the more general.
LAYOUTS: tuple[Layout, ...] = (
    _layout("PubMed", "pmid title journalbook citation"),
    _layout("Scopus", "title sourcetitle eid", source=""),
    _layout("Embase (Ovid)", "orn db ui ti so"),
    _layout("APA PsycInfo (Ovid)", "orn db an ti so"),
    _layout("Ovid", "ti so ab an", "ti so ab ui"),
    _layout("Embase", "title authornames source openurllink", "title authornames source embaseaccessionid", "title authornames pui"),
    _layout("CINAHL (EBSCO)", "artinfotigatl jinfojtl"),
    _layout("EBSCO", "articletitle accessionnumber plink", "title an plink", "title longdbname an", source="journal"),
    _layout("IEEE Xplore", "documenttitle publicationtitle startpage"),
    _layout("Web of Science", "ti au so ut", so="journal", id="keywords", ma="", an="", ar="pages", bp="start", ep="end", pg="", sp=""),
    _layout("Web of Science", "articletitle sourcetitle utuniquewosid", meetingabstract="", keywordsplus="keywords"),
    _layout("Cochrane", "title cochranereviewgroupcode", "title cochranereviewid", source="journal"),
    _layout("Covidence", "title covidence publishedyear", tags="", ref="", study=""),
    _layout("Rayyan", "key title rayyannotes", "key title day journal location notes"),
    _layout("Zotero", "key itemtype publicationtitle manualtags"),
    _layout("EPPI-Reviewer", "title eppiid", "title itemid shorttitle", "title importedid"),
    _layout("DistillerSR", "refid bibliography", "refid title"),
    _layout("Epistemonikos", "title epistemonikosid", "title epistemonikosurl"),
    _layout("KSR Evidence", "title ksrid", "title ksrnumber", "title ksrevidenceid", "title ksrevidenceurl"),
    _layout("OpenAlex", "id doi displayname publicationyear", "title openalexid", "id doi title publicationyear publicationdate"),
    _layout("Europe PMC", "source extid title authorstring", source="", extid="accession"),
    _layout("Dimensions", "publicationid title pubyear", "publicationid title dimensionsurl"),
    _layout("The Lens", "lensid title sourcetitle"),
    _layout("ProQuest", "title storeid pubtitle", storeid="accession"),
    _layout("Publish or Perish", "cites authors title source gsrank", "cites authors title source querydate", source="journal"),
    _layout("ClinicalTrials.gov", "nctnumber studytitle", "nctnumber title", nctnumber="accession", studytype="kind", firstposted="year"),
    _layout("SciELO", "title authors source fulltexturl"),
    _layout("ASReview", "title asreviewlabel"),
    _layout("BibTeX columns", "entrytype title author"),
    _layout("List of repositories", "author title abstract date searchterm"),
)
