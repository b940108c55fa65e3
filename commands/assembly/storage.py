"""Where voice clips are kept."""

from pathlib import Path

from alerts.clips import Clips, ClipStore
from alerts.s3_clips import S3Clips
from commands.settings import Settings


def clips(settings: Settings, state: Path) -> Clips:
    """Where voice clips are kept. Raises `SettingsError`."""
    it = settings.storage
    if it.clips_url:
        return S3Clips(it.clips_url, it.clip_days)
    return ClipStore(state / "clips", it.clip_days)
