"""Writing in the workspace: what is saved, what is refused and how, and that nothing is lost when two write at once."""

import re

import pytest
from django.urls import reverse

from clusters.models import CityProfile, ClusterProfile, ClusterStage, ParkProfile, Related
from portal.facts.models import Figure
from portal.lib.text import Text, TranslatedField
from portal.publishing.models import Entry, Event, Translation, Version
from portal.publishing.workflow import take
from portal.staff.sections import editable, sections
from projects.models import CeremonyRecord, Participation, ProjectListing
from tests import make

pytestmark = pytest.mark.django_db

RUBBISH = ["", "\0", "a\0b", "-1", "9" * 40, "1e999999", "NaN", "Infinity", "x" * 9_000, "<b>", "\u202e", "٣", "[]"]
kinds = pytest.mark.parametrize("kind", Version.kinds().values(), ids=Version.kinds())


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def typed(page):
    """What a browser would send from the form on this page, as it stands."""
    form = page.context["form"]
    return {**hidden(page), **{k: v for field in form for k, v in sent(field) if v not in (None, "")}}


def hidden(page):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def sent(field):
    value = field.value()
    if isinstance(value, dict):
        return [(f"{field.html_name}_{code}", words) for code, words in value.items()]
    return [(field.html_name, getattr(value, "pk", value))]


def url(name, version, *more):
    return reverse(name, args=[version.pk, *more])


def figure_data(draft, **said):
    named = {"metric": make.metric().pk, "source": make.source().pk}
    data = {"seen": draft.edits, "qualifier": "exact", "value_min": "100", "unit": "enterprise", "basis": "achieved"}
    more = {"as_of": "2023", "verification": "unverified", "visibility": "public", "order": "1"}
    return data | more | named | said


def test_stages_are_offered_by_their_names(ann):
    draft = make.draft(ClusterProfile)
    stage = make.write(draft, ClusterStage, link=make.link("cells"), strength="gap", source=make.source())
    page = ann.get(url("staff-row-add", draft, "companies"))
    assert list(page.context["form"].fields["stage"].choices)[1:] == [(stage.pk, "Cells")]


def test_form_says_where_to_add_a_source_that_is_not_in_the_list(ann):
    page = ann.get(url("staff-row-add", make.draft(), "claims"))
    assert 'href="/en/staff/cities/zaozhuang/sources/add/"' in page.context["form"].fields["source"].help_text


@pytest.mark.parametrize(("language", "origin"), [("zh-hans", "original"), ("en", "human")])
def test_only_the_language_a_version_was_written_in_is_original(ann, language, origin):
    draft = make.draft(original_language="en")
    Translation.objects.filter(version=draft.pk).delete()
    data = {"seen": draft.edits, "language": language, "origin": origin, "order": "1"}
    page = ann.post(url("staff-row-add", draft, "translations"), data)
    assert set(page.context["form"].errors) == {"origin"}
    assert not Translation.objects.filter(version=draft.pk).exists()


def test_overview_asks_for_the_origin_of_a_language_nobody_explained(ann):
    draft = make.draft(original_language="zh-hans")
    add = url("staff-row-add", draft, "translations")
    assert add in ann.get(url("staff-version", draft)).content.decode()
    assert ann.post(add, {"seen": draft.edits, "language": "en", "origin": "human", "order": "1"}).status_code == 302
    assert add not in ann.get(url("staff-version", draft)).content.decode()


# A new entry ----------------------------------------------------------------------------------------------------------


