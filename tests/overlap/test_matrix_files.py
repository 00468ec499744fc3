"""Reading a citation matrix: what is understood, what is assumed aloud, what is refused and with which remedy."""

import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from extraction.overlap.matrix_files import MatrixOptions, UnreadableMatrix, read_matrix
from extraction.overlap.rules import overlap


@pytest.fixture
def matrix_file(tmp_path):
    def write(text: str | bytes, name: str = "matrix.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(**sheets):
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(row)
        path = tmp_path / "matrix.xlsx"
        book.save(path)
        return path

    return write


def included(file) -> dict:
    matrix = file.matrix
    return {study: [matrix.reviews[c] for c in cells] for study, cells in zip(matrix.studies, matrix.included, strict=True)}


def missing(file) -> dict:
    return {file.matrix.studies[row]: sorted(file.matrix.reviews[c] for c in columns) for row, columns in file.matrix.missing.items()}


def refusal(path, **options) -> str:
    with pytest.raises(UnreadableMatrix) as caught:
        read_matrix(path, MatrixOptions(**options))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


PLAIN = "Study,A,B\nS,1,0\nT,1,1\n"
READ = {"S": ["A"], "T": ["A", "B"]}


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        b"\n\n" + PLAIN.encode() + b"\n,,\n",
    ],
)
def test_delimiters_encodings_and_line_ends(matrix_file, raw):
    file = read_matrix(matrix_file(raw))
    assert included(file) == READ
    assert file.warnings == ()


def test_semicolons_win_although_every_header_holds_a_comma(matrix_file):
    file = read_matrix(matrix_file("Study;Smith, 2010;Jones, 2012\nS;1;0\nT;1;1\n"))
    assert file.matrix.reviews == ("Smith, 2010", "Jones, 2012")


def test_a_quoted_line_break_does_not_shift_the_rows_named_in_errors(matrix_file):
    assert "row 4, column 'B'" in refusal(matrix_file('Study,A,B\n"S\nlong",1,0\nT,1,?\n'))


def test_a_file_that_is_not_utf8_is_read_with_a_warning(matrix_file):
    file = read_matrix(matrix_file("Study,Müller,B\nS,1,1\n".encode("cp1252")))
    assert file.matrix.reviews == ("Müller", "B")
    assert any("Windows-1252" in warning for warning in file.warnings)


@pytest.mark.parametrize("yes", ["1", "1.0", "1 - Yes", "1-yes", "1 – Yes", " YES ", "true", "TRUE"])
@pytest.mark.parametrize("no", ["0", "0.0", "0 - No", "no", "False"])
def test_words_for_yes_and_no(matrix_file, yes, no):
    assert included(read_matrix(matrix_file(f"Study;A;B\nS;{yes};{no}\nT;{yes};{yes}\n"))) == READ


def test_cells_of_a_workbook_may_be_numbers_or_truth_values(workbook):
    path = workbook(Matrix=[["Study", "A", "B"], ["S", 1.0, False], ["T", True, 1]])
    assert included(read_matrix(path)) == READ


@pytest.mark.parametrize("cell", ["2", "maybe", "1 - No", "0 - Yes", "10", "#REF!", "11"])
def test_an_unknown_cell_is_refused_by_file_row_column_value_and_remedy(matrix_file, cell):
    sentence = refusal(matrix_file(f"Study;A;B\nS;1;0\nT;1;{cell}\nU;0;1\n"))
    for part in ("matrix.csv", "row 3", "'B'", repr(cell), "correct the cell", "--drop-columns"):
        assert part in sentence


def test_x_is_structurally_missing(matrix_file):
    assert missing(read_matrix(matrix_file("Study,A,B\nS,1,x\nT,X,1\n"))) == {"S": ["B"], "T": ["A"]}


def test_blank_cells_are_zero_with_a_warning(matrix_file):
    file = read_matrix(matrix_file("Study,A,B\nS,1,\nT,1,1\n"))
    assert included(file) == READ
    assert missing(file) == {}
    assert any("1 blank cell read as 0" in warning and "--blank missing" in warning for warning in file.warnings)


def test_blank_cells_can_mean_missing(matrix_file):
    file = read_matrix(matrix_file("Study,A,B\nS,1\nT,1,1\n"), MatrixOptions(blank_is_missing=True))
    assert missing(file) == {"S": ["B"]}


def test_columns_without_a_header_are_ignored(matrix_file):
    file = read_matrix(matrix_file("Study,A,,B,\nS,1,what,0,ever\nT,1,,1,,beyond\n"))
    assert included(file) == READ


def test_the_first_column_is_the_study_even_without_a_header(matrix_file):
    assert included(read_matrix(matrix_file(",A,B\nS,1,0\nT,1,1\n"))) == READ


def test_a_column_of_words_alone_is_a_description_and_is_named(matrix_file):
    file = read_matrix(matrix_file("Study,Authors,A,B\nS,Smith,1,0\nT,Jones,1,1\n"))
    assert file.matrix.reviews == ("A", "B")
    assert any("'Authors'" in warning for warning in file.warnings)


