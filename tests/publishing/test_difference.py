"""Version against version: rows paired by what they say, numbers first, texts marked word by word, all in words."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from clusters.models import ClusterCompany, ClusterProfile, ClusterStage, Contact, Related
from portal.facts.models import Citation, Claim, Figure, Passage
from portal.lib.text import Text
from portal.publishing.difference import Piece, difference, longest_rise, marked
from portal.publishing.workflow import editing
from projects.models import CeremonyRecord, Participation, SignedProject
from tests import make


def pieces(old, new):
    signs = {"same": "{}", "gone": "[-{}]", "new": "[+{}]"}
    return "".join(signs[how].format(words) for how, words in marked(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("More than 100 firms.", "More than 116 firms.", "More than [-100][+116] firms."),
        ("Output of 1,150 t", "Output of 1,200 t", "Output of [-1,150][+1,200] t"),
        ("锂电企业超过100家", "锂电企业达116家", "锂电企业[-超过100][+达116]家"),
        ("枣庄有锂电城之称。", "枣庄有北方锂电之都之称。", "枣庄有[+北方]锂电[-城][+之都]之称。"),
        ("", "New words", "[+New words]"),
        ("Old words", "", "[-Old words]"),
        ("the same", "the same", "the same"),
        ("One two", "Drei vier fünf", "[-One two][+Drei vier fünf]"),
        ("<b>a</b>", "<b>b</b>", "<b>[-a][+b]</b>"),
    ],
)
def test_texts_are_marked_by_word_and_chinese_by_character(old, new, told):
    assert pieces(old, new) == told


def test_both_texts_can_be_read_from_the_marks_however_long():
    old = "".join(f"第{n}句，说{n * 7}家企业。Sentence {n}. " for n in range(800))
    new = old.replace("第5句", "第五句").replace("Sentence 700", "Phrase 700")
    found = marked(old, new)
    assert "".join(words for how, words in found if how != "new") == old
    assert "".join(words for how, words in found if how != "gone") == new
    assert len([1 for piece in found if piece.how != "same"]) < 40


def test_what_keeps_its_order_has_not_moved():
    assert longest_rise([2, 3, 4, 1]) == {2, 3, 4}
    assert longest_rise([4, 1, 2, 3]) == {1, 2, 3}
    assert longest_rise([]) == set()


@pytest.fixture
def _data(db):
    pass


def compared(old, new):
    """As the page compares: both read anew, as their own kind."""

    def fresh(version):
        return type(version.specific).objects.with_parts().get(pk=version.pk) if version else None

    return difference(fresh(old), fresh(new))


def told(found):
    return {
        section.word: [(row.how, row.sentence) for row in section.rows]
        for section in found.sections
        if section.word != "translations"
    }


def change(version, rows, **said):
    with editing(version, by=make.user("ann")):
        for name, value in said.items():
            rows.update(**{name: value})


@pytest.mark.usefixtures("_data")
class TestDifference:
    def test_a_copy_says_the_same(self):
        draft = make.draft(ClusterProfile)
        stage = make.write(draft, ClusterStage, link=make.link(), strength="strong", source=make.source())
        make.write(draft, ClusterCompany, organisation=make.organisation(), stage=stage, source=make.source())
        whole = make.figure(draft, 100)
        make.figure(draft, 80, part_of=whole)
        make.write(draft, Citation, figure=whole, source=make.source("second"))
        first = make.approved(draft)
        assert compared(first, make.revised(first)).sections == []

    def test_a_figure_in_words_with_its_new_source(self):
        draft = make.draft()
        make.figure(draft, 100, qualifier="more_than")
        first = make.approved(draft)
        second = make.revised(first)
        newer = make.source("newer", title=Text("A report"))
        change(second, second.figures, value_min=116, qualifier="exact", source=newer, as_of="2024-09-30")
        found = compared(first, second)
        assert told(found) == {
            "figures": [("changed", "enterprises: more than 100 enterprises → 116 enterprises, as of, new source")]
        }
        [row] = found.sections[0].rows
        assert row.dated == "30 September 2024"
        assert [(each.name, each.old, each.new) for each in row.others] == [
            ("as_of", "12 May 2023", "30 September 2024"),
            ("source", "A publisher: A release (2023-05-12)", "A publisher: A report (2023-05-12)"),
        ]
        with override("zh-hans"):
            assert compared(first, second).sections[0].rows[0].numbers[0].new == "116家"

    def test_rows_added_and_taken_out(self):
        draft = make.draft()
        make.figure(draft, 100)
        make.figure(draft, 12, metric=make.metric("patents"), unit="patent")
        first = make.approved(draft)
        second = make.revised(first)
        with editing(second, by=make.user("ann")):
            second.figures.filter(metric__code="patents").delete()
        make.figure(second, 5, metric=make.metric("parks"), unit="park")
        assert told(compared(first, second)) == {
            "figures": [("added", "parks: 5 parks"), ("gone", "patents: 12 patents")]
        }

    def test_of_a_series_each_year_meets_its_own(self):
        draft = make.draft()
        for year, value in ((2021, 40), (2022, 57), (2023, 100)):
            make.figure(draft, value, as_of=str(year))
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.figures.filter(as_of="2022"), value_min=58)
        make.figure(second, 116, as_of="2024")
        assert told(compared(first, second)) == {
            "figures": [
                ("changed", "enterprises: 57 enterprises → 58 enterprises"),
                ("added", "enterprises: 116 enterprises"),
            ]
        }

    def test_a_row_that_names_a_changed_sibling_has_not_changed(self):
        draft = make.draft()
        whole = make.figure(draft, 100)
        part = make.figure(draft, 80, part_of=whole, subject=Text("in the zone"))
        make.write(draft, Citation, figure=part, source=make.source("second"))
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.figures.filter(value_min=100), value_min=116)
        assert told(compared(first, second)) == {
            "figures": [("changed", "enterprises: 100 enterprises → 116 enterprises")]
        }

    def test_a_row_that_names_another_sibling_has(self):
        draft = make.draft(ClusterProfile)
        strong, other = (
            make.write(draft, ClusterStage, link=make.link(slug), strength="strong", source=make.source())
            for slug in ("cells", "anodes")
        )
        make.write(draft, ClusterCompany, organisation=make.organisation(), stage=strong, source=make.source())
        first = make.approved(draft)
        second = make.revised(first)
        moved = second.stages.get(link__slug="anodes")
        change(second, second.companies, stage=moved)
        [section] = compared(first, second).sections
        [row] = section.rows
        assert [(each.name, each.old, each.new) for each in row.changes] == [("stage", "Cells", "Anodes")]
        assert other.pk != moved.pk

    def test_a_guest_who_moved(self):
        draft = make.draft(CeremonyRecord)
        for order, name in enumerate(["Cao", "Zhang", "Pi", "Hu"]):
            make.write(draft, Participation, name=Text(name), roles=["attend"], order=order, source=make.source())
        first = make.approved(draft)
        second = make.revised(first)
        with editing(second, by=make.user("ann")):
            for order, name in enumerate(["Hu", "Cao", "Zhang", "Pi"]):
                second.participations.filter(name=Text(name)).update(order=order)
        [section] = compared(first, second).sections
        assert [(row.how, row.about, row.moved) for row in section.rows] == [("moved", "Hu", (4, 1))]

    def test_one_guest_is_not_another(self):
        draft = make.draft(CeremonyRecord)
        make.write(draft, Participation, name=Text("Cao Yubin"), roles=["attend"], source=make.source())
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.participations, name=Text("Li Na"))
        assert told(compared(first, second)) == {
            "participations": [
                ("added", "Li Na: government · attended"),
                ("gone", "Cao Yubin: government · attended"),
            ]
        }
        change(second, second.participations, name=Text("Cao Yubing"))
        assert told(compared(first, second)) == {"participations": [("changed", "Cao Yubing: name")]}

    def test_a_new_guest_is_told_with_position_and_role(self):
        draft = make.draft(CeremonyRecord)
        said = {"position": Text("vice mayor"), "body": Text("Binzhou City"), "roles": ["speak"]}
        make.write(draft, Participation, name=Text("Cao Yubin"), source=make.source(), **said)
        [section] = [each for each in compared(None, draft).sections if each.word == "participations"]
        assert section.rows[0].sentence == "Cao Yubin: vice mayor · Binzhou City · government · spoke"

    def test_an_added_language_is_a_change_of_its_row(self):
        draft = make.draft()
        make.write(draft, Contact, purpose=Text({"zh-hans": "投资"}), name=Text({"zh-hans": "王"}), phone="1")
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.contacts, purpose=Text({"zh-hans": "投资", "en": "Investment"}))
        [section] = compared(first, second).sections
        [row] = section.rows
        assert row.changes[0].texts == [("en", [Piece("new", "Investment")])]

    def test_numbers_stand_before_facts_and_facts_before_texts(self):
        draft = make.draft(CeremonyRecord)
        make.write(draft, Passage, topic="history", text=Text("Old words of the story"), source=make.source())
        make.write(draft, Participation, name=Text("Cao"), roles=["attend"], source=make.source())
        make.write(draft, SignedProject, title=Text("Plant"), amount=Decimal(1_000_000), source=make.source())
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.passages, text=Text("New words of the story"))
        change(second, second.participations, side="media")
        change(second, second.signed_projects, amount=Decimal(1_200_000), title=Text("Plant two"))
        found = compared(first, second)
        assert [section.word for section in found.sections] == ["signed_projects", "participations", "passages"]
        assert found.sections[0].rows[0].sentence == "Plant two: RMB 1 m → RMB 1.2 m, title"

    def test_main_facts_and_what_they_name_in_words(self):
        park = make.live(make.Version.kinds()["park"], slug="high-tech", title=Text("High-tech park"))
        first = make.live(CeremonyRecord, declared_count=9)
        second = make.revised(first)
        with editing(second, by=make.user("ann")) as locked:
            locked.declared_count, locked.park = 10, park.entry
            locked.note = Text("Ten, not nine")
            locked.save()
        [section] = compared(first, second).sections
        [row] = section.rows
        assert (section.word, row.sentence) == ("main", "projects declared 9 → 10, park")
        assert [(each.name, each.new) for each in row.others] == [("park", "High-tech park (Zaozhuang)")]

    def test_anothers_draft_is_named_by_its_address(self):
        foreign = make.draft(at="zibo", title=Text("Secret"))
        draft = make.draft()
        make.write(draft, Related, entry=foreign.entry)
        first = compared(None, draft)
        [section] = [section for section in first.sections if section.word == "related"]
        assert section.rows[0].about == "city zibo/zibo"

    def test_in_a_first_version_everything_is_new(self):
        draft = make.draft()
        make.figure(draft, 100)
        found = compared(None, draft)
        assert found.is_first
        assert {row.how for section in found.sections for row in section.rows} == {"added"}
        assert found.sections[0].rows[0].sentence == "enterprises: 100 enterprises"

    def test_the_same_rows_always_pair_the_same_way(self):
        draft = make.draft()
        for _ in range(3):
            make.write(
                draft, Claim, kind="quality", text=Text("Good"), attributed_to=Text("city"), source=make.source()
            )
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.claims.filter(pk=second.claims.last().pk), note=Text("Why?"))
        once, again = compared(first, second), compared(first, second)
        assert once.sections == again.sections
        assert [row.how for row in once.sections[0].rows] == ["changed"]

    def test_as_many_queries_for_one_row_as_for_three(self):
        counts = []
        for slug, rows in (("one", 1), ("three", 3)):
            draft = make.draft(ClusterProfile, slug=slug)
            for number in range(rows):
                stage = make.write(
                    draft, ClusterStage, link=make.link(f"l{number}"), strength="gap", source=make.source()
                )
                figure = make.figure(draft, number, source=make.source(f"s{number}"))
                make.write(draft, Citation, figure=figure, source=make.source())
                make.write(
                    draft, ClusterCompany, organisation=make.organisation(f"o{number}"), stage=stage,
                    source=make.source(),
                )  # fmt: skip
                make.write(draft, Related, entry=make.draft(slug=f"{slug}{number}", kind=ClusterProfile).entry)
            first = make.approved(draft)
            second = make.revised(first)
            change(second, second.figures, value_min=999)
            with CaptureQueriesContext(connection) as queries:
                found = compared(first, second)
                assert len(found.sections[0].rows) == rows
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_two_hundred_changed_rows_are_quick(self):
        import time

        draft = make.draft()
        metric, source = make.metric(), make.source()
        with editing(draft, by=make.user("ann")):
            Figure.objects.bulk_create(
                Figure(
                    version=draft, metric=metric, source=source, value_min=number, unit="item", as_of="2023",
                    basis="achieved", quote=f"{number} things", order=number,
                )
                for number in range(200)
            )  # fmt: skip
        first = make.approved(draft)
        second = make.revised(first)
        change(second, second.figures, source=make.source("other"), as_of="2024")
        begun = time.process_time()
        found = compared(first, second)
        assert time.process_time() - begun < 3  # on a busy machine; far less on a quiet one
        assert len(found.sections[0].changed) == 200
        assert all(not row.numbers for row in found.sections[0].rows)


def test_nought_is_said(db):
    old = make.live()
    new = make.revised(old)
    make.figure(new, 0, yoy=0)
    [figures] = [section for section in difference(old, new).sections if section.word == "figures"]
    lines = {str(label): str(said) for label, said in figures.rows[0].lines}
    assert (lines["value"], lines["growth on the year before, %"]) == ("0", "0")


@pytest.mark.django_db
def test_a_new_page_tells_its_dates_in_words():
    draft = make.draft(CeremonyRecord, when="2020-06-29?")
    [main] = [section for section in compared(None, draft).sections if section.word == "main"]
    assert "29 June 2020 (year inferred)" in dict(main.rows[0].lines).values()
