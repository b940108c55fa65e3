"""What the tests of a real Asterisk share."""

import numpy as np
import pytest

from streamer.pcm import to_alaw
from tests.gateways.asterisk.pbx import missing

CUSTOMER_HZ, AGENT_HZ = 440, 1000


def pytest_collection_modifyitems(items):
    here = [item for item in items if "tests/gateways/asterisk/" in item.path.as_posix()]
    reason = missing()
    for item in here:
        item.add_marker(pytest.mark.gateway)
        if reason:
            item.add_marker(pytest.mark.skip(reason=f"no Asterisk: {reason}"))


def tone(hz, seconds):
    """As a phone sends it: A-law, 8000 Hz; half a second of quiet at its end."""
    at = np.arange(round(8000 * seconds)) / 8000
    loud = (8000 * np.sin(2 * np.pi * hz * at)).astype("<i2")
    return to_alaw(np.pad(loud, (0, 4000)).tobytes())


def level(pcm, rate, hz):
    """How much of that tone there is."""
    samples = np.frombuffer(pcm, "<i2").astype(float)
    at = np.arange(len(samples)) / rate
    return float(abs(np.mean(samples * np.exp(-2j * np.pi * hz * at))))
