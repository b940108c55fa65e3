"""Searching the archive: the sentences that meet an expression, newest first, each with its
call and what was said around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from alerts.expressions.parser import parse
from alerts.expressions.tree import ExpressionError, Node, hears
from insights.clips import clip_with, kept_clips
from insights.index import SentenceIndex
from insights.query import condition, wanted
from insights.tables import calls, sentences
from insights.wanted import AllOf, Token, Wanted
from insights.words import fact

MOST_COUNTED: Final = 10_000
"""Hits beyond these are told as "more"."""
LARGEST_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Of the call: what is empty may be anything. `since` and `until` are walls (RFC 3339, UTC;
    `until` is not in it), durations are seconds."""

    agent_id: str = ""
    queue: str = ""
    order_id: str = ""
    customer: str = ""  # as it is kept: masked
    source: str = ""
    party: str = ""  # whose sentences
    since: str = ""
    until: str = ""
    longer: float = 0.0
    shorter: float = 0.0
    agents: frozenset[str] | None = None  # whose calls may be seen at all; None: everybody's
    queues: frozenset[str] = frozenset()  # or those of these queues


class Sentence(msgspec.Struct, frozen=True):
    """One that is shown, with the labels that become the tags of the rich text."""

    utterance: int
    party: str
    start: float
    end: float
    text: str
    emotion: str
    events: tuple[str, ...]
    silence_after: float
    language: str


class Hit(msgspec.Struct, frozen=True):
    """`id` is where the next page goes on; `clip` the address of the sound that was kept with
    it in it, empty where there is none."""

    id: int
    call: int
    call_id: str
    began: str
    agent_id: str
    agent_name: str
    queue: str
    customer: str
    order_id: str
    duration: float
    record: bool
    clip: str
    sentence: Sentence
    before: tuple[Sentence, ...]
    after: tuple[Sentence, ...]


