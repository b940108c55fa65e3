"""Notices to other systems (WeCom, DingTalk, Feishu, e-mail, any webhook) through Apprise.

Each target has a thread and a bounded queue of its own: one that hangs holds up neither the
event loop nor the other targets. URLs hold secrets: neither they nor what the libraries say of
them is ever logged.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import apprise
from apprise import NotifyBase

from alerts import metrics
from alerts.notice import Notice
from streamer.errors import SettingsError
from streamer.events import Seconds

log = logging.getLogger(__name__)

for _name in ("apprise", "urllib3", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Patience:
    """After a failure it is tried again after each of `pauses`; then the notice is given up."""

    pauses: tuple[Seconds, ...] = (1.0, 5.0, 30.0, 120.0)
    waiting: int = 50  # notices a target; when there are more the oldest goes


class Notifier:
    """`send` never waits. `close` gives up what has not been sent."""

    def __init__(self, urls: Sequence[str], patience: Patience | None = None) -> None:
        """Raises SettingsError that names each wrong URL by its place, not by its text."""
        found = [apprise.Apprise.instantiate(url, suppress_exceptions=True) for url in urls]
        wrong = [str(n) for n, one in enumerate(found, 1) if not isinstance(one, NotifyBase)]
        if wrong:
            raise SettingsError(
                f"notify_urls: number {', '.join(wrong)} is no URL that Apprise knows, such as"
                " wecombot://KEY, dingtalk://TOKEN, feishu://TOKEN, mailtos://USER:PASS@HOST or"
                " jsons://HOST/PATH"
            )
        services = [url.partition(":")[0].lower() for url in urls]
        targets = [one for one in found if isinstance(one, NotifyBase)]
        self._targets = [
            _Target(*each, patience or Patience())
            for each in zip(services, targets, strict=True)
        ]

    def send(self, notice: Notice) -> None:
        for target in self._targets:
            target.put(notice)

    def close(self) -> None:
        for target in self._targets:
            target.close()


class _Target:
    def __init__(self, service: str, target: NotifyBase, patience: Patience) -> None:
        self._service, self._target, self._patience = service, target, patience
        self._waiting: queue.Queue[Notice] = queue.Queue(patience.waiting)
        self._closing = threading.Event()
        # A daemon: a target that hangs must not keep the process from stopping.
        threading.Thread(target=self._run, name=f"notify {service}", daemon=True).start()

    def put(self, notice: Notice) -> None:
        try:
            self._waiting.put_nowait(notice)
        except queue.Full:
            self._count("dropped")
            with contextlib.suppress(queue.Empty):  # taken just now
                self._waiting.get_nowait()
            self._waiting.put_nowait(notice)

    def close(self) -> None:
        self._closing.set()
        self.put(Notice("", ""))  # wakes it

    def _run(self) -> None:
        while True:
            notice = self._waiting.get()
            if self._closing.is_set():
                return
            self._count("sent" if self._send(notice) else "failed")

    def _send(self, notice: Notice) -> bool:
        for pause in (*self._patience.pauses, None):
            if self._try(notice):
                return True
            if pause is None or self._closing.wait(pause):
                break
        log.error("a notice was not delivered", extra={"service": self._service})
        return False

    def _try(self, notice: Notice) -> bool:
        try:
            return bool(self._target.notify(body=notice.body, title=notice.title))
        except Exception as fault:  # a plugin's own: its text may hold the URL
            log.warning(
                "a notice failed: %s", type(fault).__name__, extra={"service": self._service}
            )
            return False

    def _count(self, outcome: str) -> None:
        metrics.notifications.labels(self._service, outcome).inc()
