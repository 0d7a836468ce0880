"""An investor asks a city."""

from datetime import date

import pytest
from django.test import Client

from portal.inquiries.models import ConsentText, Inquiry, Mail
from portal.publishing.workflow import take
from tests import make

from .asking import FORM, SAID, ask, asked, filled, form, open_city

pytestmark = pytest.mark.django_db


def errors(response):
    return {name: [str(error) for error in said] for name, said in response.context["form"].errors.items()}


def test_an_inquiry_is_stored_with_its_mails_and_its_number_shown_at_once(client):
    olga = open_city()
    response = ask(client)
    inquiry = Inquiry.objects.get()
    assert {name: getattr(inquiry, name) for name in SAID} == SAID
    assert inquiry.city == make.city()
    assert sorted((mail.purpose, mail.to, mail.state) for mail in Mail.objects.all()) == [
        ("notice", olga.email, "queued"),
        ("received", "ivy@example.com", "queued"),
    ]
    assert inquiry.number in client.get(response.url).content.decode()


def test_the_page_asked_about_is_shown_and_kept(client):
    open_city()
    project = make.project("plant")
    address = f"{FORM}?about=project/zaozhuang/plant"
    assert "Title plant" in client.get(address).content.decode()
    inquiry = asked(client, address)
    assert (inquiry.about, inquiry.about_title, inquiry.city) == (project.entry, project.title, make.city())


def test_a_withdrawn_page_is_told_and_asking_still_works(client):
    open_city()
    project = make.project("plant")
    address = f"{FORM}?about=project/zaozhuang/plant"
    posted = filled(client, address)
    take("withdraw", project, by=make.user("rob"), reason="ended")
    response = client.post(address, posted)
    assert errors(response) == {"city": ["This field is required."]}
    assert "What you came from is not public" in response.content.decode()
    assert "Title plant" not in response.content.decode()
    assert SAID["email"] in response.content.decode()
    assert client.post(address, posted | {"city": "zaozhuang"}).status_code == 302


@pytest.mark.parametrize(
    "about", ["", "x", "project/zaozhuang/none", "%00/%00/%00", "project/zaozhuang/a%00", "%ED%A0%80/a/b", "a/" * 900]
)
def test_an_unknown_page_is_told(client, about):
    open_city()
    response = client.get(f"{FORM}?about={about}")
    assert response.status_code == 200
    assert "What you came from is not public" in response.content.decode()


def test_only_cities_with_something_public_can_be_asked(client):
    open_city()
    make.city("zibo")
    assert [city.slug for city in form(client).fields["city"].queryset] == ["zaozhuang"]
    assert list(errors(ask(client, city="zibo"))) == ["city"]
    assert not Inquiry.objects.exists()


def test_no_more_than_eight_fields_are_required(client):
    open_city()
    shown = form(client)
    required = [field.name for field in shown.visible_fields() if field.field.required]
    assert required == ["city", "message", "name", "organisation", "email", "language", "consent"]


def test_consent_is_not_ticked_and_is_needed(client):
    open_city()
    assert "checked" not in str(form(client)["consent"])
    response = ask(client, consent="")
    assert errors(response) == {"consent": ["Without your consent we may not keep your inquiry, and so not answer it."]}
    assert not Inquiry.objects.exists()


def test_consent_to_older_words_is_asked_for_again(client, settings):
    open_city()
    posted = filled(client)
    settings.INQUIRY_RETENTION_MONTHS = 36
    response = client.post(FORM, posted)
    assert list(errors(response)) == ["consent"]
    assert "checked" not in str(response.context["form"]["consent"])
    assert "36 months" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_the_words_agreed_to_are_kept(client, settings):
    open_city()
    settings.CONTACT_EMAIL = "data@example.org"
    first = asked(client)
    assert first.consent.language == "en"
    assert "24 months" in first.consent.text
    assert "data@example.org" in first.consent.text
    assert first.consented_at == first.received_at
    settings.INQUIRY_RETENTION_MONTHS = 12
    second = asked(client)
    assert second.consent_id != first.consent_id
    assert "24 months" in ConsentText.objects.get(pk=first.consent_id).text


