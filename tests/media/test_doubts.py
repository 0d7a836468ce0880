"""Pictures and downloads that do not say what they are, in both languages, are doubted."""

import pytest

from portal.facts.doubts import doubts_in
from portal.lib.text import Text
from portal.publishing.workflow import Refused, take
from tests import make

from .files import BOTH, document, image, showing

pytestmark = pytest.mark.django_db

CODES = {"alt_missing", "caption_missing", "caption_is_file_name"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def doubted(draft):
    return {doubt.code: doubt for doubt in doubts_in(draft) if doubt.code in CODES}


def test_whole_words_raise_no_doubt():
    draft = showing(make.draft(), image(), alt=BOTH, caption=BOTH)
    assert doubted(showing(draft, document(), title=BOTH)) == {}


def test_without_alternative_text_nothing_goes_to_review():
    draft = showing(make.draft(), image(), caption=BOTH)
    doubt = doubted(draft)["alt_missing"]
    assert (doubt.serious, doubt.section, doubt.row) == (True, "pictures", draft.pictures.get().pk)
    assert (
        doubt.says == "The lake: who does not see the picture is not told what it shows (English, Simplified Chinese)."
    )
    with pytest.raises(Refused):
        take("submit", draft, by=make.user("ann"))


def test_one_language_is_not_both():
    draft = showing(make.draft(), image(), alt=Text({"en": "A lake"}), caption=Text({"zh-hans": "湖"}))
    found = doubted(draft)
    assert [("Simplified Chinese)" in found["alt_missing"].says), ("(English)" in found["caption_missing"].says)] == [
        1,
        1,
    ]
    assert not found["caption_missing"].serious


def test_a_document_wants_a_title():
    assert doubted(showing(make.draft(), document())).keys() == {"caption_missing"}


@pytest.mark.parametrize("caption", ["office1", "Office1.jpg"])
def test_a_file_name_is_no_caption(caption):
    said = {"alt": BOTH, "caption": Text({"en": caption, "zh-hans": "办公楼"})}
    assert doubted(showing(make.draft(), image(name="office1.jpg"), **said)).keys() == {"caption_is_file_name"}


def test_a_copy_raises_the_same_doubt():
    draft = showing(make.draft(), image(), alt=BOTH)
    before = doubted(draft)["caption_missing"].key
    copy = make.revised(make.approved(draft))
    assert doubted(copy)["caption_missing"].key == before
