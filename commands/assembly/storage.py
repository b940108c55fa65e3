"""Where voice clips are kept, traces of calls, and what was said."""

from pathlib import Path

from alerts.call_traces import TraceFolder
from alerts.clips import Clips, ClipStore
from alerts.s3_clips import S3Clips
from commands.settings import Settings
from insights.archive import Archive
from streamer.errors import SettingsError


def archive(settings: Settings, state: Path) -> Archive:
    """Where calls are kept after they are over. Raises `SettingsError`."""
    return Archive(settings.storage.archive_url or f"sqlite:///{state}/archive.db")


def clips(settings: Settings, state: Path) -> Clips:
    """Where voice clips are kept. Raises `SettingsError`."""
    it = settings.storage
    if it.clips_url:
        return S3Clips(it.clips_url, it.clip_days)
    return ClipStore(state / "clips", it.clip_days)


def traces(settings: Settings) -> TraceFolder | None:
    """Where calls are recorded for `playbook try`, if anywhere. Raises `SettingsError`."""
    it = settings.storage
    if not it.trace_dir:
        return None
    try:
        return TraceFolder(Path(it.trace_dir), it.trace_days, it.trace_mb * 1_000_000)
    except OSError as error:
        raise SettingsError(
            f"trace_dir {it.trace_dir} cannot be used: {error.strerror}"
        ) from error
