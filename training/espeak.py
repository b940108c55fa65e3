"""espeak-ng's library in process: samples and the times of words, without a process per clip.

The library keeps global state, so there is one of it and one caller per process.
"""

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LIBRARY = "libespeak-ng.so.1"
AUDIO_OUTPUT_SYNCHRONOUS, PHONEME_EVENTS, DO_NOT_EXIT = 2, 0x0001, 0x8000
SPEED, VOLUME, PITCH, RANGE = 1, 2, 3, 4
LOUDNESS = 60  # at its default of 100 espeak clips
UTF8, BY_CHARACTER = 1, 1
WORD, END = 1, 5
Pointer = Any  # ctypes pointers carry no useful types


class SpeechError(RuntimeError):
    """libespeak-ng is not installed or lacks a voice; nothing can be synthesised."""


class Mark(NamedTuple):
    """An event of the synthesis: `position` counts characters from 1, `ms` is its time."""

    kind: int
    position: int
    length: int
    ms: int


class Tune(NamedTuple):
    """Words per minute, and pitch and pitch range from 0 to 99."""

    speed: int
    pitch: int
    range: int


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class Espeak:
    """The library, with a callback that gathers samples and events of one call."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise SpeechError(
                "install espeak-ng (Debian: apt-get install espeak-ng)"
            ) from error
        self.rate: int = self._library.espeak_Initialize(
            AUDIO_OUTPUT_SYNCHRONOUS, 0, None, PHONEME_EVENTS | DO_NOT_EXIT
        )
        self._audio: list[NDArray[np.int16]] = []
        self._marks: list[Mark] = []
        short, event = ctypes.POINTER(ctypes.c_short), ctypes.POINTER(_Event)
        kind = ctypes.CFUNCTYPE(ctypes.c_int, short, ctypes.c_int, event)
        self._callback = kind(self._gather)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def _gather(self, wave: Pointer, count: int, events: Pointer) -> int:
        if wave and count > 0:
            self._audio.append(np.ctypeslib.as_array(wave, (count,)).copy())
        i = 0
        while events[i].type:
            e = events[i]
            self._marks.append(Mark(e.type, e.position, e.length, e.audio_ms))
            i += 1
        return 0

    def say(self, text: str, voice: str, tune: Tune) -> tuple[NDArray[np.float32], list[Mark]]:
        """Samples in [-1, 1] at `self.rate`, and the marks."""
        self._audio, self._marks = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise SpeechError(f"espeak has no voice {voice!r}")
        values = {SPEED: tune.speed, VOLUME: LOUDNESS, PITCH: tune.pitch, RANGE: tune.range}
        for name, value in values.items():
            self._library.espeak_SetParameter(name, value, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, BY_CHARACTER, 0, UTF8, None, None)
        samples = np.concatenate(self._audio).astype(np.float32) / np.float32(32768)
        return samples, self._marks


@cache
def espeak() -> Espeak:
    """The one library of this process."""
    return Espeak()
