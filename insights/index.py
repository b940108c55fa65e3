"""The index of sentences by their tokens, as each database does it best.

SQLite: FTS5, which keeps for each token the sentences that hold it (`detail=none`: no places,
the text is looked at for them). PostgreSQL: an array with a GIN index.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from insights.tables import sentences
from insights.wanted import AllOf, AnyOf, Token, Wanted


class SentenceIndex(Protocol):
    def put(self, connection: Connection, found: Mapping[int, Sequence[str]]) -> None:
        """The tokens of sentences by their id, in place of earlier ones."""
        ...

    def drop(self, connection: Connection, ids: Iterable[int]) -> None: ...

    def holds(self, wanted: Wanted) -> ColumnElement[bool]:
        """A condition on `sentences`."""
        ...


class SqliteIndex:
    def put(self, connection: Connection, found: Mapping[int, Sequence[str]]) -> None:
        rows = [{"id": id_, "words": " ".join(tokens)} for id_, tokens in found.items()]
        if rows:
            connection.execute(
                text(
                    "INSERT OR REPLACE INTO sentence_words(rowid, words) VALUES (:id, :words)"
                ),
                rows,
            )

    def drop(self, connection: Connection, ids: Iterable[int]) -> None:
        rows = [{"id": id_} for id_ in ids]
        if rows:
            connection.execute(text("DELETE FROM sentence_words WHERE rowid = :id"), rows)

    def holds(self, wanted: Wanted) -> ColumnElement[bool]:
        found = text("SELECT rowid FROM sentence_words WHERE sentence_words MATCH :wanted")
        return sentences.c.id.in_(found.bindparams(bindparam("wanted", _match(wanted))))


def _match(wanted: Wanted) -> str:
    """In FTS5's own language."""
    match wanted:
        case Token(word):
            return f'"{word.replace(chr(34), chr(34) * 2)}"'
        case AllOf(items):
            return "(" + " AND ".join(map(_match, items)) + ")"
        case AnyOf(items):
            return "(" + " OR ".join(map(_match, items)) + ")"


sentence_words = Table(
    "sentence_words",
    MetaData(),
    Column("sentence", ForeignKey(sentences.c.id, ondelete="CASCADE"), primary_key=True),
    Column("words", ARRAY(Text), nullable=False),
)


class PostgresqlIndex:
    def put(self, connection: Connection, found: Mapping[int, Sequence[str]]) -> None:
        rows: list[dict[str, Any]] = [
            {"sentence": id_, "words": list(tokens)} for id_, tokens in found.items()
        ]
        if rows:
            new = insert(sentence_words)
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=["sentence"], set_={"words": new.excluded.words}
                ),
                rows,
            )

    def drop(self, connection: Connection, ids: Iterable[int]) -> None:
        gone = list(ids)
        connection.execute(delete(sentence_words).where(sentence_words.c.sentence.in_(gone)))

    def holds(self, wanted: Wanted) -> ColumnElement[bool]:
        return exists(
            select(sentence_words.c.sentence).where(
                sentence_words.c.sentence == sentences.c.id, _contains(wanted)
            )
        )


def _contains(wanted: Wanted) -> ColumnElement[bool]:
    match wanted:
        case Token(word):
            return sentence_words.c.words.contains([word])
        case AllOf(items):
            return and_(*map(_contains, items))
        case AnyOf(items):
            return or_(*map(_contains, items))


def index_of(dialect: str) -> SentenceIndex:
    return PostgresqlIndex() if dialect == "postgresql" else SqliteIndex()
