"""The text of a record as it came: out of the uploaded file, or kept with what was read of it."""

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.urls import reverse

from screening.projects import jobs
from screening.projects.models import Job
from screening.references import actions, texts
from screening.references.models import Record
from tests.cast import add_source, import_file

ONE = "TY  - JOUR\nTI  - Peer support für Ältere\nAU  - Alder, J\nER  - \n"
OTHER = "TY  - JOUR\nTI  - Rückkehr an die Arbeit\nAU  - Birch, K\nER  - \n"
CSV = b"Title,Authors,Year\nPeer support by table,Alder J,2020\n"


def by_ordinal(run):
    return list(Record.objects.filter(import_run=run).select_related("import_run").order_by("ordinal"))


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_text_stays_in_its_file_and_is_read_from_there_to_the_letter(team, mark):
    run = import_file(team, add_source(team), f"{mark}{ONE}\n{OTHER}".encode())
    first, second = by_ordinal(run)
    assert (first.raw, second.raw) == ("", "") and second.raw_from == first.raw_to + 1
    assert [texts.text_of(record) for record in (first, second)] == [ONE, OTHER]


@pytest.mark.django_db
def test_a_text_that_does_not_stand_in_the_file_to_the_letter_is_kept(team):
    source = add_source(team)
    table, western = import_file(team, source, CSV, "a.csv"), import_file(team, source, ONE.encode("cp1252"), "b.ris")
    for record in (*by_ordinal(table), *by_ordinal(western)):
        assert record.raw_from is None and texts.text_of(record) == record.raw != ""
    assert by_ordinal(western)[0].raw == ONE


@pytest.mark.django_db
def test_where_files_are_in_a_bucket_texts_are_kept(team, monkeypatch):
    """One does not get a part of a file there without fetching all of it."""
    monkeypatch.setattr(texts, "FileSystemStorage", type("Another", (), {}))
    (record,) = by_ordinal(import_file(team, add_source(team), ONE.encode()))
    assert (record.raw, record.raw_from, record.raw_to) == (ONE, None, None)
    assert isinstance(default_storage, FileSystemStorage), "what the tests have is a folder"


@pytest.mark.django_db
def test_page_and_api_show_the_text_and_say_where_its_file_is_gone(client, team, capsys):
    run = import_file(team, add_source(team), ONE.encode())
    report = run.records.get().placement.report
    client.force_login(team.observer.user)
    page = reverse("references:report", kwargs={"slug": team.project.slug, "pk": report.pk})
    asked = reverse("references-api:report", kwargs={"slug": team.project.slug, "pk": report.pk})
    assert "Peer support für Ältere\nAU  - Alder, J\nER  - " in client.get(page).content.decode()
    assert client.get(asked).json()["records"][0]["raw"] == ONE
    call_command("verify", team.project.slug)
    default_storage.delete(run.stored_file)
    assert "The uploaded file is not in the server" in client.get(page).content.decode()
    assert client.get(asked).json()["records"][0]["raw"].startswith("The uploaded file is not in")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify", team.project.slug)
    said = capsys.readouterr()
    assert '"lost_files": [\n    "search.ris"' in said.out and "1 uploaded file is not in the store as it was" in said.err


@pytest.mark.django_db
def test_a_file_brought_back_is_read_where_it_always_was(team):
    source = add_source(team)
    run = import_file(team, source, ONE.encode())
    actions.withdraw(by=team.coordinator, import_run=run, reason="Another search.")
    again = actions.bring_back(by=team.coordinator, import_run=run)
    jobs.run(str(Job.objects.get(args__import=str(again.pk)).pk))
    assert again.readmits == run and again.stored_file == run.stored_file
    assert texts.text_of(again.records.get()) == ONE
