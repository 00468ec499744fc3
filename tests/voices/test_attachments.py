"""Files that come with what is said: what is refused, who may have it, and when it is gone."""

import io
import json
import zipfile
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.projects.access import Denied
from screening.projects.accounts.own_data import write_zip
from screening.projects.actions import Refused
from screening.voices import actions, queries
from screening.voices.attachments.actions import delete_erased, stored
from screening.voices.attachments.models import VoiceFile, VoiceFileBody
from screening.voices.models import Voice, VoiceSetting
from screening.voices.support.actions import promise, switch_files, write_support
from screening.voices.tasks import delete_withdrawn_files
from tests.voices.test_attachment_rules import PAPER, PICTURE, SECRET, WORDS, noted, photograph, segment

# Off, on, and off again --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def on(team):
    return switch_files(by=team.coordinator, on=True)


def say(member, *files, words="See what came with this.", about=None, **more):
    about_kind, about_id = about or ("protocol", member.project_id)
    sent = [(name, io.BytesIO(content), len(content)) for name, content in files]
    with stored(by=member, files=sent) as kept:
        return actions.speak(by=member, about_kind=about_kind, about_id=about_id, words=words, files=kept, **more)


def address(voice):
    (file,) = VoiceFile.objects.filter(voice=voice)
    return reverse("voices:file", args=[voice.project.slug, voice.pk, file.pk])


def in_store():
    return sorted(default_storage.listdir("attachments")[0]) if default_storage.exists("attachments") else []


def test_files_are_off_until_a_coordinator_switches_them_on(client, team):
    for member in team.members.values():
        with pytest.raises(Refused, match="takes no files"):
            say(member, ("a.txt", WORDS))
        if member != team.coordinator:
            with pytest.raises(Denied):
                switch_files(by=member, on=True)
    assert not Voice.objects.exists() and not in_store() and switch_files(by=team.coordinator, on=False) is None
    client.force_login(team.coordinator.user)
    page, thread = (
        reverse(name, args=[team.project.slug, *more])
        for name, *more in (("voices:support",), ("voices:thread", "protocol", team.project.pk))
    )
    assert "Off: words alone." in client.get(page).content.decode() and 'type="file"' not in client.get(thread).content.decode()
    assert client.post(reverse("voices:switch-files", args=[team.project.slug]), {"files": "on"}).status_code == 302
    assert "switched it on on" in client.get(page).content.decode() and 'type="file"' in client.get(thread).content.decode()


def test_the_switch_is_a_fact_and_leaves_the_promise_and_the_support_alone(team):
    promise(by=team.coordinator, days=7)
    switch_files(by=team.coordinator, on=True)
    assert switch_files(by=team.coordinator, on=True).takes_files
    write_support(by=team.working_group, text="Call Rowan.")
    rows = VoiceSetting.objects.order_by("seq").values_list("answer_days", "support", "takes_files", "by")
    assert list(rows) == [
        (7, "", False, team.coordinator.pk), (7, "", True, team.coordinator.pk), (7, "Call Rowan.", True, team.working_group.pk),
    ]  # fmt: skip


def test_switched_off_again_what_was_said_stays(client, team, on):
    voice = say(team.ana, ("a.txt", WORDS))
    switch_files(by=team.coordinator, on=False)
    with pytest.raises(Refused):
        say(team.ana, ("b.txt", WORDS))
    client.force_login(team.ben.user)
    thread = client.get(reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])).content.decode()
    assert "a.txt" in thread and 'type="file"' not in thread
    assert client.get(address(voice)).getvalue() == WORDS


# Speaking with files -----------------------------------------------------------------------------------------


def post(client, team, *files, **more):
    sent = {"id": str(uuid4()), "words": "See this.", "kind": "comment", "audience": "everyone", "files": list(files), **more}
    return client.post(reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk]), sent)