def test_errors_are_in_the_readers_language_and_nothing_typed_is_lost(client):
    open_city()
    response = ask(client, "/zh-hans/inquiry/", email="ivy", name="", message="保留的问题")
    page = response.content.decode()
    assert errors(response) == {"name": ["该字段是必填项。"], "email": ["请输入合法的邮件地址。"]}
    assert 'href="#id_email"' in page
    assert 'aria-describedby="id_email_helptext id_email_error"' in page
    assert "保留的问题" in page
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Ivy\x00"),
        ("message", "a\x00b"),
        ("message", "bell \x07"),
        ("message", "x" * 900_000),
        ("message", "   \n "),
        ("name", "x" * 81),
        ("email", "a@b.example\nBcc: everybody@example.org"),
        ("email", "a@b.example, c@d.example"),
        ("email", f"{'a' * 250}@example.org"),
        ("language", "fr"),
        ("city", "atlantis"),
        ("city", "a\x00"),
        ("consent", "yes"),
        ("token", "t" * 65),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, field, value):
    open_city()
    response = ask(client, **{field: value})
    assert (response.status_code, list(errors(response))) == (200, [field])
    assert (Inquiry.objects.count(), Mail.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [b"name=%ED%A0%80&message=%ff%fe", b"%00=%00", b"&&&=", b""])
def test_bytes_that_are_no_text_are_refused(client, body):
    open_city()
    response = client.post(FORM, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert "consent" in errors(response)


def test_single_lines_stay_single_lines(client):
    open_city()
    assert asked(client, name="Ivy\r\n  Investor").name == "Ivy Investor"


def test_a_form_sent_twice_is_one_inquiry(client):
    open_city()
    posted = filled(client)
    first, second = client.post(FORM, posted), client.post(FORM, posted)
    assert first.url == second.url
    assert (Inquiry.objects.count(), Mail.objects.filter(purpose="received").count()) == (1, 1)


def test_a_form_sent_again_with_other_words_is_another_inquiry(client):
    open_city()
    posted = filled(client)
    first, second = client.post(FORM, posted), client.post(FORM, posted | {"message": "One more question"})
    assert first.url != second.url
    assert Inquiry.objects.count() == 2


def test_the_done_page_names_nobody(client):
    open_city()
    page = client.get(asked(client).get_absolute_url())
    assert not [words for words in SAID.values() if len(words) > 2 and words in page.content.decode()]
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert page["X-Robots-Tag"] == "noindex"


def test_the_form_is_not_kept_by_any_cache(client):
    open_city()
    assert "no-store" in client.get(FORM)["Cache-Control"]


def test_nothing_about_a_person_stands_in_an_address(client):
    open_city()
    response = ask(client)
    assert "ivy" not in response.url.lower()


@pytest.mark.parametrize("code", ["wrong", "a%00b", "20261121-7K4QXM", "é"])
def test_an_unknown_code_is_not_found(client, code):
    assert client.get(f"/en/inquiry/{code}/").status_code == 404


def test_a_city_without_an_officer_promises_nothing(client):
    make.live(slug="zaozhuang")
    inquiry = asked(client)
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert "cannot promise" in page
    assert "You get a reply" not in page
    assert "cannot promise" in inquiry.acknowledgement.body


def test_a_sample_site_says_that_nobody_reads_it(client, settings):
    settings.SAMPLE_MODE = True
    open_city()
    assert "Nobody at the real city reads" in client.get(FORM).content.decode()
    inquiry = asked(client)
    assert "Nobody at the real city reads" in client.get(inquiry.get_absolute_url()).content.decode()
    assert "Nobody at the real city reads" in inquiry.acknowledgement.body


def test_the_date_promised_is_the_date_shown(client):
    open_city()
    inquiry = asked(client)
    Inquiry.objects.update(reply_by=date(2026, 11, 26))
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert "You get a reply by 26 November 2026." in page
    Inquiry.objects.update(reply_by=None)
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert "within 3 working days in China. Next year" in page


def test_asking_needs_the_forms_own_csrf_token():
    open_city()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORM, SAID).status_code == 403
