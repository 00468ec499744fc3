"""One function names everybody, as they chose for this project."""

from pathlib import Path

import pytest
from django.template import Context, Template

from screening.projects.actions import Refused, choose_name
from screening.projects.models import Membership
from screening.projects.queries import shown_name

ROOT = Path(__file__).parents[2]


def named(member: Membership) -> str:
    return shown_name(Membership.objects.get(pk=member.pk))


def test_a_name_a_pseudonym_or_a_member_of_the_group(team):
    member = team.working_group
    choose_name(by=member, shown_name="  Rosa \n Quillfeather ")
    assert named(member) == "Rosa Quillfeather"
    choose_name(by=member, shown_name="Heron", named_as="pseudonym")
    assert named(member) == "Heron"
    choose_name(by=member, shown_name="is not looked at", named_as="member")
    assert named(member) == "A member of the working group"
    # Whatever reads the row by itself finds no other name.
    assert Membership.objects.get(pk=member.pk).shown_name == "A member of the working group"


def test_the_system_names_itself():
    assert shown_name(None) == "Brolly"


def test_only_the_working_group_hides_in_the_working_group(team):
    with pytest.raises(Refused, match="Only members of the working group"):
        choose_name(by=team.ana, named_as="member")


@pytest.mark.parametrize(("words", "named_as"), [("", "name"), ("  \n", "pseudonym"), ("Heron", "former"), ("Heron", "anything")])
def test_no_name_is_no_choice(team, words, named_as):
    with pytest.raises(Refused):
        choose_name(by=team.working_group, shown_name=words, named_as=named_as)
    assert named(team.working_group) == "Working_Group"


def test_templates_name_people_by_the_one_function_in_the_readers_language(team, monkeypatch):
    pages = [path for room in ("screening", "extraction", "templates") for path in (ROOT / room).rglob("*.html")]
    assert len(pages) > 100 and [str(path) for path in pages if ".shown_name" in path.read_text()] == []
    choose_name(by=team.working_group, named_as="member")
    monkeypatch.setattr("screening.projects.queries._", {"A member of the working group": "Ein Mitglied der Gruppe"}.__getitem__)
    line = Template("{% load naming %}{{ one|shown_name }}, {{ nobody|shown_name }}")
    assert line.render(Context({"one": team.working_group})) == "Ein Mitglied der Gruppe, Brolly"
