"""The review page: the difference in words, comments a section, the buttons; and the way back from the history."""

import pytest
from django.urls import reverse

from portal.cities.models import City
from portal.facts.models import Passage
from portal.lib.text import Text
from portal.publishing.comments import comment, settle
from portal.publishing.models import Comment, Event, Version
from portal.publishing.workflow import Refused, editing, take
from tests import make

pytestmark = pytest.mark.django_db


def submitted(**said):
    """A second version in review: another count, another sentence."""
    draft = make.draft(title=Text("City of cells"))
    make.figure(draft, 100, qualifier="more_than")
    make.write(
        draft, Passage, topic="history", text=Text({"en": "It began in 2003.", "zh-hans": "始于2003年。"}),
        source=make.source(),
    )  # fmt: skip
    second = make.revised(make.approved(draft))
    with editing(second, by=make.user("ann")):
        second.figures.update(value_min=116, qualifier="exact", source=make.source("newer", title=Text("Newer report")))
        second.passages.update(text=Text({"en": "It began in 2004.", "zh-hans": "始于2004年。"}))
    take("submit", second, by=make.user("ann"), **said)
    return Version.objects.get(pk=second.pk)


def page(client, version, query="", language="en"):
    response = client.get(reverse("staff-review", args=[version.pk]).replace("/en/", f"/{language}/") + query)
    return response.status_code, response.content.decode()


def press(client, version, step, **said):
    return client.post(reverse("staff-review-step", args=[version.pk, step]), said)


@pytest.fixture
def rob(client):
    client.force_login(make.user("rob"))
    return client


def test_it_says_what_changed_numbers_first(rob):
    version = submitted()
    status, body = page(rob, version)
    assert status == 200
    assert "Compared with version 1" in body
    assert "<del>more than 100 enterprises</del>" in body
    assert "<ins>116 enterprises</ins>" in body
    assert "new source" in body
    assert "It began in <del>2003</del><ins>2004</ins>." in body
    assert '<dd lang="zh-Hans">始于<del>2003</del><ins>2004</ins>年。' in body
    assert body.index('id="section-figures"') < body.index('id="section-passages"')
    assert 'id="section-claims"' not in body


def test_what_is_written_cannot_break_the_page(rob):
    draft = make.draft()
    make.write(draft, Passage, topic="history", text=Text("<b>bold</b>"), source=make.source())
    second = make.revised(make.approved(draft))
    with editing(second, by=make.user("ann")):
        second.passages.update(text=Text("<script>alert(1)</script>"))
    _status, body = page(rob, second)
    assert "<script>alert" not in body
    assert "<b>bold" not in body


def test_a_first_version_is_all_new(rob):
    draft = make.draft()
    make.figure(draft, 100)
    _status, body = page(rob, draft)
    assert "The first version: everything is new" in body
    assert "100 enterprises" in body


def test_any_version_is_compared_with_any_earlier_one(rob):
    second = submitted()
    first = Version.objects.get(number=1)
    assert page(rob, second, "?against=1")[0] == 200
    take("approve", second, by=make.user("rob"))
    third = make.revised(first)
    assert "<ins>more than 100 enterprises</ins>" in page(rob, third)[1]
    assert "It says the same, word for word." in page(rob, third, "?against=1")[1]
    for number in ("3", "9", "x", "-1", "1" * 30):
        assert page(rob, third, f"?against={number}")[0] == 404


def test_a_missing_note_is_seen_and_one_that_is_there_is_shown(rob):
    version = submitted()
    assert "Nobody has written a public note" in page(rob, version)[1]
    Version.objects.filter(pk=version.pk).update(note=Text("A newer count"))
    assert "A newer count" in page(rob, version)[1]


def test_the_note_is_asked_for_at_submission_of_a_revision(client):
    client.force_login(make.user("ann"))
    first = make.draft()
    assert 'name="note_en"' not in client.get(reverse("staff-version", args=[first.pk])).content.decode()
    second = make.revised(make.approved(first))
    assert 'name="note_en"' in client.get(reverse("staff-version", args=[second.pk])).content.decode()
    client.post(
        reverse("staff-step", args=[second.pk, "submit"]), {"note_en": "A newer count", "note_zh-hans": "更新数量"}
    )
    second = Version.objects.get(pk=second.pk)
    assert (second.state, second.note) == ("in_review", {"en": "A newer count", "zh-hans": "更新数量"})
    take("approve", second, by=make.user("rob"))
    assert "A newer count" in client.get(second.get_absolute_url()).content.decode()


