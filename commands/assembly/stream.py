"""The port where gateways stream calls in, and what hears them."""

import asyncio

from alerts.claims import Claims
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from alerts.wall import utc_now
from commands.assembly import Assembly
from commands.assembly.gateways import audiosocket, client_secrets, gateways, signatures
from commands.assembly.listening import session
from commands.assembly.tls import stream_context
from streamer.adapters.webrtc import WebRtcDetector
from streamer.call import CallPorts, CallSettings
from streamer.played import Played
from streamer.ports import Recognizer
from streamer.server import Server, ServerSettings
from web_dashboard.audit import Entry


def stream(assembly: Assembly, recognizer: Recognizer, bus: RedisBus) -> Server:
    it = assembly.settings
    clock = asyncio.get_running_loop().time
    sinks = sink_factory(
        lambda: assembly.playbook.in_force,
        assembly.desk,
        bus,
        assembly.clips,
        it.alerting.agents,
        clock,
        agent_emotion=it.alerting.agent_emotion,
        mask=it.alerting.mask,
        traces=assembly.traces,
    )
    memory = Claims(bus, it.listening.grace)
    ports = CallPorts(
        lambda rate: WebRtcDetector(rate, it.listening.vad_mode), recognizer, sinks, memory
    )
    calls = CallSettings(
        session=session(it, assembly.playbook.in_force),
        max_calls=it.listening.max_calls,
        played=Played(it.listening.agent_music, it.listening.announcements),
    )
    settings = ServerSettings(
        it.network.stream_host,
        it.network.stream_port,
        stream_context(it, assembly.certificate),
        calls,
        gateways(it),
        signatures(it),
        secrets=client_secrets(it),
        certificates=it.access.client_keys,
        refused=lambda it: assembly.audit.tell(
            Entry(utc_now(), "?", "key_refused", f"{it.path} {it.why}", it.address)
        ),
        audiosocket=audiosocket(it),
    )
    return Server(settings, ports, assembly.keys, assembly.tally, assembly.announcements)


def listen_anew(assembly: Assembly) -> None:
    """The playbook has changed: new calls are heard as it says, and it is on record."""
    version = assembly.playbook.in_force.version
    assembly.audit.tell(Entry(utc_now(), "?", "rules_changed", version, ""))
    if assembly.stage.server is not None:
        assembly.stage.server.renew(session(assembly.settings, assembly.playbook.in_force))