@kinds
def test_each_kind_is_begun_and_opened(ann, kind):
    make.city()
    needed = {"title_en": "New thing", "title_zh-hans": "新事物", "original_language": "zh-hans", "type": "signing"}
    needed |= {"when": "2023-04", "industry": make.industry().pk, "source": make.source().pk, "nature": "law"}
    needed |= {"publisher": make.organisation().pk, "edition": "2023", "subject": "city", "slug": "new-thing"}
    if kind is ProjectListing:
        del needed["nature"]
    response = ann.post(reverse("staff-begin", args=["zaozhuang", kind.kind]), needed)
    assert response.status_code == 302, response.context["form"].errors
    version = Version.objects.get()
    assert response.headers["Location"] == url("staff-version", version)
    assert version.entry.slug == ("zaozhuang" if kind is CityProfile else "new-thing")
    assert type(version.specific) is kind
    assert [(hand.user.username, hand.did) for hand in version.hands.all()] == [("ann", "wrote")]
    assert ann.get(url("staff-main", version)).status_code == 200
    for part in sections(kind):
        assert ann.get(url("staff-section", version, part)).status_code == 200
        assert ann.get(url("staff-row-add", version, part)).status_code == 200


@pytest.mark.parametrize(
    ("title", "slug"),
    [({"title_en": "Lithium City!"}, "lithium-city"), ({"title_zh-hans": "锂电产业"}, "li-dian-chan-ye")],
)
def test_an_address_is_made_from_the_title(ann, title, slug):
    make.city()
    ann.post(reverse("staff-begin", args=["zaozhuang", "park"]), {"original_language": "en"} | title)
    assert Entry.objects.get().slug == slug


def test_a_taken_address_is_said_and_the_text_kept(ann):
    make.draft(ParkProfile, slug="one")
    data = {"original_language": "en", "title_en": "Another", "slug": "one"}
    response = ann.post(reverse("staff-begin", args=["zaozhuang", "park"]), data)
    assert response.status_code == 200
    assert "This address is already in use in this city." in response.content.decode()
    assert 'value="Another"' in response.content.decode()
    assert Version.objects.count() == 1


def test_a_title_without_any_letter_asks_for_an_address(ann):
    make.city()
    response = ann.post(
        reverse("staff-begin", args=["zaozhuang", "park"]), {"original_language": "en", "title_en": "!!!"}
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Entry.objects.exists()


# What a form may set --------------------------------------------------------------------------------------------------


def test_state_author_period_and_entry_are_not_on_any_form(ann):
    draft = make.draft(ClusterProfile)
    other = make.draft(ParkProfile, slug="other")
    data = typed(ann.get(url("staff-main", draft))) | {"title_en": "Changed"}
    forged = {"state": "approved", "approved_by": make.user("rob").pk, "live_from": "2020-01-01", "number": 9}
    forged |= {"entry": other.entry_id, "created_by": make.user("rob").pk, "id": other.pk, "version_ptr": other.pk}
    assert ann.post(url("staff-main", draft), data | forged | {"edits": 7}).status_code == 302
    saved = ClusterProfile.objects.get(pk=draft.pk)
    assert saved.title["en"] == "Changed"
    kept = ("state", "approved_by", "live_from", "number", "entry_id", "created_by")
    assert [getattr(saved, name) for name in kept] == [getattr(draft, name) for name in kept]
    assert saved.edits == 1


def test_a_row_cannot_be_moved_to_another_version(ann):
    mine, theirs = make.draft(ClusterProfile), make.draft(ParkProfile, slug="other")
    ann.post(url("staff-row-add", mine, "figures"), figure_data(mine, version=theirs.pk, id=77))
    row = Figure.objects.get()
    assert row.version_id == mine.pk
    assert ann.get(url("staff-row", theirs, "figures", row.pk)).status_code == 404


def options(page, name):
    return set(page.context["form"].fields[name].queryset)


def test_sources_are_the_citys_own_and_the_shared_ones(ann):
    draft = make.draft(ClusterProfile)
    own, shared = make.source("own", city=draft.city), make.source("shared")
    foreign = make.source("foreign", city=make.city("zibo"))
    assert options(ann.get(url("staff-row-add", draft, "figures")), "source") == {own, shared}
    response = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, source=foreign.pk))
    assert response.context["form"].errors["source"]
    assert not Figure.objects.exists()