def test_approving_from_here(rob):
    version = submitted()
    assert press(rob, version, "approve", seen=version.edits).status_code == 302
    assert Version.objects.live().get().number == 2


def test_a_refusal_is_said_here_with_what_was_typed(rob):
    version = submitted()
    response = press(rob, version, "approve", at="2001-01-01T10:00")
    body = response.content.decode()
    assert response.status_code == 422
    assert 'value="2001-01-01T10:00"' in body
    assert "Compared with version 1" in body
    late = press(rob, version, "approve", seen=0)
    assert late.status_code == 409
    assert "Somebody has saved since you were asked" in late.content.decode()
    assert Version.objects.get(pk=version.pk).state == "in_review"


def test_the_writer_is_told_why_there_is_no_button(client):
    zoe = make.user("zoe")
    draft = make.draft(at="zibo", by=zoe)
    take("submit", draft, by=zoe)
    client.force_login(zoe)
    _status, body = page(client, draft)
    assert "You wrote in this version, so somebody else approves it." in body
    assert "/steps/approve/" not in body


def test_sign_off_from_here(client):
    version = submitted()
    City.objects.update(sign_off=True)
    client.force_login(make.user("rob"))
    _status, body = page(client, version)
    assert "In this city a leader signs off" in body
    assert 'id="approve_at"' not in body
    press(client, version, "approve", seen=version.edits)
    assert "/steps/sign_off/" not in page(client, version)[1]
    client.force_login(make.user("lee"))
    _status, body = page(client, version)
    assert 'id="sign_off_at"' in body
    assert press(client, version, "sign_off", seen=version.edits).status_code == 302
    assert Version.objects.live().get().approved_by == make.user("lee")


class TestComments:
    def add(self, client, version, **said):
        return client.post(
            reverse("staff-comment", args=[version.pk]), {"section": "figures", "place": "figures"} | said
        )

    def set(self, client, said, **posted):
        return client.post(reverse("staff-comment-settle", args=[said.version_id, said.pk]), posted)

    def test_one_is_added_seen_settled_and_opened_again(self, rob):
        version = submitted()
        response = self.add(rob, version, text="Which <year>?")
        assert response.headers["Location"].endswith("#section-figures")
        said = Comment.objects.get()
        assert (said.by.username, said.section, said.text) == ("rob", "figures", "Which <year>?")
        body = page(rob, version)[1]
        assert "Which &lt;year&gt;?" in body
        assert "1 comment is not settled." in body
        self.set(rob, said, settled=1)
        self.set(rob, said, settled=1)
        assert "settled by rob" in page(rob, version)[1]
        self.set(rob, said)
        assert not Comment.objects.get().settled
        actions = ["comment", "settle", "reopen"]
        assert list(Event.objects.filter(action__in=actions).order_by("pk").values_list("action", flat=True)) == actions

    def test_on_a_section_that_did_not_change(self, rob):
        version = submitted()
        self.add(rob, version, section="claims", place="", text="No slogan?")
        body = page(rob, version)[1]
        assert 'id="section-claims"' in body
        assert "As before." in body

    @pytest.mark.parametrize("said", [{"text": "  "}, {"text": "x" * 2001}, {"text": "x", "section": "nothing"}])
    def test_what_cannot_be_kept_is_said_and_not_lost(self, rob, said):
        response = self.add(rob, submitted(), **said)
        assert response.status_code == 422
        assert said["text"] in response.content.decode()
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("name", ["ann", "olga", "lee"])
    def test_everyone_of_the_office_may(self, client, name):
        version = submitted()
        client.force_login(make.user(name))
        assert self.add(client, version, text="Why?").status_code == 302

    def test_not_once_it_is_approved(self, rob):
        version = submitted()
        said = comment(version, section="figures", text="Why?", by=make.user("rob"))
        take("approve", version, by=make.user("rob"))
        assert self.add(rob, version, text="Too late").status_code == 409
        with pytest.raises(Refused):
            settle(said, by=make.user("rob"))
        assert not Comment.objects.get().settled
        assert "Why?" in page(rob, version)[1]

    def test_it_moves_neither_words_nor_public_pages(self, rob, django_assert_num_queries):
        version = submitted()
        before = Version.objects.get(pk=version.pk).edits
        comment(version, section="main", text="Why?", by=make.user("olga"))
        assert Version.objects.get(pk=version.pk).edits == before
        take("approve", version, by=make.user("rob"), seen=before)

    def test_another_versions_comment_is_not_found(self, rob):
        version = submitted()
        said = comment(version, section="main", text="Why?", by=make.user("rob"))
        other = reverse("staff-comment-settle", args=[Version.objects.get(number=1).pk, said.pk])
        assert rob.post(other, {"settled": 1}).status_code == 404


