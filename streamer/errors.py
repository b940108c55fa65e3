"""Everything this package raises on purpose, told apart by who is at fault."""


class EarwitnessError(Exception):
    """Base of all errors raised on purpose. Its text is fit to be shown to who caused it."""


class ProtocolError(EarwitnessError):
    """The gateway broke its own protocol: this connection is closed with 1002 and the text as
    its reason; the call waits for its grace time; every other call goes on."""


class RefusedError(EarwitnessError):
    """The gateway may not do this (call id in use by another key, no consent for it): this
    connection is closed with 1008 and the text as its reason."""


class OverloadError(EarwitnessError):
    """No room for another call: refused at the handshake with 503 and Retry-After."""


class RecognizerError(EarwitnessError):
    """The model failed on one utterance: it is published as unheard; the call goes on."""


class ShedError(RecognizerError):
    """Too much waits for the model to hear this one: it is published as shed; the call goes
    on."""


class ModelError(EarwitnessError):
    """The model cannot be had, or is not what it claims: the start stops with this text."""


class SettingsError(EarwitnessError):
    """One or more settings are wrong: the start stops and every fault is listed."""
