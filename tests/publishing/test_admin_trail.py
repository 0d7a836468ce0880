"""What superusers change in the admin stands in the audit trail."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.publishing.models import Event
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    client.force_login(make.superuser())
    return client


def trail():
    return list(Event.objects.order_by("pk").values_list("action", "actor", "subject"))


def test_reference_data_added_changed_and_deleted_is_recorded(root, capsys):
    data = {"slug": "steel", "name_en": "Steel", "name_zh-hans": "钢铁"}
    assert root.post(reverse("admin:clusters_industry_add"), data).status_code == 302
    industry = make.industry("steel")
    change = reverse("admin:clusters_industry_change", args=[industry.pk])
    assert root.post(change, data | {"isic": "2410"}).status_code == 302
    assert root.post(reverse("admin:clusters_industry_delete", args=[industry.pk]), {"post": "yes"}).status_code == 302
    assert trail() == [
        ("add", "root", "industry Steel"),
        ("change", "root", "industry Steel"),
        ("delete", "root", "industry Steel"),
    ]
    call_command("verify_audit")
    assert capsys.readouterr().out == "3 events, unbroken.\n"


def test_a_change_of_rights_is_recorded_without_values(root):
    ann = make.user("ann")
    page = root.get(reverse("admin:cities_user_change", args=[ann.pk]))
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
    inline = page.context["inline_admin_formsets"][0].formset
    data |= {f"{inline.prefix}-{name}": inline.management_form[name].value() for name in inline.management_form.fields}
    for row in inline.initial_forms:
        data |= {row.add_prefix(name): row[name].value() for name in row.fields if row[name].value() is not None}
    response = root.post(reverse("admin:cities_user_change", args=[ann.pk]), data | {"first_name": "Annabel"})
    assert response.status_code == 302, response.context["errors"]
    event = Event.objects.get(action="change")
    assert (event.actor, event.subject) == ("root", "user ann")
    assert "Annabel" not in str(event.detail)