def test_another_column_may_name_the_study(matrix_file):
    file = read_matrix(matrix_file("A,B,ID\n1,0,S\n1,1,T\n"), MatrixOptions(study_column="id"))
    assert included(file) == READ


def test_rows_that_do_not_name_their_study_count_one_by_one(matrix_file):
    file = read_matrix(matrix_file("ID,A,B\n,1,0\n,1,1\n7,0,1\n"))
    assert file.matrix.studies == ("row 2", "row 3", "7")
    assert any(warning.startswith("2 of 3 rows do not name") for warning in file.warnings)


def test_two_rows_of_one_study_are_joined_with_a_warning(matrix_file):
    file = read_matrix(matrix_file("Study,Y,A,B,C\nS,2012,1,0,X\nT,2011,0,1,1\nS,2010,1,1,0\n"), MatrixOptions(study_year="Y"))
    assert included(file) == {"S": ["A", "B"], "T": ["B", "C"]}
    assert missing(file) == {"S": ["C"]}
    assert any("one study: S" in warning for warning in file.warnings)


def test_two_columns_of_one_name_are_refused(matrix_file):
    sentence = refusal(matrix_file("Study,A,B,A\nS,1,0,1\n"))
    assert "headed A" in sentence
    assert "own name" in sentence


@pytest.mark.parametrize("drop", [("Year,Country",), ("Year", "country"), (" Year , Country ",), ('Year,"Country"',)])
def test_columns_can_be_dropped_by_comma_or_repeatedly(matrix_file, drop):
    path = matrix_file("Study,Year,Country,A,B\nS,1,1,1,0\nT,1,1,1,1\n")
    assert included(read_matrix(path, MatrixOptions(drop_columns=drop))) == READ


def test_a_dropped_header_may_hold_a_comma(matrix_file):
    path = matrix_file("Study;Old, 2010;A;B\nS;1;1;0\nT;1;1;1\n")
    assert included(read_matrix(path, MatrixOptions(drop_columns=("Old, 2010",)))) == READ


class TestWhere:
    TEXT = "Study,Kept,A,B,C\nS,1 - Yes,1,0,0\nT,1 - Yes,1,1,0\nU,0 - No,0,0,1\n"

    @pytest.mark.parametrize("more", [{}, {"drop_columns": ("Kept",)}])
    def test_keeps_rows_and_the_column_is_no_review(self, matrix_file, more):
        file = read_matrix(matrix_file(self.TEXT), MatrixOptions(where=("Kept=1 - yes",), **more))
        assert included(file) == READ
        assert file.matrix.reviews == ("A", "B", "C")

    def test_a_review_left_with_nothing_still_counts_and_is_named(self, matrix_file):
        file = read_matrix(matrix_file(self.TEXT), MatrixOptions(where=("Kept=1 - Yes",)))
        assert overlap(file.matrix).reviews == 3
        assert any("none of the rows kept" in warning and "C" in warning for warning in file.warnings)

    def test_all_conditions_hold_together(self, matrix_file):
        path = matrix_file("Study,P,Q,A,B\nS,1,1,1,0\nT,1,0,1,1\nU,0,1,1,1\n")
        file = read_matrix(path, MatrixOptions(where=("P=1", "Q=1")))
        assert file.matrix.studies == ("S",)

    def test_an_equals_sign_may_stand_in_the_header(self, matrix_file):
        path = matrix_file("Study,P (1=yes),A,B\nS,1,1,0\nT,1,1,1\nU,0,1,1\n")
        assert included(read_matrix(path, MatrixOptions(where=("P (1=yes)=1",)))) == READ

    def test_nothing_kept_is_refused_with_the_values_there_are(self, matrix_file):
        sentence = refusal(matrix_file(self.TEXT), where=("Kept=perhaps",))
        assert "'1 - Yes'; '0 - No'" in sentence

    def test_without_a_value_it_is_refused(self, matrix_file):
        assert "COLUMN=VALUE" in refusal(matrix_file(self.TEXT), where=("Kept",))


