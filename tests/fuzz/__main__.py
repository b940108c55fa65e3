"""Lets atheris loose on every codec: `python -m tests.fuzz CORPUS [libFuzzer's options]`.

Without a limit (`-runs=`, `-max_total_time=`) it goes on until it finds something or Ctrl-C.
What it finds it writes here as `crash-*`: give that file in place of CORPUS to see it again.
"""

import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["streamer.gateways", "streamer.pcm"]):
    from tests.fuzz.codecs import connection, seeds


def main() -> None:
    corpus = Path(sys.argv[1])
    if not corpus.is_file():
        corpus.mkdir(parents=True, exist_ok=True)
        for seed in seeds():
            (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    atheris.Setup(sys.argv, connection)
    atheris.Fuzz()


main()
