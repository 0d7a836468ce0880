"""What hangs on a version: copied with it, frozen with it."""

import pytest
from django.db import DatabaseError, connection, transaction

from clusters.models import ClusterCompany, ClusterProfile, ClusterStage
from portal.facts.models import Citation, Figure
from portal.publishing.constraints import install_guards, lift_guards
from portal.publishing.models import Part, Version
from tests import make

pytestmark = pytest.mark.django_db


def cluster():
    draft = make.draft(ClusterProfile)
    stage = make.write(draft, ClusterStage, link=make.link(), strength="strong", source=make.source())
    make.write(draft, ClusterCompany, organisation=make.organisation(), stage=stage, source=make.source())
    whole = make.figure(draft, 100)
    part = make.figure(draft, 80, part_of=whole)
    make.write(draft, Citation, figure=part, source=make.source("second"))
    return make.approved(draft)


def test_revision_copies_every_part_and_relinks_siblings():
    first = cluster()
    second = make.revised(first)
    whole, part = second.figures.all()
    assert part.part_of == whole
    assert part.citations.get().source.code == "second"
    assert second.companies.get().stage == second.stages.get()
    assert first.figures.count() == second.figures.count() == 2
    assert {row.pk for row in first.figures.all()}.isdisjoint({whole.pk, part.pk})


def test_revision_copies_in_a_constant_number_of_queries(django_assert_num_queries):
    first = make.draft(ClusterProfile)
    make.figure(first)
    first = make.approved(first)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        second = make.revised(first)
    for _ in range(3):
        make.figure(second)
    second = make.approved(second)
    with CaptureQueriesContext(connection) as many:
        make.revised(second)
    assert len(many) == len(one)


def test_parts_of_an_approved_version_are_frozen():
    version = cluster()
    figure = version.figures.first()
    for change in (
        lambda: version.figures.update(value_min=1),
        lambda: Figure.objects.create(
            version=version, metric=figure.metric, source=figure.source, value_min=1, unit="item", as_of="2023"
        ),
        lambda: version.stages.update(wanted=True),
        lambda: ClusterProfile.objects.filter(pk=version.pk).update(since="2000"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_draft_row_cannot_be_moved_onto_an_approved_version():
    version = cluster()
    draft = make.revised(version)
    with pytest.raises(DatabaseError), transaction.atomic():
        draft.figures.update(version=version)


def guarded_tables():
    sql = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table FROM information_schema.triggers",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def test_every_kind_and_part_is_guarded():
    models = [Version, *Version.kinds().values(), *Part.all()]
    assert {model._meta.db_table for model in models} <= guarded_tables()


def test_installing_the_guards_again_changes_nothing():
    before = guarded_tables()
    install_guards()
    assert guarded_tables() == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite remakes tables")
@pytest.mark.django_db(transaction=True)
def test_versions_can_be_remade_by_a_migration_and_are_frozen_after_it():
    city = make.live()
    lift_guards()
    with connection.schema_editor() as editor:
        editor._remake_table(Version)
    install_guards()
    with pytest.raises(DatabaseError, match="never changes"):
        Version.objects.filter(pk=city.pk).update(number=9)
