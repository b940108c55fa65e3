"""`send`: streams recordings to a server as a telephony gateway would."""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm  # type: ignore[import-untyped]

from streamer.events import AudioEvent, Emotion
from streamer.recording import RATES, Recording, RecordingError, demo, load
from streamer.richtext import readable
from streamer.send import Manner, Report, SendError, send

DEFAULT_TO = "ws://127.0.0.1:9090/raw"


FILES = """mono: the customer; stereo: the customer left, the agent right; two mono files: the
customer, the agent"""
TO = """default %(default)s; or /freeswitch, /asterisk, /audiohook, /twilio, /funasr, /yeastar:
sent as these would"""
SIGNED = "AudioHook's client secret, in base64: signs the request"
KEY = "default: $EARWITNESS_GATEWAY_KEY, which other users of the machine cannot see"
SPEED = "1.0 is real time, 0 as fast as the server takes it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help=FILES)
    add("--to", default=DEFAULT_TO, metavar="URL", help=TO)
    add("--demo", type=int, metavar="N", help="demo call N instead of files")
    add("--speed", type=not_negative, default=1.0, help=SPEED)
    add("--calls", type=positive, default=1, metavar="N", help="so many calls at once")
    add("--two-sockets", action="store_true", help="one connection for each party")
    add("--encoding", choices=["pcm_s16le", "mulaw", "alaw"], default="pcm_s16le")
    add("--rate", type=int, choices=RATES, help="resample to this")
    add("--key", default=os.environ.get("EARWITNESS_GATEWAY_KEY", ""), help=KEY)
    add("--secret", default=os.environ.get("EARWITNESS_AUDIOHOOK_SECRET", ""), help=SIGNED)
    add("--call-id", default="", help="default: made up")
    add("--agent", default="", metavar="ID", help="the agent's id")
    add("--queue", default="", help="the queue's name")
    add("--language", default="auto", help="auto, zh, yue, en, ja, ko")
    add(
        "--subscribe",
        action="store_true",
        help="print words, alerts and prompts as they come back",
    )
    add("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """0 if every call was heard to its end, 1 if one was not, 2 if it could not be sent."""
    try:
        recording = chosen(args)
    except RecordingError as error:
        print(f"send: {error}", file=sys.stderr)
        return 2
    try:
        results = asyncio.run(send_all(recording, args))
    except KeyboardInterrupt:
        return 130
    statuses = [tell(result) for result in results]
    if len(results) > 1:
        print(summary(results, statuses))
    return max(statuses)


def chosen(args: argparse.Namespace) -> Recording:
    """The recording that the arguments ask for. Raises `RecordingError`."""
    if (args.demo is None) == (not args.files):
        raise RecordingError("give one or two files, or --demo N")
    recording = load(args.files, args.rate) if args.files else demo(args.demo, args.rate)
    given = {"agent_id": args.agent, "queue": args.queue}
    told = {name: value for name, value in given.items() if value}
    return replace(recording, fields={**recording.fields, **told})


async def send_all(recording: Recording, args: argparse.Namespace) -> list[Report | SendError]:
    """All calls at once; one that is refused does not stop the others."""
    progress = Progress(recording.seconds, args.calls, quiet=args.quiet)

    async def one(number: int) -> Report | SendError:
        name = f"{args.call_id}-{number}" if args.call_id and number else args.call_id
        manner = Manner(
            call_id=name,
            encoding=args.encoding,
            speed=args.speed,
            two_sockets=args.two_sockets,
            key=args.key,
            secret=args.secret,
            language=args.language,
            subscribe=args.subscribe,
            progress=lambda seconds: progress.show(number, seconds),
            hear=hear,
        )
        try:
            return await send(recording, args.to, manner)
        except SendError as error:
            return error

    results = await asyncio.gather(*(one(number) for number in range(args.calls)))
    progress.end()
    return results


class Progress:
    """One line on stderr: how far the call that is furthest behind has come. Nothing where
    nobody looks: not a terminal, or `quiet`."""

    def __init__(self, seconds: float, calls: int, quiet: bool) -> None:
        self._at = [0.0] * calls
        form = "{percentage:3.0f}% [{bar:25}] {n:.0f} of {total:.0f} s{postfix}"
        self._bar = tqdm(
            total=seconds, bar_format=form, postfix=f"{calls} calls", disable=quiet or None
        )

    def show(self, number: int, seconds: float) -> None:
        self._at[number] = seconds
        self._bar.update(min(self._at) - self._bar.n)

    def end(self) -> None:
        self._bar.close()


def hear(text: str) -> None:
    """Prints the words, alerts and prompts among what a subscriber is sent."""
    try:
        message = json.loads(text)
    except ValueError:
        return
    if not isinstance(message, dict):
        return
    if message.get("type") == "event":  # AudioHook's
        for entity in message["parameters"]["entities"]:
            hear_entity(entity)
        return
    where = f"{message.get('call_id')} {message.get('at', 0.0):.1f} s"
    if message.get("type") == "alert":
        print(f"{where}  {message['kind']} {message['state']}: {message['text']}")
    elif message.get("type") == "prompt":
        said = f"{message['title']['zh']} {' / '.join(message['say'])}"
        print(f"{where}  prompt {message['state']}: {said}")
    elif message.get("type") == "transcript" and message["text"]:
        heard = [AudioEvent(event) for event in message["events"]]
        said = readable(message["text"], Emotion(message["emotion"]), heard)
        print(f"{where}  {message['party']}: {said}")


def hear_entity(entity: dict[str, Any]) -> None:
    """Prints what AudioHook's gateways are sent: words, without who felt what, and alerts."""
    data = entity["data"]
    if entity["type"] != "transcript":
        hear(json.dumps(data))
        return
    words = data["alternatives"][0]["interpretations"][0]["transcript"]
    print(f"{data['offset'][2:-1]} s  channel {data['channelId']}: {words}")


def tell(result: Report | SendError) -> int:
    """Prints what came of one call; its part of the exit status."""
    if isinstance(result, SendError):
        print(f"send: {result}", file=sys.stderr)
        return 2
    late = f", latest frame {result.late * 1000:.0f} ms late"
    sent = f"{result.seconds:.1f} s sent{late}"
    print(f"call {result.call_id}: {sent}, {_closing(result)}")
    return 0 if result.close_code == 1000 else 1


def summary(results: Sequence[Report | SendError], statuses: Sequence[int]) -> str:
    """What came of all calls together, each fault with how often it occurred."""
    sent = [result for result in results if isinstance(result, Report)]
    faults = Counter(
        str(result) if isinstance(result, SendError) else _closing(result)
        for result, status in zip(results, statuses, strict=True)
        if status
    )
    seconds = sum(result.seconds for result in sent)
    late = max((result.late for result in sent), default=0.0)
    first = (
        f"{statuses.count(0)} of {len(results)} calls heard to their end, "
        f"{seconds:.1f} s sent, latest frame {late * 1000:.0f} ms late"
    )
    return "\n".join([first, *(f"  {count} x {why}" for why, count in faults.most_common())])


def _closing(report: Report) -> str:
    return f"closed with {report.close_code} {report.close_reason}".strip()


def not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("has to be 0 or more")
    return value


def positive(text: str) -> int:
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError("has to be 1 or more")
    return value
