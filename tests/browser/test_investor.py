"""What an investor does: finds a cluster, reads a figure's evidence, takes a brief away, asks the city."""

import pikepdf
import pytest
from playwright.sync_api import expect

from portal.inquiries.models import Inquiry

from .faults import faults

pytestmark = pytest.mark.browser

CONTENT = {
    "en": {
        "sought": "lithium",
        "cluster": "Zaozhuang lithium battery cluster",
        "city": "Zaozhuang",
        "number": "117 enterprises",
        "evidence": ["增至117家", "15 August 2023", "New lithium track: Zaozhuang picks up speed"],
        "file": "Zaozhuang-investment-brief-",
        "written": "en",
    },
    "zh-hans": {
        "sought": "锂电",
        "cluster": "枣庄锂电产业集群",
        "city": "枣庄",
        "number": "117家",
        "evidence": ["增至117家", "2023年8月15日", "锂电新赛道 枣庄加速跑"],
        "file": "枣庄",
        "written": "zh-Hans",
    },
}
QUESTION = "What does an electrolyte plant of 20,000 t a year find there? 二期何时可用？"
ASKED_BY = {"message": QUESTION, "name": "Ivy 常", "organisation": "Ivy Materials", "email": "ivy@example.org"}


@pytest.fixture
def content(said):
    return CONTENT[said.language]


def test_from_the_first_page_to_an_answerable_inquiry(page, said, content, worker, log_in):
    find_the_cluster(page, said, content)
    read_a_figure(page, said, content)
    take_the_brief(page, said, content)
    refuse_without_consent(page, said)
    number = send_the_inquiry(page, said)
    the_city_reads_it(log_in("olga", said), said, content, number)
    assert log_in("eve", said).request.get(f"/{said.language}/staff/inquiries/{number}/").status == 404


def find_the_cluster(page, said, content):
    page.goto(f"/{said.language}/")
    main = page.get_by_role("main")
    main.get_by_role("combobox").fill(content["sought"])
    main.get_by_role("button", name=said("Search")).click()
    page.get_by_role("navigation", name=said("Kinds of results")).get_by_role("link", name=said("clusters")).click()
    page.get_by_role("link", name=content["cluster"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(content["cluster"])


def read_a_figure(page, said, content):
    """The card tells the words as reported, what kind of figure it is, and the source with its date."""
    figure = page.locator("details.figure").filter(has=page.locator("summary", has_text=content["number"])).first
    expect(figure.get_by_text(said("As reported"))).to_be_hidden()
    figure.locator("summary").click()
    card = figure.locator(".figure-card")
    for words in [said("As reported"), said("Source"), said("achieved", "basis"), *content["evidence"]]:
        expect(card.get_by_text(words).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def take_the_brief(page, said, content):
    """Two clicks from the city's page; the page then says by itself when the file is there."""
    page.get_by_role("article").get_by_role("link", name=content["city"], exact=True).first.click()
    page.get_by_role("link", name=said("Brief on %(city)s (PDF)", city=content["city"])).click()
    page.get_by_role("button", name=said("Make the brief")).click()
    download = page.get_by_role("link", name=said("Download the PDF"))
    page.evaluate("window.notReloaded = true")
    expect(download).to_be_visible(timeout=60_000)
    assert page.evaluate("window.notReloaded"), "the page did not update itself but was loaded again"
    assert faults(page) == []
    with page.expect_download() as got:
        download.click()
    assert got.value.suggested_filename.startswith(content["file"])
    with pikepdf.open(got.value.path()) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == content["written"]
        assert len(pdf.pages) > 3


def refuse_without_consent(page, said):
    """The refusal stands on top, leads into the field, and everything typed is still there."""
    page.goto(f"/{said.language}/cities/zaozhuang/")
    page.get_by_role("link", name=said("Ask the city")).first.click()
    expect(page.locator("#id_city")).to_have_count(0)
    for name, typed in ASKED_BY.items():
        page.locator(f"[name={name}]").fill(typed)
    expect(page.locator("#id_consent")).not_to_be_checked()
    page.get_by_role("button", name=said("Send the inquiry")).click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary").get_by_role("link").click()
    expect(page.locator("#id_consent")).to_be_focused()
    assert {name: page.locator(f"[name={name}]").input_value() for name in ASKED_BY} == ASKED_BY
    assert not Inquiry.objects.exists()


def send_the_inquiry(page, said):
    page.locator("#id_consent").check()
    page.get_by_role("button", name=said("Send the inquiry")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("We have your inquiry"))
    return page.locator(".lede b").inner_text()


def the_city_reads_it(page, said, content, number):
    page.get_by_role("link", name=said("Inquiries"), exact=True).click()
    page.get_by_role("link", name=number).click()
    main = page.get_by_role("main")
    for words in [content["city"], *ASKED_BY.values()]:
        expect(main.get_by_text(words).first).to_be_visible()
    assert Inquiry.objects.get().number == number
