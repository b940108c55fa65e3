"""`playbook try`: the current playbook and another one over recorded calls, side by side."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from alerts import traces
from alerts.comparison import Pair, compared, counts, table
from alerts.playbook import BUNDLED, Playbook, silence_marks
from alerts.playbook_file import PlaybookFile
from alerts.replay import CUSTOMER, replayed
from commands.assembly.listening import session
from commands.offline import Recognize, heard, settings_for
from commands.settings import Settings
from commands.sources import read
from streamer import events as ev
from streamer.errors import EarwitnessError
from streamer.recording import Recording, load

SAME, DIFFERENT = 0, 1


@dataclass(frozen=True, slots=True)
class Trial:
    settings: Settings
    current: Playbook
    new: Playbook

    @property
    def names(self) -> tuple[str, str]:
        return f"current {self.current.version}", f"new {self.new.version}"

    @property
    def felt(self) -> frozenset[ev.Party]:
        return CUSTOMER | ({ev.Party.AGENT} if self.settings.alerting.agent_emotion else set())

    def compare(self, call: str, events: list[ev.CallNews]) -> list[Pair]:
        both = (replayed(events, one, self.felt) for one in (self.current, self.new))
        return compared(call, *both)


def run(arguments: argparse.Namespace) -> int:
    """Like `diff`: 0 if both raise the same, 1 if not. Raises `EarwitnessError` for a playbook
    that is wrong, a call that cannot be read, or a folder without any."""
    settings = read(arguments)
    current = PlaybookFile(Path(settings.alerting.playbook or BUNDLED)).in_force
    trial = Trial(settings, current, PlaybookFile(arguments.file).in_force)
    pairs: list[Pair] = []
    seconds, calls = 0.0, 0
    for call, events in _calls(arguments.calls, trial):
        pairs += trial.compare(call, events)
        closed = events[-1]
        seconds += closed.at if isinstance(closed, ev.CallClosed) else 0.0
        calls += 1
    _tell(trial, pairs, {"calls": calls, "seconds": round(seconds, 1)}, as_json=arguments.json)
    return SAME if all(pair.change == "same" for pair in pairs) else DIFFERENT


def _calls(folder: Path, trial: Trial) -> Iterator[tuple[str, list[ev.CallNews]]]:
    paths = sorted(p for p in folder.glob("**/*") if p.suffix in (".jsonl", ".wav"))
    paths = [path for path in paths if not path.name.endswith(".out.jsonl")]
    if not paths:
        raise EarwitnessError(f"{folder} holds no calls: neither .jsonl traces nor .wav files")
    recognize: Recognize | None = None
    for number, path in enumerate(paths, 1):
        name = str(path.relative_to(folder))
        if path.suffix == ".wav":
            recognize = recognize or _recognizer(trial.settings)
            told = _Progress(f"{number} of {len(paths)}: {name}")
            yield path.stem, _hear(load([path]), path.stem, trial, (recognize, told))
        else:
            yield from traces.read(_text(path), name).items()


def _hear(
    recording: Recording, name: str, trial: Trial, how: tuple[Recognize, "_Progress"]
) -> list[ev.CallNews]:
    """With the marks of both playbooks: each finds its own among them."""
    marks = {*silence_marks(trial.current), *silence_marks(trial.new)}
    like = settings_for(tuple(sorted(marks)), session(trial.settings, trial.current))
    recognize, progress = how
    progress.of = recording.seconds
    found = list(heard(recording, ev.CallInfo(ev.CallId(name)), like, recognize, progress.show))
    progress.end()
    return found


def _recognizer(settings: Settings) -> Recognize:
    # Loaded only where there is sound to hear: torch takes seconds, a model minutes.
    from streamer.recognizer.gates import Closed, Gates  # noqa: PLC0415
    from streamer.recognizer.hub import How, open_model  # noqa: PLC0415
    from streamer.recognizer.precision import Precision  # noqa: PLC0415
    from streamer.recognizer.transcribing import prepared, transcript  # noqa: PLC0415

    it = settings.recognition
    model = open_model(
        it.model,
        Path(settings.network.state_dir) / "models",
        How(it.device, Precision(it.precision), it.cuda_graphs),
    )
    gates = Gates(languages=frozenset(it.languages))

    def recognize(utterance: ev.Utterance) -> ev.Transcript:
        clip = prepared(utterance, gates, itn=True)
        hearing = model.nothing() if isinstance(clip, Closed) else model.hear([clip])[0]
        return transcript(utterance, hearing, gates)

    return recognize


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise traces.TraceError(f"{path} cannot be read: {error}") from error


def _tell(trial: Trial, pairs: list[Pair], length: dict[str, float], *, as_json: bool) -> None:
    found = counts(pairs)
    if as_json:
        versions = {"current": trial.current.version, "new": trial.new.version}
        listed = {"pairs": msgspec.to_builtins(pairs)}
        print(json.dumps({**versions, **length, **found, **listed}, ensure_ascii=False))
        return
    for line in table(pairs, trial.names):
        print(line)
    print(f"\n{length['calls']:g} call(s), {length['seconds']:g} s")
    for kind, each in found["kinds"].items():
        print(f"  {kind:<10} current {each['current']}, new {each['new']}")
    print(
        f"same {found['same']}, changed {found['changed']}, "
        f"only current {found['only_current']}, only new {found['only_new']}"
    )


class _Progress:
    """On standard error: each recording once, and on a terminal how far it is."""

    def __init__(self, what: str) -> None:
        self.of = 1.0
        self._what, self._shown, self._live = what, -1, sys.stderr.isatty()

    def show(self, seconds: ev.Seconds) -> None:
        percent = int(100 * seconds / self.of)
        if percent > self._shown and self._live:
            self._shown = percent
            print(f"\r{self._what}  {percent} % ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        print(f"\r{self._what}  heard" if self._live else self._what, file=sys.stderr)
