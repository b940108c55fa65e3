"""Audio that says of itself whether it is speech, and a detector that believes it."""

from streamer.events import CallId, CallInfo, CallStarted, Party

RATE = 8000
FRAME_BYTES = RATE // 50 * 2
FRAME = b"\x01" * FRAME_BYTES
CUSTOMER, AGENT = Party.CUSTOMER, Party.AGENT


class LoudIsSpeech:
    """A `VoiceDetector`: every frame that is not all zeros is speech. It has no hang-over."""

    def is_speech(self, frame: bytes) -> bool:
        return bool(frame.strip(b"\0"))


def loud_is_speech(sample_rate):
    """A factory as `CallSession` wants it."""
    return LoudIsSpeech()


def speech(seconds, rate=RATE):
    return b"\x01" * (round(seconds * rate) * 2)


def quiet(seconds, rate=RATE):
    return bytes(round(seconds * rate) * 2)


def started(*parties, call="c", sample_rate=RATE, **info):
    """The `CallStarted` of one leg; the customer alone unless told."""
    parties = parties or (CUSTOMER,)
    return CallStarted(CallInfo(CallId(call), **info), parties, sample_rate)


def sound(runs, rate=RATE):
    """(loud, frames) runs as PCM: `hypothesis` shows runs where it could not show audio."""
    return b"".join((speech if loud else quiet)(frames / 50, rate) for loud, frames in runs)
