"""What the pure rules of this room call things, in the reader's language.

Their own words (types, languages, sentences) are English, as they are kept and exported; here stands what a page says for them.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

# The fields of a report by name (rules.CORRECTABLE), as a heading.
FIELDS = {
    "title": gettext_lazy("Title"),
    "authors": gettext_lazy("Authors"),
    "journal": gettext_lazy("Journal"),
    "year": gettext_lazy("Year"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "pages": gettext_lazy("Pages"),
    "doi": gettext_lazy("DOI"),
    "pmid": gettext_lazy("PubMed number"),
    "url": gettext_lazy("Address"),
    "abstract": gettext_lazy("Abstract"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "keywords": gettext_lazy("Keywords"),
}
# The same side by side (comparing.ROWS).
COMPARED = FIELDS | {"pmid": gettext_lazy("PubMed")}
# The same within a sentence of a history.
IN_SENTENCES = {
    "title": gettext_lazy("title"),
    "authors": gettext_lazy("authors"),
    "journal": gettext_lazy("journal"),
    "year": gettext_lazy("year"),
    "volume": gettext_lazy("volume"),
    "issue": gettext_lazy("issue"),
    "pages": gettext_lazy("pages"),
    "doi": gettext_lazy("doi"),
    "pmid": gettext_lazy("pubmed number"),
    "url": gettext_lazy("address"),
    "abstract": gettext_lazy("abstract"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "keywords": gettext_lazy("keywords"),
}

# What has happened to a report since it appeared (kinds.FLAGS), and the same on a tag.
FLAGS = {
    "retracted": gettext_lazy("Retracted"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "concern": gettext_lazy("Expression of concern"),
    "corrected": gettext_lazy("Corrected"),
}
TAGS = FLAGS | {"concern": gettext_lazy("Concern")}

# Types of publication and languages as kinds.py names them.
NAMED = frozenset(
    (
        gettext_noop("Book"),
        gettext_noop("Book chapter"),
        gettext_noop("Conference paper"),
        gettext_noop("Data set"),
        gettext_noop("Editorial"),
        gettext_noop("Erratum"),
        gettext_noop("Expression of concern"),
        gettext_noop("Journal article"),
        gettext_noop("Letter or comment"),
        gettext_noop("News"),
        gettext_noop("Other"),
        gettext_noop("Preprint"),
        gettext_noop("Protocol"),
        gettext_noop("Report"),
        gettext_noop("Retraction notice"),
        gettext_noop("Review"),
        gettext_noop("Systematic review"),
        gettext_noop("Thesis"),
        gettext_noop("Trial registration"),
        gettext_noop("Web page"),
        gettext_noop("Arabic"),
        gettext_noop("Chinese"),
        gettext_noop("Czech"),
        gettext_noop("Danish"),
        gettext_noop("Dutch"),
        gettext_noop("English"),
        gettext_noop("Finnish"),
        gettext_noop("French"),
        gettext_noop("German"),
        gettext_noop("Greek"),
        gettext_noop("Hebrew"),
        gettext_noop("Hungarian"),
        gettext_noop("Italian"),
        gettext_noop("Japanese"),
        gettext_noop("Korean"),
        gettext_noop("Norwegian"),
        gettext_noop("Persian"),
        gettext_noop("Polish"),
        gettext_noop("Portuguese"),
        gettext_noop("Russian"),
        gettext_noop("Spanish"),
        gettext_noop("Swedish"),
        gettext_noop("Turkish"),
        gettext_noop("Ukrainian"),
    )
)


def in_words(named: str) -> str:
    """A type or a language, or several with commas between; what is in no list of ours stays as the records say it."""
    return ", ".join(_(word) if word in NAMED else word for word in named.split(", "))


# The sentences of rules.Incorrect and of known.py; whoever passes them on looks them up.
SENTENCES = frozenset(
    (
        gettext_noop("A DOI begins with 10. and has a slash, for example 10.1000/xyz123."),
        gettext_noop("A report needs a title."),
        gettext_noop("A year has four digits, for example 2021."),
        gettext_noop("This field holds words."),
        gettext_noop("This is too long: at most %(most)s letters."),
        gettext_noop("Write one name or keyword per line."),
        gettext_noop("There is no title, DOI or PubMed number."),
        gettext_noop("There is no title, DOI or PubMed number in this line."),
    )
)


def sentence_in_words(sentence: str) -> str:
    """A sentence of the rules; one that is in no list of ours (of a reader of files) stays as it is."""
    return _(sentence) if sentence in SENTENCES else sentence


def line_in_words(line: int, cause: str) -> str:
    """Why a line of a list could not be read: "Line 3: There is no title, DOI or PubMed number."."""
    return _("Line %(line)s: %(cause)s") % {"line": line, "cause": sentence_in_words(cause)}
