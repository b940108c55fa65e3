"""Where Redis is, by URL: one server, a master that sentinels know, or a cluster. Pure.

    redis://[user:password@]host[:6379][/db][?option=value]          rediss:// with TLS
    redis+sentinel://[user:password@]host[:26379],host2/service[/db]  rediss+sentinel://
    redis+cluster://[user:password@]host[:6379],host2                 rediss+cluster://

Options are redis-py's (`ssl_ca_certs`, `socket_keepalive` ...), and for sentinels that ask for
one `sentinel_username` and `sentinel_password`.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

Kind: TypeAlias = Literal["server", "sentinel", "cluster"]
Node: TypeAlias = tuple[str, int]

_PORTS: dict[Kind, int] = {"server": 6379, "sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """`plain` is the URL of the first node as redis-py reads it: it holds the password."""

    kind: Kind
    nodes: tuple[Node, ...]
    plain: str = field(repr=False)
    service: str = ""

    @classmethod
    def of(cls, url: str) -> "RedisAddress":
        """Raises ValueError for what is no such URL; the text does not quote it."""
        parts = urlsplit(url)
        base, _, kind = parts.scheme.partition("+")
        if base not in ("redis", "rediss", "unix") or kind not in ("", "sentinel", "cluster"):
            raise ValueError(
                "it begins with redis://, rediss://, unix://, redis+sentinel://,"
                " rediss+sentinel://, redis+cluster:// or rediss+cluster://"
            )
        if kind == "sentinel":
            return _sentinel(base, parts.netloc, parts.path, parts.query)
        if kind == "cluster":
            if parts.path.strip("/") not in ("", "0"):
                raise ValueError("a cluster has no database but 0")
            nodes = _nodes(parts.netloc, "cluster")
            return cls("cluster", nodes, _plain(base, parts.netloc, nodes, "0", parts.query))
        return cls("server", (), url)

    def keys(self, prefix: str) -> str:
        """What keys begin with. In a cluster a script may only touch keys that lie together:
        the braces see to that."""
        if self.kind != "cluster" or "{" in prefix:
            return prefix
        stem = prefix.rstrip(":") or prefix
        return "{" + stem + "}" + prefix.removeprefix(stem)


def _sentinel(base: str, netloc: str, path: str, query: str) -> RedisAddress:
    service, _, database = path.strip("/").partition("/")
    if not service:
        raise ValueError("after the sentinels comes the name of what they watch: /mymaster")
    nodes = _nodes(netloc, "sentinel")
    plain = _plain(base, netloc, nodes, database or "0", query)
    return RedisAddress("sentinel", nodes, plain, service)


def _nodes(netloc: str, kind: Kind) -> tuple[Node, ...]:
    hosts = netloc.rpartition("@")[2]
    return tuple(_node(host, _PORTS[kind]) for host in hosts.split(","))


def _node(text: str, default: int) -> Node:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a host is missing")
    return parts.hostname, parts.port or default


def _plain(base: str, netloc: str, nodes: tuple[Node, ...], database: str, query: str) -> str:
    who, at, _ = netloc.rpartition("@")
    host, port = nodes[0]
    host = f"[{host}]" if ":" in host else host
    return f"{base}://{who}{at}{host}:{port}/{database}" + (f"?{query}" if query else "")
