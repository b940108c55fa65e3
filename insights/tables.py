"""The archive's tables. Changed only together with a migration (`insights/migrations`).

Times of a call are seconds since it began; wall times are RFC 3339, UTC, to the millisecond, as
they are published, and sort as text. Texts are masked before they come here.
"""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _call() -> Column[int]:
    return Column(
        "call", ForeignKey("calls.id", ondelete="CASCADE"), nullable=False, index=True
    )


archive: Final = Table(
    "archive",
    metadata,
    Column("name", String(32), primary_key=True),
)
"""One row: the name under which this archive reads the log, whichever server reads for it."""

calls: Final = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(128), nullable=False),
    Column("source", String(16), nullable=False, default="live"),
    Column("began", String(24), nullable=False, index=True),
    Column("started", Boolean, nullable=False, default=False),
    Column("ended", String(24), nullable=False, default=""),
    Column("reason", String(32), nullable=False, default=""),
    Column("duration", Float, nullable=False, default=0.0),
    Column("agent_id", String(256), nullable=False, default="", index=True),
    Column("agent_name", String(256), nullable=False, default=""),
    Column("queue", String(256), nullable=False, default="", index=True),
    Column("customer", String(256), nullable=False, default="", index=True),
    Column("dialled", String(256), nullable=False, default=""),
    Column("order_id", String(256), nullable=False, default="", index=True),
    Column("language", String(8), nullable=False, default="auto"),
    Column("record", Boolean, nullable=False, default=False),
    Column("emotion", Boolean, nullable=False, default=False),
    Column("legal_hold", Boolean, nullable=False, default=False),
    UniqueConstraint("call_id", "began"),
)
"""One row a call. Gateways may use a `call_id` again on another day. `started` is false where
the archive never saw the beginning: then `began` is when it first heard of the call."""

sentences: Final = Table(
    "sentences",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _call(),
    Column("utterance", Integer, nullable=False),
    Column("party", String(8), nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("plain", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("emotion", String(16), nullable=False, default="EMO_UNKNOWN"),
    Column("feels", JSON, nullable=False, default=dict),
    Column("events", JSON, nullable=False, default=list),
    Column("events_p", JSON, nullable=False, default=dict),
    Column("tokens", JSON, nullable=False, default=list),
    Column("raw", Text, nullable=False, default=""),
    Column("silence_after", Float, nullable=False, default=0.0),
    Column("unheard", String(16), nullable=False, default=""),
    Column("wall", String(24), nullable=False),
    UniqueConstraint("call", "utterance"),
)
"""One row an utterance. `plain` is `text` as it is searched: 简, small letters. `feels` are the
probabilities of the emotions among those that are known, as rules count them. `unheard` says
why there are no words, where speech could not be recognized."""

silences: Final = Table(
    "silences",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _call(),
    Column("since", Float, nullable=False),
    Column("lasted", Float, nullable=False),
    Column("last_speaker", String(8), nullable=False),
    Column("ended", Boolean, nullable=False, default=False),
    UniqueConstraint("call", "since"),
)

holds: Final = Table(
    "holds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _call(),
    Column("kind", String(8), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("call", "kind", "at"),
)
"""`kind` is hold, unhold, stalled or resumed; or swapped or as_told, from which on the parties
are the other way round than the gateway says, or as it says."""

alerts: Final = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),
    _call(),
    Column("rev", Integer, nullable=False),
    Column("kind", String(16), nullable=False, index=True),
    Column("rule", String(128), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Float, nullable=False),
    Column("since", Float, nullable=False),
    Column("owner", String(256), nullable=False, default=""),
    Column("outcome", String(64), nullable=False, default=""),
    Column("raised", String(24), nullable=False),
    Column("body", JSON, nullable=False),
)
"""Each alert as its latest revision told it: `body` is that revision, as published."""

alert_steps: Final = Table(
    "alert_steps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("alert", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("rev", Integer, nullable=False),
    Column("desk", String(16), nullable=False, default=""),
    Column("severity", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(256), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("outcome", String(64), nullable=False, default=""),
    Column("wall", String(24), nullable=False),
    UniqueConstraint("alert", "rev", "desk"),
)
"""An alert's life: one row a revision."""

prompts: Final = Table(
    "prompts",
    metadata,
    Column("id", String(32), primary_key=True),
    _call(),
    Column("situation", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Float, nullable=False),
    Column("about", Integer, nullable=False, default=0),
    Column("body", JSON, nullable=False),
    Column("wall", String(24), nullable=False),
)

notes: Final = Table(
    "notes",
    metadata,
    Column("id", String(140), primary_key=True),
    _call(),
    Column("kind", String(16), nullable=False),
    Column("at", Float, nullable=False),
    Column("body", JSON, nullable=False),
    Column("wall", String(24), nullable=False),
)
"""The call's checklist, and what supervisors whispered (`kind` checklist, message)."""

acts: Final = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("wall", String(24), nullable=False),
    Column("who", String(256), nullable=False),
    Column("act", String(32), nullable=False),
    Column("what", String(256), nullable=False),
    Column("calls", Integer, nullable=False),
)
"""Who deleted what, or put it under legal hold: never what was said."""
