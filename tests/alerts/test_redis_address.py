import pytest

from alerts.redis_address import RedisAddress


def test_one_server_is_left_to_redis_py():
    url = "rediss://:p@h:6380/2?ssl_ca_certs=/etc/ca.pem"
    assert RedisAddress.of(url) == RedisAddress("server", (), url)


def test_sentinels_the_service_and_its_database():
    it = RedisAddress.of("redis+sentinel://u:p%40@a,b:2,[::1]:3/mymaster/4?socket_keepalive=1")
    assert it.nodes == (("a", 26379), ("b", 2), ("::1", 3))
    assert it.service == "mymaster"
    assert it.plain == "redis://u:p%40@a:26379/4?socket_keepalive=1"
    assert "p%40" not in repr(it)


def test_a_cluster_keeps_all_keys_together():
    it = RedisAddress.of("rediss+cluster://:p@a:7000,b")
    assert it.nodes == (("a", 7000), ("b", 6379))
    assert it.plain == "rediss://:p@a:7000/0"
    assert [it.keys(p) for p in ("ew:", "ew", "a:b:", "{x}y", ":")] == [
        "{ew}:", "{ew}", "{a:b}:", "{x}y", "{:}",
    ]  # fmt: skip
    assert RedisAddress.of("redis://h").keys("ew:") == "ew:"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://h:secret@h", "it begins with"),
        ("redis+other://h", "it begins with"),
        ("redis+sentinel://u:secret@h", "/mymaster"),
        ("redis+sentinel://,b/mymaster", "host"),
        ("redis+cluster://h:secret", "port"),
        ("redis+cluster://h/3", "database"),
    ],
)
def test_what_is_no_address_says_why_and_keeps_the_password(url, why):
    with pytest.raises(ValueError, match=f"(?i){why}") as told:
        RedisAddress.of(url)
    assert "u:secret" not in str(told.value)