def test_entries_to_name_are_the_offices_own_and_what_is_public(ann):
    draft = make.draft(ClusterProfile)
    public = make.live(ParkProfile, at="zibo", slug="public")
    make.draft(ParkProfile, at="zibo", slug="secret", title=Text("Secret park"))
    take("revise", public, by=make.user("eve"))
    Version.objects.filter(entry=public.entry, state="draft").update(title=Text("Secret new name"))
    page = ann.get(url("staff-row-add", draft, "related"))
    assert options(page, "entry") == {draft.entry, public.entry}
    assert "Secret" not in page.content.decode()


def test_parks_of_a_project_are_parks(ann):
    draft = make.draft(ProjectListing, slug="works")
    park = make.live(ParkProfile, at="zibo", slug="park")
    assert options(ann.get(url("staff-main", draft)), "park") == {park.entry}


def test_a_figure_is_part_of_a_figure_of_its_own_version(ann):
    draft, other = make.draft(ClusterProfile), make.draft(ParkProfile, slug="other")
    whole, row = make.figure(draft, 200), make.figure(draft, 100)
    make.figure(other)
    assert options(ann.get(url("staff-row", draft, "figures", row.pk)), "part_of") == {whole}


# What is saved --------------------------------------------------------------------------------------------------------


@kinds
def test_saving_a_form_as_it_stands_changes_nothing(ann, kind):
    draft = make.draft(kind, **needs(kind))
    before = {field.attname: getattr(draft, field.attname) for field in editable(kind)}
    response = ann.post(url("staff-main", draft), typed(ann.get(url("staff-main", draft))))
    assert response.status_code == 302, response.context["form"].errors
    draft = kind.objects.get(pk=draft.pk)
    assert {field.attname: getattr(draft, field.attname) for field in editable(kind)} == before


def needs(kind):
    more = {"policy": {"nature": "law"}, "ranking": {"publisher": make.organisation(), "edition": "2023"}}
    return more.get(kind.kind, {})


def test_a_row_is_added_changed_and_taken_out(ann):
    draft = make.draft(ClusterProfile)
    data = figure_data(draft, value_min="1,150,000,000", note_en="As printed", **{"note_zh-hans": "原文"})
    assert ann.post(url("staff-row-add", draft, "figures"), data).status_code == 302
    row = Figure.objects.get()
    assert (row.value_min, row.note) == (1_150_000_000, {"en": "As printed", "zh-hans": "原文"})
    assert "1,150,000,000" in ann.get(url("staff-section", draft, "figures")).content.decode()

    edit = url("staff-row", draft, "figures", row.pk)
    data = typed(ann.get(edit))
    assert data["value_min"] == "1150000000"
    assert ann.post(edit, data | {"note_zh-hans": ""}).status_code == 302
    row.refresh_from_db()
    assert row.note == {"en": "As printed"}

    take_out = url("staff-row-delete", draft, "figures", row.pk)
    page = ann.get(take_out)
    assert Figure.objects.exists()
    assert ann.post(take_out, hidden(page)).status_code == 302
    assert not Figure.objects.exists()
    assert [event.action for event in Event.objects.all()] == ["edit", "edit", "edit", "begin"]


def test_adding_another_stays_on_the_empty_form(ann):
    draft = make.draft(ClusterProfile)
    add = url("staff-row-add", draft, "figures")
    assert ann.post(add, figure_data(draft, another="1")).headers["Location"] == add
    ann.post(add, figure_data(draft, value_min="7", another="1", seen=draft.edits + 1))
    assert [(row.order, row.value_min) for row in Figure.objects.all()] == [(1, 100), (2, 7)]


def test_roles_of_a_guest_are_boxes(ann):
    draft = make.draft(CeremonyRecord)
    data = {"seen": 0, "name_en": "Ms Li", "side": "company", "source": make.source().pk, "order": 1}
    add = url("staff-row-add", draft, "participations")
    assert ann.get(add).content.decode().count('type="checkbox" name="roles"') == len(Participation.Role.values)
    assert ann.post(add, data | {"roles": ["sign", "emperor"]}).context["form"].errors["roles"]
    assert ann.post(add, data | {"roles": ["sign", "speak"]}).status_code == 302
    assert Participation.objects.get().roles == ["sign", "speak"]
    assert "signed · spoke" in ann.get(url("staff-section", draft, "participations")).content.decode()


