"""A contestant as the contest sees it: a process that answers one request at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]


class ContestantFailedError(Exception):
    """A contestant ended or answered nonsense; the text says which, and what it said."""


@dataclass(slots=True)
class Child:
    """A contestant as the contest sees it. One request at a time; the others wait, idle."""

    name: str
    process: "subprocess.Popen[str]"
    asked: IO[str]
    answered: IO[str]

    @classmethod
    def start(
        cls, name: str, directory: Path, flags: Sequence[str], cores: Sequence[int]
    ) -> Self:
        """Begins to load; the first answer to be taken says when it is warm."""
        count = str(len(cores))
        command = [sys.executable, "-m", "bench.recognizer.child", name, str(directory), *flags]
        process = subprocess.Popen(
            [*command, f"--cores={','.join(map(str, cores))}"],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": count, "MKL_NUM_THREADS": count},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if process.stdin is None or process.stdout is None:
            raise ContestantFailedError(f"{name} has no pipes")
        return cls(name, process, process.stdin, process.stdout)

    def ask(self, what: str, **given: object) -> dict[str, Any]:
        self.asked.write(json.dumps({"what": what, **given}) + "\n")
        self.asked.flush()
        return self.answer()

    def stop(self) -> None:
        self.process.communicate()
        self.process.wait()

    def answer(self) -> dict[str, Any]:
        line = self.answered.readline()
        if not line:
            status = self.process.wait()
            raise ContestantFailedError(f"{self.name} ended with status {status}: see above")
        answer: dict[str, Any] = json.loads(line)
        return answer
