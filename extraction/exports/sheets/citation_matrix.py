"""Which included review includes which primary study."""

from extraction.exports.sheets.model import Source, Table
from extraction.studies.queries import listed_reviews, whole_matrix
from extraction.studies.rules import unlike

NAME = "Citation matrix"
ABOUT = "A row per primary study, a column per included review with a list: 1 where the review includes the study."


def tables(source: Source) -> list[Table]:
    reviews = list(listed_reviews(source.project))
    rows = whole_matrix(source.project)
    names = unlike([row.label for row in rows])
    cells = [
        [name, row.year, row.title, row.n, *(int(review.pk in row.reviews) for review in reviews)]
        for row, name in zip(rows, names, strict=True)
    ]
    columns = ("Study", "Year", "Title", "Reviews", *unlike([review.label for review in reviews]))
    return [Table("citation_matrix", "Citation matrix", columns, cells, (28, 8, 50, 9, *([14] * len(reviews))))]
