"""The sentences of the readers of files (formats/), named for translation."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from screening.projects.kept_words import as_read

SEEMINGLY = "The file seems to be "
SEEMS = gettext_noop("The file seems to be %(what)s, which cannot be read as references.")
KINDS = (
    gettext_noop("a PDF document"),
    gettext_noop("a picture (PNG)"),
    gettext_noop("a picture (JPEG)"),
    gettext_noop("a picture (GIF)"),
    gettext_noop("a compressed file (gzip)"),
    gettext_noop("a compressed file (bzip2)"),
    gettext_noop("a compressed file (xz)"),
    gettext_noop("a 7-Zip archive"),
    gettext_noop("a RAR archive"),
    gettext_noop("an RTF document"),
    gettext_noop("a database file"),
    gettext_noop("a program"),
    gettext_noop("a binary Excel workbook (XLSB)"),
    gettext_noop("a damaged Excel workbook (XLSX)"),
    gettext_noop("a Word document"),
    gettext_noop("a PowerPoint presentation"),
    gettext_noop("an Apple Numbers or Pages document"),
    gettext_noop("an OpenDocument spreadsheet or text (ODS, ODT)"),
    gettext_noop("an e-book or a program's archive"),
    gettext_noop("a web page (HTML)"),
    gettext_noop("MARC XML, a library catalogue's format"),
    gettext_noop("a Microsoft Word source list"),
    gettext_noop("XML of another kind"),
    gettext_noop("a citation (CITATION.cff) or settings file in YAML"),
    gettext_noop("BibTeX without an entry, only macros or comments"),
    gettext_noop("a piece of Web of Science tagged text (CIW)"),
    gettext_noop("a piece of EndNote's Refer format (ENW) without a title"),
    gettext_noop("Ovid tagged text"),
    gettext_noop("JSON"),
    gettext_noop("a library catalogue's own tagged text"),
    gettext_noop("PubMed's abstract view saved as text"),
    gettext_noop("a list of numbers, PubMed's perhaps"),
    gettext_noop("a binary file"),
    gettext_noop("a short note"),
    gettext_noop("plain text without references in a known format"),
    gettext_noop("an Excel or Word document locked with a password"),
    gettext_noop("an old Excel workbook (XLS)"),
    gettext_noop("an old Word or Excel document"),
    gettext_noop("a zip archive that is damaged"),
    gettext_noop("a zip archive"),
)


def seems(sentence: str) -> str:
    """What a file seems to be."""
    return as_read(sentence, (SEEMS, *OTHERWISE), {kind: _(kind) for kind in KINDS})


OTHERWISE = (
    gettext_noop("The file seems to be a table without names above its columns."),
    gettext_noop("The file seems to be a table, but none of its columns holds titles (found: %(found)s)."),
    gettext_noop("The file seems to be an Excel workbook, but no column of its sheet holds titles (found: %(found)s)."),
    gettext_noop("The file seems to be an Excel workbook, but no column of its sheets holds titles (found: %(found)s)."),
    gettext_noop("The file seems to be %(format)s, but it holds no record."),
)
# What to do with such a file.
REMEDIES = (
    gettext_noop("Export the search again as RIS, PubMed (nbib) or CSV and import that."),
    gettext_noop("A full text is added on the page of its report."),
    gettext_noop("Save it in the spreadsheet program as XLSX or CSV and import that."),
    gettext_noop("Choose RIS, EndNote or BibTeX there instead, and import that."),
    gettext_noop("Unpack it and import the files in it; a zip is unpacked here."),
    gettext_noop("The session with the database may have ended."),
    gettext_noop("Export from the catalogue again."),
    gettext_noop("Export from the reference manager it came from."),
    gettext_noop("Save it without the password, as XLSX or CSV, and import that."),
    gettext_noop("Make it again, or import the files in it one by one."),
    gettext_noop("Import the files in it one by one."),
    gettext_noop("Put names above them (title, authors, year, journal, doi, abstract) and import it again."),
    gettext_noop("Name the column of titles “title” and import it again."),
    gettext_noop("Export the search again."),
    gettext_noop("Export the search again and import that file."),
)
# Of whole files.
FILES = (
    gettext_noop("The file is empty."),
    gettext_noop("The zip archive is damaged or was cut off while it was copied."),
    gettext_noop("Make it again and upload it once more."),
    gettext_noop("The zip archive unpacks to more than %(megabytes)s MB."),
    gettext_noop("Upload its files a few at a time instead."),
    gettext_noop("The zip archive holds no file."),
    gettext_noop("Put the exports into it and upload it again."),
    gettext_noop("The zip archive holds %(many)s files; at most %(most)s are taken at once."),
    gettext_noop("Split it in parts."),
    gettext_noop(
        "The zip archive of %(size)s would unpack to %(unpacked)s: more than %(times)s times its size, which no export does. "
        "It was not unpacked. Upload the files themselves."
    ),
    gettext_noop("Nothing in the zip archive could be taken."),
    gettext_noop("A file without a name was left out."),
    gettext_noop("Make the archive again."),
    gettext_noop("%(file)s: locked with a password. Make the archive without one."),
    gettext_noop("%(file)s: its path leads out of the archive. Make the archive from the files alone."),
    gettext_noop("%(file)s: a link to another file, not a file. Put the file itself into the archive."),
    gettext_noop("%(file)s: packed by a method that is not read here. Make the archive with ordinary zip compression."),
    gettext_noop("%(file)s: an archive inside the archive. Unpack it and upload the files in it."),
    gettext_noop("The Excel workbook is empty."),
    gettext_noop("The Excel workbook cannot be opened."),
    gettext_noop("Save it again in the spreadsheet program, as XLSX or CSV, and import that."),
    gettext_noop("The Excel workbook holds more than any table of references."),
    gettext_noop("Save the sheet of references as CSV, in parts, and import those."),
    gettext_noop("The Excel workbook defines XML entities of its own, which no spreadsheet program does."),
    gettext_noop("Save it again as CSV."),
    gettext_noop(
        "The file holds more than %(most)s records of hardly a word each, as no list of references does. "
        "Open it in a text editor to see what it is, or export the search again."
    ),
    gettext_noop("Of the file's %(lines)s lines hardly one holds anything. Take the empty ones out, or export the search again."),
    gettext_noop("The file holds more than %(most)s records."),
    gettext_noop("Split the export, by year for example, and import its parts."),
    gettext_noop("No column was named as the one of titles."),
    gettext_noop("Choose it and import again."),
    gettext_noop("No column of the table holds titles."),
    gettext_noop("Name the column of titles “title” and import again."),
    gettext_noop("This is a file of decisions exported from here, not of records."),
    gettext_noop("Give it back on the page “From a file” under Titles."),
    gettext_noop("The sheet “%(sheet)s” was read; not read: %(others)s."),
    gettext_noop("To import one of them, save it as a file of its own."),
    gettext_noop("No column of titles: whole references were read from “%(column)s”."),
    gettext_noop("The file says it is UTF-8, but parts of it are not."),
    gettext_noop("The file is not UTF-8, and its letters are hardly Western ones: names and titles may be garbled."),
    gettext_noop("Export it as UTF-8 and import that."),
    gettext_noop(
        "The file is not UTF-8; its few letters were read as Chinese (GB18030). "
        "Where titles or names look wrong, export it as UTF-8 instead."
    ),
    gettext_noop("Some bytes are not valid %(encoding)s; they are shown as \ufffd."),
    gettext_noop("Text outside any record was passed over: %(lines)s lines, the first on line %(line)s."),
    gettext_noop("Text outside any record was passed over: line %(line)s."),
    lambda n: ngettext(
        "%(n)s line stands outside any record and was passed over (first: line %(line)s).",
        "%(n)s lines stand outside any record and were passed over (first: line %(line)s).",
        n,
    ),
    lambda n: ngettext("%(n)s row above the column names passed over.", "%(n)s rows above the column names passed over.", n),
    lambda n: ngettext(
        "The column names stand %(n)s time more among the rows; passed over.",
        "The column names stand %(n)s times more among the rows; passed over.",
        n,
    ),
    lambda n: ngettext("%(n)s blank row passed over.", "%(n)s blank rows passed over.", n),
    lambda n: ngettext("%(n)s NUL character was removed.", "%(n)s NUL characters were removed.", n),
    lambda n: ngettext(
        "The file is UTF-8 save for %(n)s stray byte (first on line %(lines)s).",
        "The file is UTF-8 save for %(n)s stray bytes (first on line %(lines)s).",
        n,
    ),
)
# Of what gave no record, and of records with something odd.
RECORDS = (
    gettext_noop("An entry without a field."),
    gettext_noop("An item without a field."),
    gettext_noop("The item is damaged or cut off."),
    gettext_noop("More than %(most)s items are damaged: the rest was left."),
    gettext_noop("This is no item: a list of references holds objects."),
    gettext_noop("The record's XML is damaged or cut off."),
    gettext_noop("The record's XML has more parts than any reference has."),
    gettext_noop("An empty record: nothing but an identifier."),
    gettext_noop("An empty record: no field below its number."),
    gettext_noop("An empty record: no field between its first and last line."),
    gettext_noop("An empty record: nothing between PT and ER."),
    gettext_noop("An empty record: nothing below its RT line."),
    gettext_noop("A quotation mark opens in this row and never closes."),
    gettext_noop("The entry's braces never close; it was read up to the next entry."),
    gettext_noop("No title."),
    gettext_noop("The year could not be read: “%(year)s”."),
    gettext_noop("This is not a DOI: “%(doi)s”."),
    gettext_noop("More than %(most)s names: the others stand only in the record's own text."),
    gettext_noop("More than %(most)s fields: the others stand only in the entry's own text."),
    gettext_noop("The row has %(cells)s cells for %(columns)s columns."),
    gettext_noop("The row has only %(cells)s cells for %(columns)s columns."),
    gettext_noop("A cell holds the spreadsheet's error %(error)s in place of its value."),
    gettext_noop("The record has no TY line."),
    gettext_noop("The record has no ER line."),
    gettext_noop("Some of its lines stand after its ER line."),
    gettext_noop("Control characters were removed."),
    gettext_noop("Some letters look garbled by a wrong encoding in the source."),
)
# The narrower of two that fit stands first.
READING = (*RECORDS[::-1], *REMEDIES, *FILES)

# What a column of a table can hold (formats/columns.py).
COLUMNS = frozenset(
    (
        gettext_noop("Title"),
        gettext_noop("Authors"),
        gettext_noop("Year or date"),
        gettext_noop("Journal, book or site"),
        gettext_noop("Volume"),
        gettext_noop("Issue"),
        gettext_noop("Pages"),
        gettext_noop("First page"),
        gettext_noop("Last page"),
        gettext_noop("DOI"),
        gettext_noop("PubMed number"),
        gettext_noop("Abstract"),
        gettext_noop("Keywords"),
        gettext_noop("Language"),
        gettext_noop("Kind of publication"),
        gettext_noop("Web address"),
        gettext_noop("The source's own number"),
        gettext_noop("ISSN or ISBN"),
        gettext_noop("Journal, volume, pages and year in one text"),
        gettext_noop("The whole reference in one text"),
    )
)
