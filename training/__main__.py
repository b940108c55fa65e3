"""`python -m training synthesise | train | export | evaluate | demo`.

In this order, and `export` again after `evaluate` so that the card tells the figures; `demo`
needs none of them. Each can be repeated, and goes on where it stopped.
"""

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path

from training import corpus
from training.demo import render_all
from training.evaluate import figures, hear, report
from training.export import Made, export
from training.pieces import train_pieces
from training.recipe import Recipe
from training.train import CHECKPOINT, train

WORK = Path("var/training")
MODEL = Path("streamer/recognizer/tiny")
DEMO = Path("streamer/demo")
PIECES, FIGURES = "tiny.bpe.model", "figures.json"
SMOKE_STEPS = 20


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    top.add_argument("--work", type=Path, default=WORK, help="corpus, checkpoint and figures")
    top.add_argument("--smoke", action="store_true", help="a handful of clips and steps")
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("synthesise", help="speak the corpus, keep its features")
    train = commands.add_parser("train", help="train, or go on from the checkpoint")
    train.add_argument("--steps", type=int)
    train.add_argument(
        "--ranks", type=int, default=min(2, os.cpu_count() or 1), help="processes"
    )
    test = commands.add_parser("evaluate", help="measure an exported model on the test side")
    test.add_argument(
        "--json", action="store_true", help="one line of JSON instead of the table"
    )
    test.add_argument("--limit", type=int, default=100_000, help="clips")
    test.add_argument(
        "--no-generate", action="store_true", help="do not compare with AutoModel.generate"
    )
    for command in (test, commands.add_parser("export", help="write the model directory")):
        command.add_argument("--model", type=Path, default=MODEL)
    demo = commands.add_parser("demo", help="render the demo calls")
    demo.add_argument("--out", type=Path, default=DEMO)
    return top


def run_synthesise(args: argparse.Namespace) -> None:
    corpus.synthesise(
        args.work / "test", corpus.SMOKE if args.smoke else corpus.TEST, test=True
    )
    corpus.synthesise(
        args.work / "train", corpus.SMOKE if args.smoke else corpus.TRAIN, test=False
    )


def run_train(args: argparse.Namespace) -> None:
    pieces = args.work / PIECES
    if not pieces.exists():
        train_pieces(pieces)
    steps = args.steps or (SMOKE_STEPS if args.smoke else Recipe().steps)
    recipe = Recipe(steps=steps, ranks=args.ranks, log_every=5 if args.smoke else 50)
    train(args.work / "train", pieces, args.work / "run", recipe)


def run_evaluate(args: argparse.Namespace) -> None:
    with contextlib.redirect_stdout(sys.stderr):  # where funasr prints its notices
        heard = hear(args.model, args.work / "test", args.limit, not args.no_generate)
    measured = figures(heard)
    (args.work / FIGURES).write_text(json.dumps(measured) + "\n", "utf-8")
    print(json.dumps(measured) if args.json else report(measured))


def run_export(args: argparse.Namespace) -> None:
    work = args.work
    made = Made(work / "run" / CHECKPOINT, work / PIECES, work / "test", work / FIGURES)
    export(made, args.model)


def run_demo(args: argparse.Namespace) -> None:
    print("\n".join(render_all(args.out)))


COMMANDS = {
    "synthesise": run_synthesise,
    "train": run_train,
    "evaluate": run_evaluate,
    "export": run_export,
    "demo": run_demo,
}


def main() -> None:
    args = parser().parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    COMMANDS[args.command](args)


if __name__ == "__main__":
    main()