def test_in_the_browser_a_voice_carries_its_files(client, team, on):
    client.force_login(team.working_group.user)
    files = [SimpleUploadedFile("my photo.jpeg", photograph(segment(0xE1, noted())), "text/html"), SimpleUploadedFile("b.pdf", PAPER)]
    assert post(client, team, *files).status_code == 302
    (spoken,) = queries.thread_of(team.ana, "protocol", team.project.pk)
    assert [(one.name, one.kind) for one in spoken.files] == [("my photo.jpg", "jpeg"), ("b.pdf", "pdf")]
    for name in ("voices:said", "voices:list"):
        assert "my photo.jpg" in client.get(reverse(name, args=[team.project.slug])).content.decode()
    kept = default_storage.open(VoiceFileBody.objects.get(name="my photo.jpg").stored_file).read()
    assert SECRET not in kept and len(kept) == spoken.files[0].size


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", b"<svg onload='alert(1)'></svg>", "photo.png is no PDF"),
        ("page.pdf", b"<html><body onload=alert(1)>", "page.pdf is no PDF"),
        ("photo.jpg", PICTURE[:60], "photo.jpg is damaged"),
        ("large.txt", b"a" * (1024 * 1024 + 1), "larger than 1 MB"),
        ("empty.txt", b"", "empty.txt is empty"),
    ],
)
def test_what_is_not_taken_is_refused_by_name_beside_the_field_and_nothing_is_kept(client, team, on, settings, name, content, sentence):
    settings.VOICE_FILE_LIMIT_MB = 1
    client.force_login(team.ana.user)
    answer = post(client, team, SimpleUploadedFile("fine.txt", WORDS), SimpleUploadedFile(name, content, "image/png"))
    shown = answer.content.decode()
    assert answer.status_code == 422 and sentence in shown and "See this." in shown and "id_files_error" not in shown
    assert f"say-{team.project.pk.hex[:8]}-files_error" in shown
    assert not Voice.objects.exists() and not in_store()


def test_an_archive_is_refused_unopened_whatever_it_would_unpack_to(team, on):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("word/document.xml", bytes(3_000_000))
    with pytest.raises(Refused, match=r"bomb\.docx is no PDF"):
        say(team.ana, ("bomb.docx", packed.getvalue()))
    assert not in_store()


def test_too_many_at_once_are_refused_and_the_limits_stand_beside_the_field(client, team, on, settings):
    settings.VOICE_FILES_LIMIT, settings.VOICE_FILE_LIMIT_MB = 2, 4
    with pytest.raises(Refused, match="At most 2 files"):
        say(team.ana, *[(f"{n}.txt", WORDS) for n in range(3)])
    client.force_login(team.ana.user)
    shown = client.get(reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])).content.decode()
    assert "Up to 2 files of up to 4 MB each: PDF, PNG or JPEG pictures, plain text." in shown and "removed from it" in shown


def test_words_that_are_refused_keep_no_file_and_ask_for_it_again(client, team, on):
    client.force_login(team.ana.user)
    answer = post(client, team, SimpleUploadedFile("a.txt", WORDS), words=" ")
    assert answer.status_code == 422 and "Choose the files again" in answer.content.decode() and not in_store()
    with pytest.raises(Refused, match="few words"):
        say(team.ana, ("a.txt", WORDS), words=" ")
    assert VoiceFile.objects.count() == 0 and default_storage.listdir(f"attachments/{team.project.pk}")[1] == []


def test_sent_twice_is_one_voice_with_its_file_once_and_another_file_a_clash(team, on):
    voice_id = uuid4()
    first = say(team.ana, ("a.txt", WORDS), voice_id=voice_id)
    assert say(team.ana, ("a.txt", WORDS), voice_id=voice_id) == first
    for other in ([], [("a.txt", b"Other words.")]):
        with pytest.raises(actions.Clash):
            say(team.ana, *other, voice_id=voice_id)
    (kept,) = default_storage.listdir(f"attachments/{team.project.pk}")[1]
    assert VoiceFileBody.objects.get().stored_file.endswith(kept)


# Who may have it ---------------------------------------------------------------------------------------------


