"""`/asterisk`."""

from hypothesis import strategies as st

from streamer.pcm import to_mulaw
from tests.streamer.fakes import CUSTOMER
from tests.streamer.gateways.protocols.protocol import CALL, Protocol, texts

START = (
    '{"event":"MEDIA_START","connection_id":"assist","channel":"WebSocket/assist/0x7f3930006ac0",'
    '"channel_id":"1795353705.2","format":"ulaw","optimal_frame_size":160,"ptime":20,'
    '"channel_variables":{"MEDIA_WEBSOCKET_CONNECTION_ID":"assist"}}'
)


def said(customer, agent, pieces):
    """Pieces of one sample, of the customer alone."""
    audio = to_mulaw(customer)
    return [audio[i : i + pieces] for i in range(0, len(audio), pieces)]


names = st.sampled_from(
    ["MEDIA_START", "DTMF_END", "MEDIA_XOFF", "MEDIA_XON", "ERROR", "STATUS", "NEW"]
)
formats = st.sampled_from(["ulaw", "alaw", "slin", "slin16", "opus"]) | st.text()
variables = st.dictionaries(
    st.sampled_from(["EARWITNESS_CALL_ID", "EARWITNESS_ROLE", "X"]) | st.text(), st.text()
)
plain = st.tuples(
    names, formats.map("format:{}".format), st.sampled_from(["digit:5", "digit:", "a b:c"])
).map(" ".join)

ASTERISK = Protocol(
    path="/asterisk",
    query=f"?call_id={CALL}&role=customer",
    begin=(START,),
    said=said,
    end=None,
    parties=(CUSTOMER,),
    answers=True,
    words=texts(
        {"event": names | st.text()},
        format=formats,
        digit=st.sampled_from("5*f") | st.text(),
        channel_variables=variables,
    )
    | plain,
    bad=("{", "[]", "hello", '{"event":"DTMF_END"}', "DTMF_END channel_id:1", START),
)
