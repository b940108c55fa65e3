"""All written rules of a call: who of them looks at what."""

from collections.abc import Callable, Iterator

from alerts.playbook import Playbook
from alerts.rulebook import written_rules
from alerts.scene import Scene
from alerts.wire import Alert
from alerts.written import WrittenRule
from streamer.events import CallInfo, Party, Seconds


class CallRules:
    """One per call, by the rules' names. A rule about one party does not look at the other's
    sentences: time passes for it."""

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self.by_name = {
            ready.rule.rule: WrittenRule(ready, info, playbook.version, new_id)
            for ready in written_rules(playbook)
        }
        every = self.by_name.values()
        self._of = {p: [r for r in every if r.party in (None, p)] for p in Party}
        self._others = {p: [r for r in every if r.party not in (None, p)] for p in Party}
        self._of_drafts = {p: [r for r in self._of[p] if r.hears_drafts] for p in Party}

    def __iter__(self) -> Iterator[WrittenRule]:
        return iter(self.by_name.values())

    def look(self, scene: Scene) -> list[Alert]:
        told: list[Alert] = []
        for rule in self._of[scene.one.party]:
            told += rule.look(scene)
        for rule in self._others[scene.one.party]:
            told += rule.wait(scene.now)
        return told

    def glimpse(self, scene: Scene) -> list[Alert]:
        """`one` is a sentence that goes on, and not among those `heard`."""
        watching = self._of_drafts[scene.one.party]
        if not watching:
            return []
        among = scene._replace(heard=[*scene.heard, scene.one])
        return [alert for rule in watching for alert in rule.glimpse(among)]

    def wait(self, now: Seconds) -> list[Alert]:
        return [alert for rule in self for alert in rule.wait(now)]

    def flows(self, at: Seconds) -> list[Alert]:
        """The stream comes again: what was about its having stopped is over."""
        over = [rule.episodes for rule in self if rule.kind == "STALLED"]
        return [alert for episodes in over for alert in episodes.end(at, "hysteresis")]
