import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation

from portal.lib.text import Text, TranslatedField, TranslatedFormField


def printed(tag, value):
    return Template("{% load text %}{% " + tag + " value %}").render(Context({"value": value}))


def test_text_is_read_in_the_readers_language():
    said = Text({"en": "Cells", "zh-hans": "电芯"})
    assert str(said) == "Cells"
    with translation.override("zh-hans"):
        assert str(said) == "电芯"


def test_text_missing_in_a_language_is_said_not_hidden():
    with translation.override("zh-hans"):
        assert printed("text", Text({"en": "a < b"})).startswith(
            '<span lang="en">a &lt; b</span> <span class="only-in">'
        )
    assert printed("text", Text()) == ""


def test_paragraphs_escape_and_break():
    assert printed("paragraphs", Text("one\n\n<b>two</b>")) == "<p>one</p>\n\n<p>&lt;b&gt;two&lt;/b&gt;</p>"


def test_translated_form_field_takes_one_box_a_language():
    class Form(forms.Form):
        title = TranslatedFormField(max_length=5)

    assert Form({"title_en": "", "title_zh-hans": "枣庄"}).is_valid()
    assert not Form({"title_en": " ", "title_zh-hans": ""}).is_valid()
    assert not Form({"title_en": "too long", "title_zh-hans": ""}).is_valid()


def test_translated_field_refuses_other_languages_and_long_texts():
    with pytest.raises(ValidationError):
        TranslatedField().clean(Text({"xx": "?"}), None)
    with pytest.raises(ValidationError):
        TranslatedField(max_length=3).clean(Text("four"), None)
