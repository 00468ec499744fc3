"""What a coordinator sees of an import: columns to choose, archives, what came in, the same record twice, a file brought back."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of
from screening.projects import jobs
from screening.projects.models import Job
from screening.protocol.actions import save_source
from screening.references import actions
from screening.references.import_contributions import differences, repair
from screening.references.models import ColumnChoice, Import, Placement, ProposedPair, Record, Report
from screening.references.queries import (
    counted_records,
    import_rows,
    imports_of,
    page_of_import,
    pairs_of_import,
    records_by_source,
    records_identified,
    reports_of,
)
from tests.cast import add_source, decide, import_file, ris


def at(team, name="imports", **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


def upload(team, source, content, name="table.csv", **more):
    run, _ = actions.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content), **more)
    return run


def run_all():
    for job in Job.objects.exclude(state__in=Job.OVER):
        jobs.run(str(job.pk))


def row_of(run):
    return import_rows(imports_of(run.project).filter(pk=run.pk))[0]


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


@pytest.fixture
def api(client, team):
    def call(member, method, name, data=None, **kwargs):
        client.force_login(member.user)
        address = reverse(f"references-api:{name}", kwargs={"slug": team.project.slug, **kwargs})
        return client.get(address, data) if method == "get" else client.post(address, data or {}, content_type="application/json")

    return call


ODD = b"Lfd,Werk,Wer,Wann\n1,Peer support in crisis teams,Alder J,2020\n2,Family peer work on wards,Birch K,2021\n"
TOLD = {"column-0": "", "column-1": "title", "column-2": "authors", "column-3": "year"}


def test_a_table_of_unknown_columns_waits_until_a_person_names_them(coordinator, team):
    run = upload(team, add_source(team), ODD)
    run_all()
    assert row_of(run).state == "columns" and not Record.objects.exists()
    listed = coordinator.get(at(team)).content.decode()
    assert "Choose the columns" in listed and at(team, "columns", pk=run.pk) in listed
    assert "waits for somebody to say which column is which" in coordinator.get("/").content.decode()
    page = coordinator.get(at(team, "columns", pk=run.pk)).content.decode()
    assert "Peer support in crisis teams" in page and page.count("<select") == 4
    refused = coordinator.post(at(team, "columns", pk=run.pk), {**TOLD, "column-1": ""})
    assert refused.status_code == 422 and "Say which column holds the titles" in refused.content.decode()
    assert 'value="authors" selected' in refused.content.decode() and not ColumnChoice.objects.exists()
    coordinator.post(at(team, "columns", pk=run.pk), TOLD)
    run_all()
    assert [(report.title, report.year) for report in reports_of(team.project).order_by("year")] == [
        ("Peer support in crisis teams", 2020),
        ("Family peer work on wards", 2021),
    ]
    assert "<dt>Wann</dt><dd>Year or date</dd>" in coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    choice = ColumnChoice.objects.get()
    assert choice.by == team.coordinator and choice.mapping == {"Werk": "title", "Wer": "authors", "Wann": "year"}
    assert "does not wait for its columns" in coordinator.get(at(team, "columns", pk=run.pk)).content.decode()
    assert coordinator.post(at(team, "columns", pk=run.pk), TOLD).status_code == 422


def test_the_teams_choice_is_remembered_for_the_same_columns_in_any_case(coordinator, team):
    first = upload(team, add_source(team), ODD)
    run_all()
    coordinator.post(at(team, "columns", pk=first.pk), TOLD)
    run_all()
    later = ODD.replace(b"Werk", b"WERK ").replace(b"crisis", b"housing")
    second = upload(team, add_source(team, "Embase"), later, "later.csv")
    run_all()
    row = row_of(second)
    assert row.state == "completed" and row.tally["columns_from"] == str(first.pk)
    assert reports_of(team.project).filter(title="Peer support in housing teams").exists()
    third = upload(team, add_source(team, "CINAHL"), later.replace(b"housing", b"prison"), "third.csv", ask_columns=True)
    run_all()
    page = coordinator.get(at(team, "columns", pk=third.pk)).content.decode()
    assert "The team chose these before" in page and 'value="title" selected' in page


def test_a_known_layout_goes_straight_through_unless_one_asks_to_look(coordinator, team):
    pubmed = b"PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
    pubmed += b'7,Peer support in homes,"Alder J, Birch K",,Alder J,Umbrella Studies,2020,2020/01/01,,,10.1234/seven\n'
    run = upload(team, add_source(team), pubmed)
    looked_at = upload(team, add_source(team, "Embase"), pubmed, "look.csv", ask_columns=True)
    run_all()
    assert row_of(run).state == "completed" and row_of(looked_at).state == "columns"
    page = coordinator.get(at(team, "columns", pk=looked_at.pk)).content.decode()
    assert "It looks like an export of PubMed" in page and 'value="doi" selected' in page


def test_columns_over_the_api(api, team):
    run = upload(team, add_source(team), ODD)
    run_all()
    assert api(team.coordinator, "get", "import", pk=run.pk).json()["state"] == "columns"
    seen = api(team.coordinator, "get", "columns", pk=run.pk).json()
    assert seen["header"] == ["Lfd", "Werk", "Wer", "Wann"] and seen["rows"][0][1] == "Peer support in crisis teams"
    assert {"key": "title", "name": "Title"} in seen["fields"] and seen["chosen"] is None
    assert api(team.ana, "get", "columns", pk=run.pk).status_code == 403
    odd = api(team.coordinator, "post", "columns", {"columns": {"Werk": "title", "Nowhere": "doi"}}, pk=run.pk)
    assert odd.status_code == 400 and "Nowhere" in odd.content.decode()
    sent = api(team.coordinator, "post", "columns", {"columns": {"Werk": "title", "Wer": "authors"}}, pk=run.pk)
    assert sent.status_code == 201 and sent.json()["state"] == "reading"
    assert api(team.coordinator, "get", "columns", pk=run.pk).status_code == 404
    run_all()
    records = api(team.observer, "get", "import-records", pk=run.pk).json()
    assert [one["title"] for one in records["results"]] == ["Peer support in crisis teams", "Family peer work on wards"]
    assert records["results"][0]["report"] and records["next"] is None and "seq" not in str(records)


def archive(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return file.getvalue()


def test_every_file_of_an_archive_is_an_import_of_its_own(coordinator, team):
    inner = archive(one__ris=ris("Never reached"))
    bundle = archive(a__ris=ris("Peer support in wards"), b__ris=ris("Peers at home", start=5), c__zip=inner)
    source = add_source(team)
    answer = coordinator.post(at(team), {"source": source.slug, "files": [SimpleUploadedFile("all.zip", bundle)]}, follow=True)
    assert "all.zip/c.zip: an archive inside the archive" in answer.content.decode()
    run_all()
    assert {run.filename: row_of(run).state for run in Import.objects.all()} == {"all.zip/a.ris": "completed", "all.zip/b.ris": "completed"}
    assert records_identified(team.project) == 2
    broken = coordinator.post(at(team), {"source": source.slug, "files": [SimpleUploadedFile("cut.zip", bundle[:90])]}, follow=True)
    assert "cut.zip: The zip archive is damaged" in broken.content.decode() and Import.objects.count() == 2


def test_what_an_archive_may_unpack_to_is_a_setting_and_is_said_where_one_uploads(coordinator, team, settings):
    settings.ARCHIVE_LIMIT_MB, settings.RECORDS_LIMIT = 1, 1234
    bundle = archive(a__ris=b"x" * (1024 * 1024 + 1))
    answer = coordinator.post(at(team), {"source": add_source(team).slug, "files": [SimpleUploadedFile("all.zip", bundle)]}, follow=True)
    page = answer.content.decode()
    assert "unpacks to more than 1 MB" in page and not Import.objects.exists()
    assert "1,234 records" in page and "1 MB unpacked" in page and "several at once" in page and "data-files" in page


def numbered(*numbers, doi="10.1234/n."):
    return "".join(
        f"TY  - JOUR\nTI  - Peer support study number {n} in wards\nAU  - Author{n}, A.\nPY  - 2020\nDO  - {doi}{n}\nAN  - EM {n}\nER  - \n"
        for n in numbers
    ).encode()


def test_a_number_one_search_gave_twice_counts_once_and_a_new_search_counts_it_again(team):
    source = save_source(by=team.coordinator, name="Embase", kind="database", searched_on=date(2024, 1, 1)).source
    first = import_file(team, source, numbered(1, 2, 3), "one.ris")
    import_file(team, source, numbered(3, 4), "two.ris")
    assert Record.objects.count() == 5 and records_identified(team.project) == 4 == counted_records(team.project).count()
    assert counts_of(team.project)["duplicates"] == 0 and all(line.holds for line in identities(counts_of(team.project)))
    import_file(team, add_source(team), numbered(3), "other.ris")
    assert counts_of(team.project)["duplicates"] == 1
    save_source(by=team.coordinator, source=source, name="Embase", kind="database", searched_on=date(2025, 1, 1))
    import_file(team, source, numbered(1, 2, 3, 4, 5), "later.ris")
    assert records_by_source(team.project)[source.pk] == 9 and counts_of(team.project)["duplicates"] == 5
    actions.withdraw(by=team.coordinator, import_run=first, reason="Half of it.")
    assert records_by_source(team.project)[source.pk] == 7 and check_project(team.project) == []
    assert not Placement.objects.filter(repeated=True).exists()


def test_equal_numbers_of_different_papers_say_nothing(team):
    source = add_source(team)
    import_file(team, source, numbered(1, 2), "one.ris")
    import_file(
        team, source, numbered(1, 2).replace(b"study", b"trial of homes").replace(b"/n.", b"/m.").replace(b"Author", b"Cedar"), "b.ris"
    )
    assert Report.objects.count() == 4 and records_identified(team.project) == 4


def test_a_later_search_says_what_is_new_and_what_was_here(coordinator, team):
    source = save_source(by=team.coordinator, name="Embase", kind="database", searched_on=date(2024, 1, 1), hits=3).source
    first = import_file(team, source, numbered(1, 2), "one.ris")
    page = coordinator.get(at(team, "import", pk=first.pk)).content.decode()
    assert "reported 3 hits for this search; 2 records of it are counted here: 1 missing" in page
    save_source(by=team.coordinator, source=source, name="Embase", kind="database", searched_on=date(2025, 1, 1), hits=3)
    later = import_file(team, source, numbered(1, 2, 3), "later.ris")
    assert (row_of(later).tally["new_reports"], row_of(later).tally["already_here"]) == (1, 2)
    page = coordinator.get(at(team, "import", pk=later.pk)).content.decode()
    assert "What this later search brought" in page and "as many as reported" in page
    assert "What this later search brought" not in coordinator.get(at(team, "import", pk=first.pk)).content.decode()


def test_the_records_of_an_import_are_paged_and_open_their_reports(coordinator, team):
    content = numbered(*range(60)).replace(b"PY  - 2020\nDO  - 10.1234/n.7\n", b"PY  - soon\nDO  - 10.1234/n.7\n")
    run = import_file(team, add_source(team), content)
    first = page_of_import(run)
    assert len(first.rows) == 50 and len(page_of_import(run, after=first.after).rows) == 10
    page = coordinator.get(at(team, "import-records", pk=run.pk))
    assert f"/reports/{first.rows[0].placement.report_id}/" in page.content.decode() and "after=50" in page.content.decode()
    odd = page_of_import(run, which="odd").rows
    assert row_of(run).tally["odd_records"] == len(odd) == 1
    assert odd[0].parsed["warnings"][0] in coordinator.get(at(team, "import-records", pk=run.pk) + "?which=odd").content.decode()
    assert "which=odd" in coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    assert coordinator.get(at(team, "import-records", pk=run.pk) + "?which=x&after=y").status_code == 200
    assert len(page_of_import(run, which="new").rows) == 50 and page_of_import(run, which="joined").rows == []


def test_a_withdrawn_file_comes_back_as_a_new_import_of_the_same_search(coordinator, team, api):
    source = add_source(team)
    run = import_file(team, source, numbered(1, 2))
    decide(team.ana, reports_of(team.project).first(), "include")
    actions.withdraw(by=team.coordinator, import_run=run, reason="The wrong search.")
    assert records_identified(team.project) == 0
    page = coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    assert "Import it again" in page
    coordinator.post(at(team, "bring-back", pk=run.pk))
    coordinator.post(at(team, "bring-back", pk=run.pk))
    run_all()
    again = Import.objects.get(readmits=run)
    assert row_of(again).state == "completed" and row_of(run).state == "withdrawn" and row_of(run).again == again
    assert records_identified(team.project) == 2 == reports_of(team.project).count() == Report.objects.count()
    assert row_of(again).tally["new_reports"] == 2 and check_project(team.project) == []
    assert all(line.holds for line in identities(counts_of(team.project)))
    refused = api(team.coordinator, "post", "bring-back", pk=again.pk)
    assert refused.status_code == 400 and "Only a file that was withdrawn" in refused.content.decode()
    actions.withdraw(by=team.coordinator, import_run=again, reason="After all.")
    made = api(team.coordinator, "post", "bring-back", pk=again.pk)
    assert made.status_code == 201 and made.json()["readmits"] == str(again.pk)


def test_a_file_that_waits_or_stopped_can_be_set_aside(coordinator, team):
    run = upload(team, add_source(team), ODD)
    page = coordinator.post(at(team, "withdraw", pk=run.pk), {"reason": "Wrong file."}, follow=True).content.decode()
    assert "is being read" in page and row_of(run).state == "reading"
    run_all()
    coordinator.post(at(team, "withdraw", pk=run.pk), {"reason": "Wrong file."})
    assert row_of(run).state == "withdrawn" and "Import it again" in coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    assert "which column" not in coordinator.get("/").content.decode()


def test_verify_sees_what_is_cached_of_imports_and_mends_it(team):
    source = add_source(team)
    import_file(team, source, numbered(1, 2), "one.ris")
    import_file(team, source, numbered(2, 3), "two.ris")
    apart = Placement.objects.order_by("report", "record").distinct("report").values_list("record", flat=True)
    a, b = sorted(apart)[:2]
    assert differences(team.project) == []
    ProposedPair.objects.all().delete()
    said = ProposedPair.objects.create(project=team.project, first_id=a, second_id=b, kind="likely", score=0.5, reasons=["x"], waits=False)
    Placement.objects.update(repeated=True)
    assert {one.what for one in differences(team.project)} >= {"whether a record is repeated"}
    repair(team.project)
    assert differences(team.project) == [] and Placement.objects.filter(repeated=True).count() == 1
    said.refresh_from_db()
    assert said.waits


def test_an_import_that_ends_while_its_row_is_read_is_not_called_stopped(team, monkeypatch):
    run = upload(team, add_source(team), numbered(1), "one.ris")
    read_before = list(imports_of(team.project))
    run_all()
    assert import_rows(read_before)[0].state == "completed" and row_of(run).state == "completed"


def test_a_source_leads_to_its_files_and_to_the_form_that_takes_more(coordinator, team):
    medline = add_source(team)
    assert "Choose the source" not in coordinator.get(at(team)).content.decode()  # there is but one
    embase = add_source(team, "Embase")
    import_file(team, medline, numbered(1, 2), "medline.ris")
    import_file(team, embase, numbered(3), "embase.ris")
    here = f"{at(team)}?source={embase.slug}"
    assert f'href="{here}">1</a>' in coordinator.get(reverse("protocol:sources", args=[team.project.slug])).content.decode()
    assert (
        f'href="{here}">in 1 file</a>'
        in coordinator.get(reverse("protocol:source", args=[team.project.slug, embase.slug])).content.decode()
    )
    assert f'href="{here}">1</a>' in coordinator.get(at(team, "source-overlap")).content.decode()
    page = coordinator.get(here).content.decode()
    assert "Files of Embase" in page and "embase.ris" in page and "medline.ris" not in page
    assert f'<option value="{embase.slug}" selected>' in page
    everything = coordinator.get(f"{at(team)}?source=%00").content.decode()
    assert (
        "embase.ris" in everything and "medline.ris" in everything and '<option value="" selected>Choose the source</option>' in everything
    )
    nowhere = coordinator.post(at(team), {"source": "", "files": [SimpleUploadedFile("a.ris", ris("Peer support"))]})
    assert nowhere.status_code == 422 and "Choose the source these files come from." in nowhere.content.decode()
    files = [SimpleUploadedFile(f"{n}.ris", numbered(n)) for n in (4, 5)]
    assert (
        "2 files were uploaded and are being read."
        in coordinator.post(at(team), {"source": embase.slug, "files": files}, follow=True).content.decode()
    )


def test_an_import_leads_to_the_pairs_it_brought(coordinator, team):
    first = import_file(team, add_source(team), numbered(1))
    page = coordinator.get(at(team, "import", pk=first.pk)).content.decode()
    assert "To compare" not in page and "Every record that was joined" not in page and "RIS, ASCII" in page
    report = b"TY  - JOUR\nTI  - %s\nAU  - Alder, A.\nPY  - %d\nJO  - Wards\nER  - \n"
    alike = report % (b"Peer support at night: a systematic review", 2019) + report % (b"Peer support at night: systematic review", 2020)
    run = import_file(team, add_source(team, "Embase"), alike, "alike.ris")
    assert pairs_of_import(run) == {"likely": 1} and pairs_of_import(first) == {}
    page = coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    assert f'<a href="{at(team, "duplicates")}">1 pair that may be one report</a>' in page
    assert "waits to be compared." in coordinator.get(at(team)).content.decode()
