"""What of a published message may reach a browser at all.

Inferring the emotion of an employee at work is forbidden (EU AI Act, Article 5(1)(f)). The
recognizer cannot help labelling the agent's channel; so the label ends here, before anything is
kept, folded or sent, unless the operator has switched `agent_emotion` on and answers for it.
"""

from msgspec.structs import replace

from alerts.wire import Alert, Draft, Evidence, Message, Transcript
from streamer.events import Emotion, Party

_FELT = ("ANGRY", "SAD")


def shown(message: Message, *, agent_emotion: bool = False) -> Message | None:
    """`message` without the agent's emotion; None where that is all it says."""
    if agent_emotion:
        return message
    match message:
        case Transcript(party=Party.AGENT) | Draft(party=Party.AGENT):
            return replace(message, emotion=Emotion.UNKNOWN, emotion_p={}, raw="")
        case Alert(party=Party.AGENT, kind=kind) if kind in _FELT:
            return None
        case Alert():
            return replace(
                message,
                evidence=tuple(map(_unfelt, message.evidence)),
                context=tuple(map(_unfelt, message.context)),
            )
        case _:
            return message


def _unfelt(evidence: Evidence) -> Evidence:
    if evidence.party is not Party.AGENT:
        return evidence
    return replace(evidence, emotion=Emotion.UNKNOWN, p=0.0)