class Found(msgspec.Struct, frozen=True):
    """`total` counts at most `MOST_COUNTED`; `more` says that there are more than it."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Search:
    """One question. `before` is the `id` of the last hit that was shown."""

    text: str
    filters: Filters = field(default_factory=Filters)
    before: int = 0
    limit: int = 50


def find(
    connection: Connection,
    index: SentenceIndex,
    search: Search,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> Found:
    """Raises `ExpressionError` for what cannot be looked for."""
    counted = _ids(index, search, lists or {}).limit(MOST_COUNTED + 1).subquery()
    total = connection.scalar(select(func.count()).select_from(counted)) or 0
    found = connection.execute(_hits(page_of(index, search, lists))).all()
    rows = [dict(row._mapping) for row in found]
    around, clips = _around(connection, rows), kept_clips(connection, {r["call"] for r in rows})
    hits = tuple(_hit(row, around, clip_with(clips, row)) for row in rows)
    return Found(hits, min(total, MOST_COUNTED), total > MOST_COUNTED)


def page_of(
    index: SentenceIndex, search: Search, lists: Mapping[str, Sequence[str]] | None = None
) -> Select[tuple[int]]:
    """The ids of the hits of one page. Raises `ExpressionError`."""
    page = _ids(index, search, lists or {}).order_by(sentences.c.id.desc())
    if search.before:
        page = page.where(sentences.c.id < search.before)
    return page.limit(min(search.limit, LARGEST_PAGE))


def _ids(
    index: SentenceIndex, search: Search, lists: Mapping[str, Sequence[str]]
) -> Select[tuple[int]]:
    met = _met(index, search, lists)
    return select(sentences.c.id).join(calls, calls.c.id == sentences.c.call).where(met)


def _met(
    index: SentenceIndex, search: Search, lists: Mapping[str, Sequence[str]]
) -> ColumnElement[bool]:
    node = _parsed(search.text)
    met = and_(*_facts(search.filters))
    tokens = _tokens_of(search.filters)
    if node is not None:
        met = and_(met, condition(node, lists))
        if (words := wanted(node, lists)) is not None:
            tokens.append(words)
    if tokens:
        met = and_(met, index.holds(tokens[0] if len(tokens) == 1 else AllOf(tuple(tokens))))
    return met


def _parsed(text: str) -> Node | None:
    if not text.strip():
        return None
    node = parse(text)
    if not hears(node):
        raise ExpressionError(
            "look for words, a feeling or a sound; use filters for the rest", 1
        )
    return node


def _facts(it: Filters) -> list[ColumnElement[bool]]:
    exact = {
        calls.c.agent_id: it.agent_id,
        calls.c.queue: it.queue,
        calls.c.order_id: it.order_id,
        calls.c.customer: it.customer,
        calls.c.source: it.source,
        sentences.c.party: it.party,
    }
    found: list[ColumnElement[bool]] = [c == value for c, value in exact.items() if value]
    if it.since:
        found.append(calls.c.began >= it.since)
    if it.until:
        found.append(calls.c.began < it.until)
    if it.longer:
        found.append(calls.c.duration >= it.longer)
    if it.shorter:
        found.append(calls.c.duration <= it.shorter)
    if it.agents is not None:
        mine = calls.c.agent_id.in_(sorted(it.agents - {""}))
        found.append(or_(mine, calls.c.queue.in_(sorted(it.queues - {""}))))
    return found or [sentences.c.id > 0]


def _tokens_of(it: Filters) -> list[Wanted]:
    given = {"agent": it.agent_id, "queue": it.queue, "party": it.party}
    return [Token(fact(name, value)) for name, value in given.items() if value]


_SHOWN: Final = (
    sentences.c.utterance,
    sentences.c.party,
    sentences.c.start,
    sentences.c.end,
    sentences.c.text,
    sentences.c.emotion,
    sentences.c.events,
    sentences.c.silence_after,
    sentences.c.language,
)
_OF_CALL: Final = (
    calls.c.call_id,
    calls.c.began,
    calls.c.agent_id,
    calls.c.agent_name,
    calls.c.queue,
    calls.c.customer,
    calls.c.order_id,
    calls.c.duration,
    calls.c.record,
)


def _hits(page: Select[Any]) -> Select[Any]:
    ids = page.subquery()
    return (
        select(sentences.c.id, sentences.c.call, *_SHOWN, *_OF_CALL)
        .join(ids, ids.c.id == sentences.c.id)
        .join(calls, calls.c.id == sentences.c.call)
        .order_by(sentences.c.id.desc())
    )


def _around(
    connection: Connection, hits: Sequence[Mapping[str, Any]]
) -> dict[tuple[int, int], Sentence]:
    """The neighbours of the hits, by call and number."""
    wanted_ = [
        and_(
            sentences.c.call == hit["call"],
            sentences.c.utterance.between(hit["utterance"] - 1, hit["utterance"] + 1),
        )
        for hit in hits
    ]
    if not wanted_:
        return {}
    rows = connection.execute(select(sentences.c.call, *_SHOWN).where(or_(*wanted_)))
    return {(row.call, row.utterance): _sentence(dict(row._mapping)) for row in rows}


def _sentence(row: Mapping[str, Any]) -> Sentence:
    return Sentence(
        **{name: row[name] for name in Sentence.__struct_fields__ if name != "events"},
        events=tuple(row["events"]),
    )


def _hit(row: Mapping[str, Any], around: Mapping[tuple[int, int], Sentence], clip: str) -> Hit:
    call, number = row["call"], row["utterance"]
    before, after = around.get((call, number - 1)), around.get((call, number + 1))
    return Hit(
        id=row["id"],
        call=call,
        **{column.name: row[column.name] for column in _OF_CALL},
        clip=clip,
        sentence=_sentence(row),
        before=(before,) if before else (),
        after=(after,) if after else (),
    )
