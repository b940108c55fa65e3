from streamer.events import AudioEvent, Emotion
from streamer.richtext import readable


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
