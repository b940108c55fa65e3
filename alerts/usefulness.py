"""How often agents use what they are prompted with, by situation. Pure."""

from collections import Counter, OrderedDict

from alerts.wire import Message, Prompt, PromptState

ANSWERS: frozenset[PromptState] = frozenset({"accepted", "dismissed", "not_useful"})


class Usefulness:
    """Told of everything in the log, from every server; remembers the answers to the last
    `keep` prompts, so that what is heard twice counts once."""

    def __init__(self, keep: int = 20_000) -> None:
        self._keep = keep
        self._answers: OrderedDict[str, tuple[str, PromptState]] = OrderedDict()
        self._count: Counter[tuple[str, PromptState]] = Counter()

    def hear(self, message: Message) -> str:
        """The situation of which more is known now; empty if of none."""
        if not isinstance(message, Prompt) or message.state not in ANSWERS:
            return ""
        if message.id in self._answers:  # the first answer counts
            return ""
        answer = message.situation, message.state
        self._answers[message.id] = answer
        self._count[answer] += 1
        if len(self._answers) > self._keep:
            _, gone = self._answers.popitem(last=False)
            self._count[gone] -= 1
        return message.situation

    def of(self, situation: str) -> float | None:
        """The share of the answered prompts that was used; None as long as there are none."""
        answered = sum(self._count[situation, answer] for answer in ANSWERS)
        return self._count[situation, "accepted"] / answered if answered else None
