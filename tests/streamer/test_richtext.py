import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.events import AudioEvent, Emotion
from streamer.richtext import LANGUAGES, Tagged, parse, readable, write

ANGRY = "<|zh|><|ANGRY|><|Speech|><|withitn|>你们是不是压单啊"

texts = st.text().map(lambda text: text.replace("<|", "").replace("|>", "").strip())
tagged = st.builds(
    Tagged,
    text=texts,
    language=st.sampled_from(["", *LANGUAGES]),
    emotion=st.sampled_from(Emotion),
    events=st.lists(st.sampled_from(AudioEvent), unique=True).map(tuple),
    normalised=st.sampled_from([True, False, None]),
)


def test_a_tagged_string_is_taken_apart():
    assert parse(ANGRY) == Tagged(
        "你们是不是压单啊", "zh", Emotion.ANGRY, (AudioEvent.SPEECH,), True
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", Tagged("")),
        ("你好", Tagged("你好")),
        ("<|ja|><|EMO_UNKNOWN|><|Speech|>", Tagged("", "ja", events=(AudioEvent.SPEECH,))),
        (
            "<|nospeech|><|EMO_UNKNOWN|><|Event_UNK|><|woitn|>",
            Tagged("", "nospeech", events=(AudioEvent.UNKNOWN,), normalised=False),
        ),
        ("<|zh|><|SPECIAL_TOKEN_13|>好<|>", Tagged("好<|>", "zh")),
        (
            "<|zh|><|SAD|><|BGM|>好 <|zh|><|HAPPY|><|BGM|><|Laughter|>的",
            Tagged("好 的", "zh", Emotion.SAD, (AudioEvent.MUSIC, AudioEvent.LAUGHTER)),
        ),
    ],
)
def test_tags_may_be_missing_unknown_or_in_the_middle(raw, expected):
    assert parse(raw) == expected


@given(tagged)
def test_what_is_written_is_read_again(value):
    assert parse(write(value)) == value


@given(st.text(alphabet="<|>zhANGRY "))
def test_any_text_is_taken_apart(raw):
    parse(raw)


def test_a_person_reads_the_text_and_how_it_was_said():
    assert readable("这衣服尺码根本不对！", Emotion.ANGRY) == "这衣服尺码根本不对！[ANGRY]"
    heard = (AudioEvent.SPEECH, AudioEvent.LAUGHTER, AudioEvent.MUSIC)
    assert readable("好", Emotion.HAPPY, heard) == "好[HAPPY] [LAUGHTER] [BGM]"
    assert readable("嗯", Emotion.SAD, silence=True) == "嗯[SAD] [SILENCE]"


def test_what_says_nothing_has_no_tag():
    heard = (AudioEvent.SPEECH, AudioEvent.UNKNOWN, AudioEvent.BACKGROUND)
    for emotion in (Emotion.NEUTRAL, Emotion.UNKNOWN):
        assert readable("好的。", emotion, heard) == "好的。"


def test_every_emotion_and_event_of_the_contract_has_its_tag():
    shown = "".join(readable("", emotion, AudioEvent) for emotion in Emotion)
    promised = "HAPPY SAD FEARFUL DISGUSTED SURPRISED ANGRY BGM LAUGHTER APPLAUSE CRY COUGH"
    for tag in (*promised.split(), "SNEEZE", "BREATH"):
        assert f"[{tag}]" in shown