class TestHistory:
    def body(self, client, version):
        return client.get(reverse("staff-history", args=[version.entry_id])).content.decode()

    def test_who_took_which_step(self, client):
        version = submitted()
        City.objects.update(sign_off=True)
        take("approve", version, by=make.user("rob"))
        take("sign_off", version, by=make.user("lee"))
        client.force_login(make.user("ann"))
        body = self.body(client, version)
        row = body[body.index("<tbody>") : body.index("</tr>", body.index("<tbody>"))]
        assert row.index("ann") < row.index("rob") < row.index("lee")
        assert f"{reverse('staff-review', args=[version.pk])}?against=1" in row

    def test_going_back_to_an_old_version(self, client):
        version = submitted()
        take("approve", version, by=make.user("rob"))
        client.force_login(make.user("ann"))
        body = self.body(client, version)
        assert "This begins version 3, a draft that says what version 1 said." in body
        first = Version.objects.get(number=1)
        assert client.post(reverse("staff-step", args=[first.pk, "revise"])).status_code == 302
        third = Version.objects.get(number=3)
        assert third.specific.figures.get().value_min == 100
        assert Version.objects.live().get().number == 2
        assert "Revise from this one" not in self.body(client, version)

    def test_only_editors_are_offered_that(self, rob):
        version = submitted()
        take("approve", version, by=make.user("rob"))
        assert "Revise from this one" not in self.body(rob, version)


def with_rows(slug, rows):
    draft = make.draft(make.Version.kinds()["cluster"], slug=slug)
    for number in range(rows):
        make.figure(draft, number + 1, source=make.source(f"{slug}{number}"))
    second = make.revised(make.approved(draft))
    with editing(second, by=make.user("ann")):
        second.figures.update(value_min=999)
    take("submit", second, by=make.user("ann"))
    for number in range(rows):
        comment(second, section="figures", text=f"Why {number}?", by=make.user("rob"))
    return second


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rob, rows, django_assert_num_queries):
    version = with_rows("one", rows)
    page(rob, version)
    with django_assert_num_queries(36):
        page(rob, version)


@pytest.mark.parametrize("versions", [1, 3])
def test_queries_of_the_history(rob, versions, django_assert_num_queries):
    version = make.live()
    for _ in range(versions - 1):
        version = make.approved(make.revised(version))
    where = reverse("staff-history", args=[version.entry_id])
    rob.get(where)
    with django_assert_num_queries(14):
        rob.get(where)


def test_the_editor_meets_the_open_comments_on_the_dossier(client):
    version = submitted()
    rob = make.user("rob")
    settle(comment(version, section="passages", text="Nice.", by=rob), by=rob)
    said = comment(version, section="figures", text="Which <year>?", by=rob)
    take("send_back", version, by=rob, reason="See my comments")
    client.force_login(make.user("ann"))
    where = reverse("staff-version", args=[version.pk])
    body = client.get(where).content.decode()
    assert "See my comments" in body
    assert "Which &lt;year&gt;?" in body
    assert "1 open comment<" in body
    assert body.count(f'id="comment-{said.pk}"') == 1
    answer = client.post(reverse("staff-comment-settle", args=[version.pk, said.pk]), {"settled": 1, "page": "version"})
    assert answer.headers["Location"].startswith(where)
    assert "open comment" not in client.get(where).content.decode()
