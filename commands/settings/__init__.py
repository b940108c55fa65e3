"""Every setting, by section, each with its line in `--help`.

To whoever writes them they are one flat list of names, which say themselves what they belong
to; which section one is in is our own affair. A section is one file with one Struct, named in
`Settings`: nothing else lists it. A section whose settings may contradict each other has
`faults() -> list[str]`.
"""

import msgspec

from commands.settings.access import Access
from commands.settings.alerting import Alerting
from commands.settings.asterisk import Asterisk
from commands.settings.audiohook import Audiohook
from commands.settings.freeswitch import Freeswitch
from commands.settings.funasr import Funasr
from commands.settings.listening import Listening
from commands.settings.network import Network
from commands.settings.oidc import Oidc
from commands.settings.recognition import Recognition
from commands.settings.storage import Storage
from commands.settings.twilio import Twilio
from commands.settings.yeastar import Yeastar


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One installation's settings. No name occurs in two sections."""

    network: Network = Network()
    recognition: Recognition = Recognition()
    listening: Listening = Listening()
    freeswitch: Freeswitch = Freeswitch()
    asterisk: Asterisk = Asterisk()
    twilio: Twilio = Twilio()
    funasr: Funasr = Funasr()
    audiohook: Audiohook = Audiohook()
    yeastar: Yeastar = Yeastar()
    access: Access = Access()
    oidc: Oidc = Oidc()
    storage: Storage = Storage()
    alerting: Alerting = Alerting()
