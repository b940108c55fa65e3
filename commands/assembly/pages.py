"""What people's pages are made of."""

from collections.abc import Callable
from time import monotonic

from alerts.following import Following
from alerts.masking import mask
from alerts.precision import Precision
from alerts.redis_bus import RedisBus
from alerts.wall import utc_now
from commands.assembly import Assembly
from commands.assembly.access import teams
from commands.assembly.announcing import announcer
from commands.assembly.gateways import gateways
from commands.assembly.oidc import provider
from insights.asking import Insights
from streamer.gateways import codecs
from web_dashboard.feed import Board
from web_dashboard.live import Feed
from web_dashboard.parts import Parts, WebSettings
from web_dashboard.view import StreamDoor


def pages(assembly: Assembly, bus: RedisBus) -> Parts:
    it, network, shown = assembly.settings, assembly.settings.network, assembly.certificate
    precision = Precision()
    following = Following(assembly.desk, precision, bus.publish)
    board: Callable[[], Board] = lambda: Board(agent_emotion=it.alerting.agent_emotion)  # noqa: E731
    return Parts(
        settings=WebSettings(
            network.web_host,
            network.web_port,
            shown.context() if shown else None,
            network.allowed_hosts,
            teams(it),
            it.alerting.whisper_phrases,
            it.access.embed_origins,
        ),
        accounts=assembly.accounts,
        feed=Feed(bus.log, board, utc_now, hear=following.hear),
        live=bus.live,
        publish=bus.publish,
        desk=assembly.desk,
        clips=assembly.clips,
        insights=Insights(assembly.archive, lambda: assembly.playbook.in_force.lists),
        audit=assembly.audit,
        model=lambda: assembly.stage.model,
        load=lambda: assembly.stage.load(it.listening.max_calls),
        bus=lambda: bus.state,
        playbook=lambda: assembly.playbook.state,
        key_name=lambda key: assembly.keys.holder(key, "integrator"),
        key_good=lambda name: assembly.keys.holds(name, "integrator"),
        wall=utc_now,
        clock=monotonic,
        draining=lambda: assembly.stage.draining,
        swap=assembly.stage.swap,
        stream=lambda: stream_door(assembly),
        mask=lambda text: mask(text, it.alerting.mask),
        announce=announcer(assembly),
        precision=precision,
        oidc=provider(it),
    )


def stream_door(assembly: Assembly) -> StreamDoor | None:
    """Where gateways stream calls in, None until they can."""
    it, port = assembly.settings, assembly.stage.port
    if not port:
        return None
    keyed = assembly.keys.name_of(None) is None
    paths = tuple(codecs(gateways(it)))
    return StreamDoor(it.network.stream_host, port, bool(it.network.tls_cert), keyed, paths)
