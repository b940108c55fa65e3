"""Which language a party speaks on this call, so that a short answer is not taken for another.

Pure; belongs to one call's recognition and ends with it. SenseVoice names the language of each
utterance by itself, and errs on short ones: a "嗯" is Chinese, Cantonese or Japanese.
"""

import math
from dataclasses import replace

from streamer.events import Party, Seconds, Transcript, Utterance

SHORT: Seconds = 2.0
"""An utterance of less speech is heard in the running language."""
CLEAR = 0.8
"""The probability from which on there is a running language."""
AUTO = "auto"
_FADING = 0.5  # of what was known, at each utterance: two in another language change it
_LEAST = 0.01  # a probability: one utterance that is quite sure does not decide for all others
_SPEECHLESS = "nospeech"


class RunningLanguage:
    """Sums of log-probabilities by language for each party. Only what was heard without any
    hint counts, for the model repeats a hint; so long utterances are never given one."""

    def __init__(self) -> None:
        self._sums: dict[Party, dict[str, float]] = {}

    def hinted(self, utterance: Utterance) -> Utterance:
        """The utterance, in the running language if it is short and there is one. A language
        that the gateway names stands."""
        long = utterance.speech_end - utterance.start >= SHORT
        if utterance.language != AUTO or long:
            return utterance
        return replace(utterance, language=self._clear(utterance.party) or AUTO)

    def heard(self, asked: Utterance, said: Transcript) -> None:
        """What was heard of an utterance as it was `asked`. Noise is in no language."""
        if asked.language != AUTO or not said.text:
            return
        before = self._sums.get(asked.party, {})
        self._sums[asked.party] = {
            name: _FADING * before.get(name, 0.0) + math.log(max(p, _LEAST))
            for name, p in said.languages_p.items()
            if name != _SPEECHLESS
        }

    def _clear(self, party: Party) -> str | None:
        sums = self._sums.get(party)
        if not sums:
            return None
        likeliest = max(sums, key=sums.__getitem__)
        total = sum(math.exp(each - sums[likeliest]) for each in sums.values())
        return likeliest if 1 / total >= CLEAR else None