@pytest.mark.parametrize("date", ["yesterday", "2023-02-30", "2024-Q5", "2024/2023", "15.4.2023"])
def test_an_unreadable_date_is_said_beside_its_field(ann, date):
    draft = make.draft(ClusterProfile)
    response = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, as_of=date))
    assert "is not a date we can read" in str(response.context["form"].errors["as_of"])
    assert f'value="{date}"' in response.content.decode()
    assert not Figure.objects.exists()


def test_an_empty_field_is_named_in_the_readers_language_and_what_was_typed_is_kept(ann):
    draft = make.draft(ClusterProfile)
    add = url("staff-row-add", draft, "figures")
    ann.post(add, figure_data(draft, value_min=""))  # the form's words are not those of its first reader
    response = ann.post(add.replace("/en/", "/zh-hans/"), figure_data(draft, value_min="", quote="超过一百家"))
    assert "数值" in str(response.context["form"].errors["value_min"])
    assert "超过一百家" in response.content.decode()


def test_an_entry_is_related_once(ann):
    draft = make.draft(ClusterProfile)
    park = make.live(ParkProfile, slug="park")
    make.write(draft, Related, entry=park.entry)
    draft.refresh_from_db()
    response = ann.post(
        url("staff-row-add", draft, "related"), {"seen": draft.edits, "entry": park.entry_id, "order": 2}
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Related.objects.count() == 1


def test_rules_of_a_row_are_said_beside_a_field(ann):
    draft = make.draft(CityProfile)
    data = {"seen": 0, "order": 1, "purpose_en": "Everything", "name_en": "Ms Li", "source": make.source().pk}
    contact = ann.post(url("staff-row-add", draft, "contacts"), data)
    assert "Give a telephone number or an e-mail address." in str(contact.context["form"].errors["phone"])
    citation = ann.post(url("staff-row-add", draft, "citations"), data)
    assert "Choose either a figure or a claim." in str(citation.context["form"].errors["figure"])


def test_only_a_draft_is_edited(ann):
    version = make.live(ClusterProfile)
    for name, more in {"staff-main": [], "staff-row-add": ["figures"]}.items():
        assert ann.get(url(name, version, *more)).status_code == 302
    make.source()
    response = ann.post(url("staff-row-add", version, "figures"), figure_data(version, quote="kept"))
    assert response.status_code == 409
    assert "kept" in response.content.decode()
    assert not Figure.objects.exists()


def test_confirming_a_translation_catches_it_up(ann):
    draft = make.draft(ClusterProfile, original_language="en")
    row = make.write(draft, Translation, language="zh-hans", origin="human")
    data = typed(ann.get(url("staff-main", draft))) | {"title_en": "A new title"}
    ann.post(url("staff-main", draft), data)
    row.refresh_from_db()
    assert row.behind
    assert "behind the original" in ann.get(url("staff-version", draft)).content.decode()
    confirm = url("staff-translation-confirm", draft, row.pk)
    assert ann.post(confirm, hidden(ann.get(confirm))).status_code == 302
    row.refresh_from_db()
    assert not row.behind


# Two at once ----------------------------------------------------------------------------------------------------------


def test_a_second_save_sees_both_texts_and_loses_neither(ann):
    draft = make.draft(ClusterProfile)
    main = url("staff-main", draft)
    opened = typed(ann.get(main))
    assert ann.post(main, opened | {"title_en": "Theirs", "summary_zh-hans": "他们的"}).status_code == 302

    late = ann.post(main, opened | {"title_en": "Mine", "functions_en": "My functions"})
    assert late.status_code == 409
    page = late.content.decode()
    for words in ("Theirs", "Mine", "他们的", "My functions"):
        assert words in page
    assert [str(found.label) for found in late.context["differences"]] == ["Title", "Summary", "Functions"]
    assert ClusterProfile.objects.get().title["en"] == "Theirs"

    assert ann.post(main, opened | {"title_en": "Mine"} | hidden(late)).status_code == 302
    assert ClusterProfile.objects.get().title["en"] == "Mine"


def test_who_writes_in_another_section_is_no_conflict(ann):
    draft = make.draft(ClusterProfile)
    row, other = make.figure(draft, 1), make.figure(draft, 2)
    pages = [url("staff-main", draft)] + [url("staff-row", draft, "figures", pk) for pk in (row.pk, other.pk)]
    opened = {address: typed(ann.get(address)) for address in pages}
    answers = [ann.post(address, data | {"title_en": "Mine", "quote": "Mine"}) for address, data in opened.items()]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert ClusterProfile.objects.get().title["en"] == "Mine"
    assert [figure.quote for figure in Figure.objects.all()] == ["Mine", "Mine"]


def test_a_double_click_adds_one_row(ann):
    draft = make.draft(ClusterProfile)
    data = figure_data(draft)
    answers = [ann.post(url("staff-row-add", draft, "figures"), data) for _click in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [url("staff-section", draft, "figures")] * 2
    assert Figure.objects.count() == 1


def test_two_who_add_a_row_each_are_no_conflict(ann):
    draft = make.draft(ClusterProfile)
    for value in ("1", "2"):
        answer = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, value_min=value))
        assert answer.status_code == 302
    assert [figure.value_min for figure in Figure.objects.all()] == [1, 2]


