"""Following a city: asked for on its page, confirmed from the mail, stopped with one click."""

import pytest

from portal.follow.models import Follow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_city_is_followed_from_its_page_and_stopped(open_page, script):
    page = open_page(java_script_enabled=script)
    page.goto("/zh-hans/cities/zaozhuang/")
    page.locator("main a[href*='/follow/?city=zaozhuang']").click()
    page.locator("#id_email").fill("ivy@example.org")
    page.locator("#id_consent").check()
    page.locator("main form button.is-main").click()
    page.wait_for_url("**/follow/asked/")
    follow = Follow.objects.get()
    page.goto(follow.get_absolute_url())
    page.locator("button[value=confirm]").click()
    follow.refresh_from_db()
    assert (follow.query, follow.language, bool(follow.confirmed_at)) == ("city=zaozhuang", "zh-hans", True)
    page.locator("button[value=stop]").click()
    page.wait_for_url("**/follow/stopped/")
    assert not Follow.objects.exists()
