"""How calls are cut into utterances, and how those are heard."""

import math
from dataclasses import replace

from alerts.playbook import Playbook, silence_marks
from commands.settings import Settings
from streamer.endpointing import Endpointing
from streamer.recognizer.gates import Gates
from streamer.recognizer.worker import WorkerSettings
from streamer.session import SessionSettings


def worker(settings: Settings) -> WorkerSettings:
    """Raises `SettingsError`: an unknown language."""
    it = settings.recognition
    its = WorkerSettings(threads=it.threads, max_batch=it.max_batch, gates=gates(settings))
    if it.device == "cpu":
        return its
    # A GPU hears a long batch in about the time of a short one; each launch is what costs.
    return replace(its, padding=math.inf, draft_batch_seconds=its.max_batch_seconds)


def gates(settings: Settings) -> Gates:
    """Raises `SettingsError`: an unknown language."""
    it = settings.recognition
    return Gates(
        languages=frozenset(it.languages),
        min_dbfs=it.min_dbfs,
        min_speech_p=it.min_speech_p,
        filler_speech_p=it.filler_speech_p,
        lead_in=settings.listening.lead_in,
    )


def session(settings: Settings, rules: Playbook) -> SessionSettings:
    it = settings.listening
    endpointing = replace(
        Endpointing(),
        lead_in=it.lead_in,
        end_silence=it.end_silence,
        min_speech=it.min_speech,
        longest=it.longest,
    )
    return SessionSettings(
        endpointing,
        silence_marks(rules),
        it.stall_after,
        it.grace,
        draft_every=it.draft_every,
    )