def test_of_ten_savers_one_wins(ann):
    draft = make.draft(ClusterProfile)
    opened = typed(ann.get(url("staff-main", draft)))
    answers = [ann.post(url("staff-main", draft), opened | {"title_en": f"Mine {n}"}).status_code for n in range(10)]
    assert answers == [302] + [409] * 9
    assert ClusterProfile.objects.get().title["en"] == "Mine 0"


def test_a_row_taken_out_meanwhile_can_be_added_again(ann):
    draft = make.draft(ClusterProfile)
    row = make.figure(draft)
    edit = url("staff-row", draft, "figures", row.pk)
    opened = typed(ann.get(edit))
    take_out = url("staff-row-delete", draft, "figures", row.pk)
    ann.post(take_out, hidden(ann.get(take_out)))
    late = ann.post(edit, opened | {"quote": "my words"})
    assert late.status_code == 409
    assert "my words" in late.content.decode()
    add = url("staff-row-add", draft, "figures")
    assert f'action="{add}"' in late.content.decode()
    assert ann.post(add, opened | {"quote": "my words"} | hidden(late)).status_code == 302
    assert Figure.objects.get().quote == "my words"


def test_a_question_asked_before_a_save_is_asked_again(ann):
    draft = make.draft(ClusterProfile)
    row = make.figure(draft)
    take_out = url("staff-row-delete", draft, "figures", row.pk)
    asked = hidden(ann.get(take_out))
    make.figure(draft, 5)
    again = ann.post(take_out, asked)
    assert again.status_code == 409
    assert Figure.objects.count() == 2
    assert ann.post(take_out, hidden(again)).status_code == 302


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 40, "\0"])
def test_a_form_of_unknown_age_is_not_saved(ann, seen):
    draft = make.draft(ClusterProfile)
    response = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, seen=seen))
    assert response.status_code == 200
    assert "Open this form again" in response.content.decode()
    assert not Figure.objects.exists()


# Rubbish --------------------------------------------------------------------------------------------------------------


def every_form():
    for kind in Version.kinds().values():
        yield pytest.param(kind, "", id=kind.kind)
        for part in sections(kind):
            if kind in (ClusterProfile, CeremonyRecord) or sections(kind)[part].whole() is kind:
                yield pytest.param(kind, part, id=f"{kind.kind}-{part}")


def boxes(field):
    """The names under which a browser would send this field."""
    translated = isinstance(field, TranslatedField)
    return [f"{field.name}_{code}" for code in ("en", "zh-hans")] if translated else [field.name]


