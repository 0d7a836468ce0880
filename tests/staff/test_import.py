"""A table that is sent: read and checked, then imported as drafts, all of it or nothing, and never twice."""

import io

import pytest
from django.urls import reverse

from portal.lib.jobs import State
from portal.lib.text import Text
from portal.publishing.models import Entry, Event
from portal.staff import importing
from portal.staff.models import Import
from projects.models import ProjectListing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def named(name, words):
    file = io.BytesIO(words if isinstance(words, bytes) else words.encode())
    file.name = name
    return file


def sent(client, what, words, name="table.csv", language="en", **said):
    """The import of a table that somebody sends."""
    with importing.translation.override(language):
        address = reverse("staff-import-new", args=["zaozhuang"])
    answer = client.post(address, {"what": what, "file": named(name, words)} | said)
    assert answer.status_code == 302, answer.context["form"].errors
    return Import.objects.latest("pk")


def checked(client, what, words, **said):
    table = sent(client, what, words, **said)
    importing.do_next()
    table.refresh_from_db()
    assert table.state == State.DONE, table.error
    return table


def imported(client, what, words, **said):
    table = checked(client, what, words, **said)
    assert table.is_good, table.report.get("errors") or table.report
    client.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    table.refresh_from_db()
    return table


@pytest.fixture
def basics():
    make.city()
    make.source("release", title=Text({"en": "A release", "zh-hans": "一份新闻稿"}))
    make.metric("total-investment", unit="CNY", name=Text({"en": "total investment", "zh-hans": "总投资"}))
    make.organisation("sunwoda")


PROJECTS = """Title (zh),Title (en),total investment,stage,stage: when,earlier stages,parties,source
枣庄欣旺达动力电池项目,Sunwoda power batteries,200亿元,in production,2023-08,signed 2021-12-14; construction started 2022,"Sunwoda (investor, 51%); 2 × (partner)",release
锂电正极材料,,约11.5亿元,签约,2023年5月12日,,,一份新闻稿
"""


def test_projects_become_drafts_with_investment_stages_and_parties(ann, basics):
    table = imported(ann, "projects", PROJECTS)
    assert table.is_imported
    first, second = ProjectListing.objects.order_by("pk")
    assert (first.state, first.created_by, first.original_language) == ("draft", make.user("ann"), "zh-hans")
    assert first.entry.slug == "sunwoda-power-batteries"
    figure = first.figures.get()
    assert (figure.value_min, figure.unit, figure.basis, figure.scale_as_reported) == (
        20_000_000_000,
        "CNY",
        "agreed",
        "亿",
    )
    assert [(row.stage, str(row.when)) for row in first.stage_events.all()] == [
        (40, "2021-12-14"),
        (50, "2022"),
        (70, "2023-08"),
    ]
    assert [party.words for party in first.parties.all()] == ["Sunwoda (investor)", "2 × not named (partner)"]
    assert first.parties.first().share == 51
    assert (str(second.title), second.figures.get().qualifier) == ("锂电正极材料", "about")
    assert list(table.drafts.order_by("pk")) == [first.version_ptr, second.version_ptr]
    assert Event.objects.filter(action="begin", actor="ann").count() == 2
    assert not table.path.exists()


def test_nothing_is_made_before_its_sender_says_so(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    assert (table.report["new"], table.report["wrong"]) == (2, 0)
    assert not Entry.objects.exists()
    page = ann.get(table.get_absolute_url()).content.decode()
    assert "Import 2 rows" in page
    assert "RMB 20 bn" in page