class TestYears:
    TEXT = "Study,Year,Old,New\nS,2005,1,1\nT,2015,0,1\nU,2016,1,1\nV,,0,1\n"

    def read(self, matrix_file, years="review,year\nold,2010\nNew,2020\n", text=TEXT, **options):
        return read_matrix(matrix_file(text), MatrixOptions(study_year="Year", review_years=matrix_file(years, "years.csv"), **options))

    def test_later_studies_are_set_aside(self, matrix_file):
        file = self.read(matrix_file)
        assert missing(file) == {"T": ["Old"]}
        assert any("Of 4 studies 1 without a year" in warning for warning in file.warnings)

    def test_an_impossible_inclusion_is_kept_and_queried(self, matrix_file):
        file = self.read(matrix_file)
        assert [str(query) for query in file.queries] == ["Old (2010) includes U (2016)"]
        assert any("Old (2010) includes U (2016)" in warning for warning in file.warnings)

    def test_the_header_row_of_the_years_may_be_left_out(self, matrix_file):
        assert missing(self.read(matrix_file, "Old;2010\nNew;2020\n")) == {"T": ["Old"]}

    def test_reviews_without_a_year_and_strangers_are_named(self, matrix_file):
        file = self.read(matrix_file, "Old,2010\nElse,2011\n")
        assert any("not in the matrix: Else" in warning for warning in file.warnings)
        assert any("No year for these reviews" in warning and "New" in warning for warning in file.warnings)

    def test_years_of_a_workbook_may_be_numbers_or_dates(self, workbook, matrix_file):
        path = workbook(M=[["Study", "Year", "Old", "New"], ["S", 2015.0, 0, 1], ["T", date(2016, 5, 1), 0, 1], ["U", 2001, 1, 1]])
        years = matrix_file("Old,2010\nNew,2020\n", "years.csv")
        assert missing(read_matrix(path, MatrixOptions(study_year="Year", review_years=years))) == {"S": ["Old"], "T": ["Old"]}

    def test_what_is_not_a_year_is_refused(self, matrix_file):
        assert "'in press' is not a year" in refusal(matrix_file("Study,Year,A,B\nS,in press,1,1\n"), study_year="Year")
        path, years = matrix_file(self.TEXT), matrix_file("Old,2010\nNew,soon\n", "years.csv")
        assert "years.csv, row 2: 'soon'" in refusal(path, study_year="Year", review_years=years)

    def test_one_side_of_the_years_alone(self, matrix_file):
        assert any("--review-years" in w for w in read_matrix(matrix_file(self.TEXT), MatrixOptions(study_year="Year")).warnings)
        assert "--study-year" in refusal(matrix_file(self.TEXT), review_years=matrix_file("Old,2010\n", "years.csv"))


class TestSheets:
    SHEETS = {"Notes": [["About", "Text"], ["a", "b"]], "Matrix": [["Study", "A", "B"], ["S", 1, 0], ["T", 1, 1]]}

    def test_the_first_that_looks_like_a_matrix_is_read_and_named(self, workbook):
        file = read_matrix(workbook(**self.SHEETS))
        assert included(file) == READ
        assert any("'Matrix' was read" in warning for warning in file.warnings)

    def test_one_bad_cell_does_not_make_it_look_elsewhere(self, workbook):
        path = workbook(Notes=self.SHEETS["Notes"], Matrix=[["Study", "A", "B"], ["S", 1, "?"], ["T", 1, 1], ["U", 1, 1]])
        assert "sheet 'Matrix', row 2, column 'B': '?'" in refusal(path)

    def test_a_sheet_can_be_named(self, workbook):
        path = workbook(First=[["Study", "A", "B"], ["S", 1, 1]], Second=self.SHEETS["Matrix"])
        assert included(read_matrix(path, MatrixOptions(sheet="Second"))) == READ

    def test_a_workbook_is_known_by_its_content_whatever_its_name(self, workbook, matrix_file):
        assert included(read_matrix(matrix_file(workbook(**self.SHEETS).read_bytes(), "matrix.csv"))) == READ

    def test_no_such_sheet_names_those_there_are(self, workbook):
        assert "its sheets are Notes, Matrix" in refusal(workbook(**self.SHEETS), sheet="Sheet1")

    def test_a_csv_file_has_no_sheets(self, matrix_file):
        assert "no sheets" in refusal(matrix_file(PLAIN), sheet="Sheet1")


def test_a_workbook_with_a_damaged_sheet_is_refused(workbook, tmp_path):
    whole, damaged = workbook(M=[["Study", "A", "B"], ["S", 1, 1]]), tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "worksheets/" in name else content)
    assert "damaged.xlsx could not be opened" in refusal(damaged)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "matrix.csv", "empty"),
        (b"Study,A,B\n", "matrix.csv", "no row below the headers"),
        (b"Study,Comment\nS,fine\n", "matrix.csv", "no column holds 1, 0 or X"),
        (b"PK\x03\x04 not a workbook", "matrix.xlsx", "could not be opened"),
        (b"plain text", "matrix.xlsx", "could not be opened"),
        (b"\xd0\xcf\x11\xe0", "matrix.xls", "save it as .xlsx"),
        (b"\x00\x01\x02\x03\n\x00", "matrix.csv", "not a text file"),
    ],
)
def test_foreign_files_are_refused(matrix_file, content, name, words):
    assert words in refusal(matrix_file(content, name))


def test_a_missing_file_is_refused(tmp_path):
    assert "nothing.csv" in refusal(tmp_path / "nothing.csv")


@pytest.mark.parametrize("option", [{"study_column": "Nope"}, {"drop_columns": ("Nope",)}, {"study_year": "Nope"}, {"where": ("Nope=1",)}])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(matrix_file, option):
    assert "has no column 'Nope': its columns are Study, A, B" in refusal(matrix_file(PLAIN), **option)
