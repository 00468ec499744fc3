"""Accounts in the browser's eyes: django-allauth's pages and mails are ours, and work."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.cast import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.design.urls")]


@pytest.fixture
def marigold():
    return make_user("marigold")


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
    ],
)
def test_entrance_pages_wear_the_look(client: Client, address):
    html = client.get(address).content.decode()
    assert '<main id="main"' in html and 'class="skip"' in html and "css/tokens.css" in html
    assert html.count("<h1>") == 1
    assert "<title> " not in html and " · Brolly</title>" in html


@pytest.mark.parametrize(
    "address", ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/"]
)
def test_own_pages_wear_the_look_and_sign_out_by_post(client: Client, marigold, address):
    client.force_login(marigold)
    html = client.get(address).content.decode()
    assert html.count("<h1>") == 1
    assert '<form method="post" action="/accounts/logout/">' in html


def test_a_wrong_password_is_said_at_the_top(client: Client, marigold):
    html = client.post("/accounts/login/", {"login": marigold.email, "password": "wrong"}).content.decode()
    assert "One thing needs another look" in html and "data-focus" in html


def test_demonstration_accounts_are_offered_only_in_demo_mode(client: Client, settings, monkeypatch):
    offered = [{"email": "c@example.org", "role": "Coordinator", "password": PASSWORD}]
    monkeypatch.setattr("screening.projects.demonstration.accounts_on_offer", lambda: offered)
    settings.DEMO = False
    assert "c@example.org" not in client.get("/accounts/login/").content.decode()
    settings.DEMO = True
    html = client.get("/accounts/login/").content.decode()
    assert "Sign in as coordinator" in html
    assert '<input type="hidden" name="login" value="c@example.org">' in html


def test_a_password_is_replaced_by_a_mail_in_both_forms(client: Client, marigold, settings):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    client.post("/accounts/password/reset/", {"email": marigold.email})
    message = mail.outbox[0]
    html = message.alternatives[0][0]
    assert message.subject == "Brolly: Set a new password"
    link = re.search(r"https?://[^\s/]+(/accounts/password/reset/key/\S+)", message.body)[1]
    assert link in html and "do nothing" in message.body and "do nothing" in html
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "quite-another-umbrella", "password2": "quite-another-umbrella"})
    marigold.refresh_from_db()
    assert marigold.check_password("quite-another-umbrella")
    changed = mail.outbox[-1]
    assert "If this was not you" in changed.body and changed.alternatives


def test_an_unknown_address_is_answered_alike_in_the_page_and_told_by_mail(client: Client):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "The link is on its way" in answer.content.decode()
    assert "No account has that address" in mail.outbox[0].body


def test_a_used_link_says_so(client: Client, marigold):
    html = client.get("/accounts/password/reset/key/1-set-password/").content.decode()
    assert "This link no longer works" in html


def test_the_second_step_is_set_up_with_a_drawn_code_and_a_key(client: Client, marigold):
    client.post("/accounts/login/", {"login": marigold.email, "password": PASSWORD})
    html = client.get("/accounts/2fa/totp/activate/", follow=True).content.decode()
    if "Confirm that it is you" in html:
        html = client.post(
            "/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/",
            {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"},
            follow=True,
        ).content.decode()
    assert 'class="qr" role="img"' in html and "<?xml" not in html
    assert re.search(r'id="totp-key">[A-Z2-7]{32}<', html)


def test_the_gallery_exists_under_debug_alone(client: Client, settings):
    settings.DEBUG = False
    assert client.get("/design/").status_code == 404
    settings.DEBUG = True
    assert client.get("/design/").status_code == 200


def test_an_unknown_address_gets_our_page(client: Client):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404 and "There is no such page" in answer.content.decode()
