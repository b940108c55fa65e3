"""webrtcvad behind the port `VoiceDetector`."""

import webrtcvad

RATES = (8000, 16000)


class WebRtcDetector:
    """WebRTC's voice detector at 8000 or 16000 Hz. It adapts to what it has heard: one per
    party per connection."""

    def __init__(self, sample_rate: int, mode: int = 2) -> None:
        """`mode` 0 takes almost anything for speech, 3 almost nothing. Raises `ValueError` for
        a rate or a mode that it does not have."""
        if sample_rate not in RATES:
            raise ValueError(f"webrtcvad hears {RATES} Hz here, not {sample_rate}")
        self._vad, self._sample_rate = webrtcvad.Vad(mode), sample_rate

    def is_speech(self, frame: bytes) -> bool:
        return bool(self._vad.is_speech(frame, self._sample_rate))