def test_it_is_a_download_that_runs_nowhere(client, team, on):
    voice = say(team.ana, ('re"port\n.html', WORDS))
    client.force_login(team.ben.user)
    answer = client.get(address(voice))
    assert (
        answer["Content-Disposition"] == 'attachment; filename="re port .html.txt"'
        and answer["Content-Type"] == "text/plain; charset=utf-8"
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Length"] == str(len(WORDS))
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "private, no-store"
    assert client.post(address(voice)).status_code == 405


def test_every_role_has_what_everybody_may_read_and_an_outsider_nothing(client, team, on, django_user_model):
    voice = say(team.working_group, ("a.txt", WORDS))
    for member in team.members.values():
        client.force_login(member.user)
        assert client.get(address(voice)).getvalue() == WORDS
    client.force_login(django_user_model.objects.create_user(email="out@example.org", name="Out"))
    assert client.get(address(voice)).status_code == 404
    client.logout()
    assert client.get(address(voice)).status_code == 302


def test_what_is_for_the_team_only_is_not_for_observers(client, team, on):
    voice = say(team.ana, ("a.txt", WORDS), audience="team")
    for member in team.members.values():
        client.force_login(member.user)
        assert client.get(address(voice)).status_code == (404 if member == team.observer else 200)


def test_while_words_wait_their_files_do(client, team, reports, on):
    voice = say(team.ana, ("a.txt", WORDS), about=("report", reports[0].pk))
    for member in team.members.values():
        client.force_login(member.user)
        assert client.get(address(voice)).status_code == (200 if member == team.ana else 404), member


def test_a_file_is_had_through_its_own_voice_alone(client, team, on):
    hidden, shown = say(team.ana, ("a.txt", WORDS), audience="team"), say(team.ana, words="Nothing with it.")
    file = VoiceFile.objects.get(voice=hidden)
    client.force_login(team.observer.user)
    assert client.get(reverse("voices:file", args=[team.project.slug, shown.pk, file.pk])).status_code == 404
    assert client.get(reverse("voices:file", args=[team.project.slug, shown.pk, uuid4()])).status_code == 404


def test_by_the_api(client, team, on):
    client.force_login(team.working_group.user)
    voices = reverse("voices-api:voices", args=[team.project.slug])
    sent = {"about_kind": "protocol", "about_id": str(team.project.pk), "words": "See this.", "files": [SimpleUploadedFile("a.txt", WORDS)]}
    made = client.post(voices, sent).json()
    (file,) = made["files"]
    assert (file["name"], file["kind"], file["size"]) == ("a.txt", "text", len(WORDS))
    at = reverse("voices-api:file", args=[team.project.slug, made["id"], file["id"]])
    assert client.get(at).getvalue() == WORDS and client.get(at)["Content-Disposition"].startswith("attachment")
    refused = client.post(voices, {**sent, "files": [SimpleUploadedFile("a.png", b"<svg/>")]})
    assert refused.status_code == 400 and "a.png is no PDF" in refused.json()["detail"]
    support = reverse("voices-api:support", args=[team.project.slug])
    assert client.patch(support, json.dumps({"takes_files": False}), content_type="application/json").status_code == 403
    client.force_login(team.coordinator.user)
    assert client.patch(support, json.dumps({"takes_files": False}), content_type="application/json").json()["takes_files"] is False


# Withdrawn, and one's own ------------------------------------------------------------------------------------


def test_a_withdrawn_voice_takes_its_file_with_it_and_that_there_was_one_remains(client, team, on, django_capture_on_commit_callbacks):
    voice = say(team.ana, ("my story.txt", WORDS))
    path = VoiceFileBody.objects.get().stored_file
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(by=team.ana, voice=voice)
    body = VoiceFileBody.objects.get()
    assert not default_storage.exists(path) and (body.name, body.size, body.stored_file) == ("", 0, "")
    client.force_login(team.ana.user)
    assert client.get(address(voice)).status_code == 404
    shown = client.get(reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])).content.decode()
    assert "A file went with it." in shown and "my story" not in shown


def test_what_could_not_be_deleted_at_once_goes_with_a_later_round(team, on, monkeypatch):
    actions.withdraw(by=team.ana, voice=say(team.ana, ("a.txt", WORDS)))
    path = VoiceFileBody.objects.get().stored_file
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", lambda _path: (_ for _ in ()).throw(OSError("the store is away")))
        with pytest.raises(OSError, match="away"):
            delete_erased()
    assert default_storage.exists(path) and delete_withdrawn_files() == 1 and not default_storage.exists(path)
    assert delete_withdrawn_files() == 0


def test_the_file_of_ones_own_data_holds_what_one_sent_and_nobody_elses(team, on, tmp_path):
    mine, theirs = say(team.ana, ("mine.txt", WORDS)), say(team.ben, ("theirs.txt", b"Not yours."))
    write_zip(tmp_path / "mine.zip", team.ana.user)
    with zipfile.ZipFile(tmp_path / "mine.zip") as bundle:
        names = bundle.namelist()
        (file,) = [name for name in names if "/files/" in name]
        assert bundle.read(file) == WORDS and file.endswith("-mine.txt")
        (row,) = json.loads(bundle.read(f"{team.project.slug}/voicefile.json"))
    assert row["voice"] == str(mine.pk) != str(theirs.pk) and row["name"] == "mine.txt"
