"""`manage.py agreement`: a file of ratings in, JSON out, one sentence for a bad file."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from screening.decisions.agreement.ratings_file import UnreadableRatings, read_ratings
from tests.shared import SHARED, needs_shared
from tests.shell import said_by


def ask(path, **options) -> dict:
    answer = io.StringIO()
    call_command("agreement", str(path), stdout=answer, **options)
    return json.loads(answer.getvalue())


@pytest.fixture
def write(tmp_path):
    def make(text: str | bytes, name: str = "ratings.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def rows(a: int, b: int, c: int, d: int) -> str:
    """A file of two raters from the counts of its table."""
    pairs = [("include", "include")] * a + [("include", "exclude")] * b + [("exclude", "include")] * c + [("exclude", "exclude")] * d
    return "report,Ana,Ben\n" + "".join(f"R{n},{one},{other}\n" for n, (one, other) in enumerate(pairs))


def test_two_raters_come_out_with_every_figure(write):
    found = ask(write(rows(40, 9, 6, 45)))
    assert found["raters"] == ["Ana", "Ben"] and found["report_column"] == "report"
    assert found["table"] == [[40, 9], [6, 45]] and found["reports"] == 100
    assert found["kappa"] == pytest.approx(0.6995, abs=1e-4) and found["gwet_ac1"] == pytest.approx(0.7007, abs=1e-4)
    assert found["kappa_interval"] == pytest.approx([0.5596, 0.8394], abs=1e-4)
    assert found["pabak"] == pytest.approx(0.70) and found["krippendorff_alpha"] == pytest.approx(0.7008, abs=1e-4)
    assert found["prevalence_index"] == pytest.approx(0.05) and found["bias_index"] == pytest.approx(0.03)
    assert found["p_pos"] == pytest.approx(80 / 95) and found["p_neg"] == pytest.approx(90 / 105)
    (pair,) = found["pairs"]
    assert (pair["a"], pair["b"], pair["kappa"]) == ("Ana", "Ben", found["kappa"])
    assert found["undefined"] == {} and found["folded"] is None


def test_what_is_undefined_is_null_with_its_reason_and_no_nan(write):
    path = write(rows(0, 0, 0, 50))
    found = ask(path)
    assert found["kappa"] is None and found["kappa_interval"] is None and found["gwet_ac1"] == 1 and found["pabak"] == 1
    assert set(found["undefined"]) == {"kappa", "krippendorff_alpha", "p_pos"}
    assert all(words.endswith(".") for words in found["undefined"].values())
    answer = io.StringIO()
    call_command("agreement", str(path), stdout=answer)
    assert "NaN" not in answer.getvalue()


def test_maybe_is_given_apart_and_counted_as_include(write):
    found = ask(write("Title,Ana,Ben\nA,include,maybe\nB,Exclude,exclude\nC,MAYBE,exclude\nD,include,\n"))
    assert found["categories"] == ["include", "exclude", "maybe"]
    assert found["observed_agreement"] == pytest.approx(1 / 3) and found["folded"]["observed_agreement"] == pytest.approx(2 / 3)
    assert found["pairs"][0]["folded"]["table"] == [[1, 1], [0, 1]]
    assert found["warnings"] == ["1 of 4 rows have fewer than two ratings and are not compared."]


@needs_shared
def test_a_file_of_four_raters_as_r_prints_it():
    found = ask(SHARED / "groundtruth" / "irr" / "raw_4raters.csv")
    wanted = json.loads((SHARED / "groundtruth" / "irr" / "expected_gwet_R.json").read_text())["raw_4raters"]
    assert found["observed_agreement"] == pytest.approx(wanted["percent_agreement"], abs=1e-4)
    assert found["kappa"] == pytest.approx(wanted["conger_kappa"], abs=1e-4)
    assert found["fleiss_kappa"] == pytest.approx(wanted["fleiss_kappa"], abs=1e-4)
    assert found["gwet_ac1"] == pytest.approx(wanted["gwet_ac1"], abs=1e-4)
    assert found["krippendorff_alpha"] == pytest.approx(wanted["krippendorff_alpha_nominal"], abs=1e-4)
    assert found["pabak"] == pytest.approx(wanted["brennan_prediger"], abs=1e-4)
    assert found["report_column"] == "Units" and len(found["pairs"]) == 6


@needs_shared
def test_a_file_of_five_observers_has_ten_pairs():
    found = ask(SHARED / "groundtruth" / "irr" / "raw_5observers.csv")
    assert len(found["pairs"]) == 10 and found["reports"] == 15
    assert found["categories"] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Ana,Ben\ninclude,include\nexclude,include\n", None),
        ("Ana,Ben\n1,0\n0,0\n1,1\n", None),
        (",Ana,Ben\n1,include,include\n2,exclude,include\n", "the first column"),
        ("what,Ana,Ben\na,include,include\nb,exclude,include\nc,exclude,exclude\n", "what"),
        ("PMID;Ana;Ben\n31;yes;no\n32;no;no\n", "PMID"),
        ("doi\tAna\tBen\nx\tI\tE\ny\tE\tE\n", "doi"),
    ],
)
def test_the_column_of_reports_is_told_from_those_of_raters(text, left_out):
    found = read_ratings(text.encode())
    assert found.left_out == left_out
    assert found.raters == ("Ana", "Ben") and found.categories == ("include", "exclude")


def test_what_spreadsheets_write_is_read():
    for data in ("report,Ana,Bén\n1,include,exclude\n".encode("utf-8-sig"), "report,Ana,Bén\n1,include,exclude\n".encode("utf-16")):
        assert read_ratings(data).raters == ("Ana", "Bén")
    assert read_ratings("report,Ana,Bén\r\n1,include,exclude\r\n".encode("cp1252")).raters == ("Ana", "Bén")
    gaps = read_ratings(b"id,A,B\n1,NA,1.0\n2,1,0\n3,0.0,.\n")
    assert gaps.rated == ({"B": "include"}, {"A": "include", "B": "exclude"}, {"A": "exclude"})


def test_the_answers_can_be_named(write):
    path = write("id,A,B\n1,lo,lo\n2,lo,lo\n")
    assert ask(path)["pabak"] is None and "--categories" in ask(path)["warnings"][0]
    assert ask(path, categories="hi,lo")["gwet_ac1"] == 1
    with pytest.raises(CommandError, match="“lo” is not one of the answers hi, mid"):
        ask(path, categories="hi,mid")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "a row of headers"),
        (b"id,A,B\n", "a row of headers"),
        (b"id,A\n1,include\n2,exclude\n", "at least two raters"),
        (b"id,A,A\n1,include,include\n", "one name"),
        (b"id,A,B\n1,include,include,exclude\n", "Row 2 has more cells"),
        (b"PK\x03\x04\x00\x00a\n\x00,b\n", "not a text file"),
        (b'id,A,B\n1,"inc,exc\n', "cannot be read as CSV"),
        (b"\xff\xfeab\xd8", "UTF-16"),
        (b"id,A,B\n" + b"".join(b"%d,w%d,v%d\n" % (n, n, n) for n in range(60)), "--id-column"),
    ],
)
def test_a_file_that_holds_no_ratings_is_refused_in_a_sentence(data, words):
    with pytest.raises(UnreadableRatings, match=words):
        read_ratings(data)


def test_a_column_that_is_not_there_is_refused(write):
    with pytest.raises(CommandError, match=r"no column “Nr”. The columns are: id, A, B"):
        ask(write("id,A,B\n1,include,include\n"), id_column="Nr")


def test_at_a_shell_it_refuses_in_one_line():
    bad = said_by("agreement", "no such file.csv")
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (1, "", 1) and "cannot be opened" in bad.stderr