@pytest.mark.parametrize(("kind", "part"), list(every_form()))
def test_rubbish_is_refused_beside_its_field_and_nothing_is_stored_by_halves(ann, kind, part):
    draft = make.draft(kind, **needs(kind))
    model = sections(kind)[part] if part else kind
    address = url("staff-row-add", draft, part) if part else url("staff-main", draft)
    for rubbish in RUBBISH:
        draft.refresh_from_db()
        edits, rows, saved = draft.edits, model._base_manager.count(), Event.objects.count()
        data = {name: rubbish for field in editable(model) for name in boxes(field)}
        response = ann.post(address, data | {"seen": edits})
        draft.refresh_from_db()
        done = draft.edits - edits, Event.objects.count() - saved, model._base_manager.count() - rows
        if response.status_code == 302:  # where all is text, rubbish is as good as any
            assert done == (1, 1, 1 if part else 0)
        else:
            assert response.status_code == 200
            assert response.context["form"].errors
            assert done == (0, 0, 0)


def test_texts_of_many_characters_are_kept_or_refused_whole(ann):
    draft = make.draft(ClusterProfile)
    long = "字" * 100_000
    response = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, quote=long))
    assert response.status_code == 302
    assert Figure.objects.get().quote == long
    draft.refresh_from_db()
    refused = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, locator=long))
    assert refused.context["form"].errors["locator"]


def test_markup_is_shown_as_text(ann):
    draft = make.draft(ClusterProfile, title=Text("<script>alert(1)</script>"))
    make.figure(draft, quote="<img src=x onerror=alert(1)>", subject=Text("</dd><script>"))
    for page in (url("staff-version", draft), url("staff-section", draft, "figures"), reverse("staff-start")):
        body = ann.get(page).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "</dd><script>" not in body


# Speed ----------------------------------------------------------------------------------------------------------------


def queries(client, address, django_assert_num_queries, count):
    with django_assert_num_queries(count):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_the_start_page(ann, items, django_assert_num_queries):
    for number in range(items):
        make.draft(ParkProfile, slug=f"draft-{number}")
        make.live(ParkProfile, slug=f"live-{number}")
    ann.get(reverse("staff-start"))
    queries(ann, reverse("staff-start"), django_assert_num_queries, 23)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_a_list(ann, items, django_assert_num_queries):
    for number in range(items):
        make.live(ParkProfile, slug=f"live-{number}")
    queries(ann, reverse("staff-list", args=["park"]), django_assert_num_queries, 15)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_a_section(ann, items, django_assert_num_queries):
    draft = make.draft(ClusterProfile)
    whole = make.figure(draft, 1000)
    for number in range(items):
        make.figure(draft, number + 1, part_of=whole)
    queries(ann, url("staff-section", draft, "figures"), django_assert_num_queries, 15)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_a_form(ann, items, django_assert_num_queries):
    draft = make.draft(ClusterProfile)
    for number in range(items):
        park = make.live(ParkProfile, at="zibo", slug=f"park-{number}")
        make.write(draft, Related, entry=park.entry)
    row = Related.objects.first()
    queries(ann, url("staff-row", draft, "related", row.pk), django_assert_num_queries, 12)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_the_overview(ann, items, django_assert_num_queries):
    draft = make.draft(ClusterProfile)
    for number in range(items):
        make.figure(draft, number + 1)
    queries(ann, url("staff-version", draft), django_assert_num_queries, 27)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_the_history(ann, items, django_assert_num_queries):
    version = make.live(ParkProfile)
    for _number in range(items - 1):
        version = make.approved(make.revised(version))
    queries(ann, reverse("staff-history", args=[version.entry_id]), django_assert_num_queries, 14)


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_the_sources(ann, items, django_assert_num_queries):
    make.city()
    for number in range(items):
        make.source(f"own-{number}", city=make.city())
    queries(ann, reverse("staff-references", args=["sources"]), django_assert_num_queries, 12)
