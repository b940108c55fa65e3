import gzip
from urllib.parse import parse_qs, urlsplit

from web_dashboard.pages import load_assets
from web_dashboard.parts import STATIC


async def test_pages_are_sent_small_and_only_when_they_changed(house):
    text = (house.folder / "static" / "login.html").read_text()
    async with house.browser() as client:
        page = await client.get("/login")
        assert page.text == text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-encoding"] == "gzip"
        assert page.headers["cache-control"] == "no-cache"
        same = await client.get("/login", headers={"If-None-Match": page.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        plain = await client.get("/login", headers={"Accept-Encoding": "identity"})
        assert plain.text == text
        assert "content-encoding" not in plain.headers


async def test_no_path_reaches_out_of_the_folder(house):
    async with house.browser() as client:
        for path in ("../accounts.json", "%2e%2e/accounts.json", "..%2faccounts.json",
                     "/etc/passwd", "%00", "."):  # fmt: skip
            answer = await client.get(f"/static/{path}")
            assert answer.status_code == 404, path
            assert "argon2" not in answer.text


def test_what_the_product_serves_is_typed_for_a_browser_that_does_not_guess():
    assets = load_assets(STATIC)
    assert {"board.html", "agent.html", "login.html"} <= set(assets)
    scripts = [asset for name, asset in assets.items() if name.endswith(".js")]
    assert {asset.media_type for asset in scripts} == {"text/javascript"}
    for asset in assets.values():
        if asset.gzipped:
            assert gzip.decompress(asset.gzipped) == asset.content


async def test_who_signs_in_goes_on_to_the_whole_address(house):
    async with house.browser() as client:
        for here in (
            "/insights?q=%5BANGRY%5D%20%E9%80%80&queue=a%26b",
            "/?call=c1",
            "/insights",
        ):
            answer = await client.get(here)
            assert answer.status_code == 303
            assert parse_qs(urlsplit(answer.headers["location"]).query) == {"next": [here]}
