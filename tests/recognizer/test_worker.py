import asyncio
import logging
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from prometheus_client import CollectorRegistry

from streamer.errors import RecognizerError, ShedError
from streamer.events import AudioEvent, CallId, Emotion, Party, Utterance
from streamer.recognizer.hearing import Hearing
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.worker import RecognizerWorker, WorkerSettings
from tests.recognizer.conftest import murmur, plain_frontend

pytestmark = pytest.mark.model

MARK = 20_000


def answer(text):
    return Hearing(
        text=text,
        language="zh",
        languages_p={"zh": 1.0, "nospeech": 0.0},
        emotion=Emotion.NEUTRAL,
        emotion_p={Emotion.NEUTRAL: 1.0, Emotion.UNKNOWN: 0.0},
        events=(AudioEvent.SPEECH,),
        events_p={AudioEvent.SPEECH: 1.0},
        tokens=(),
        raw=text,
    )


class Fake:
    """Hears the number that an utterance begins with. Waits for `go` before it answers; what
    `faults` holds for a number is raised when that is heard."""

    frontend = plain_frontend()

    def __init__(self):
        self.batches, self.clips, self.faults, self.threads = [], [], {}, []
        self.go, self.busy = threading.Event(), threading.Semaphore(0)
        self.go.set()
        self.most = 99

    def hear(self, clips):
        numbers = [round(float(clip.samples[0]) * 32768) - MARK for clip in clips]
        self.batches.append(numbers)
        self.clips += clips
        self.threads.append(torch.get_num_threads())
        self.busy.release()
        self.go.wait(10)
        if len(clips) > self.most:
            raise MemoryError
        for number in numbers:
            if errors := self.faults.get(number):
                raise errors.pop()
        return [answer(f"第{number}") for number in numbers]

    def nothing(self):
        return answer("")


class Wave(BaseException):
    """Kills a thread: not an `Exception`."""


def utterance(number, party=Party.CUSTOMER, seconds=0.1, pcm=None):
    samples = np.full(int(16000 * seconds), 8000, "<i2")
    samples[:1] = MARK + number
    return Utterance(
        CallId(f"call-{number % 3}"), number, party, 1.0, 1.0 + seconds, 1.0 + seconds,
        0.0, 16000, samples.tobytes() if pcm is None else pcm,
    )  # fmt: skip


@pytest.fixture
def fake():
    return Fake()


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
async def worker(fake, registry):
    settings = WorkerSettings(max_batch=4, room=6)
    async with RecognizerWorker(fake, settings, Metrics(registry)) as it:
        yield it
        fake.go.set()


def errors(registry, reason):
    return (
        registry.get_sample_value("earwitness_recognizer_errors_total", {"reason": reason}) or 0
    )


async def occupied(worker, fake):
    """The model is busy with utterance 0 until `fake.go` is set."""
    fake.go.clear()
    first = asyncio.ensure_future(worker.transcribe(utterance(0)))
    await asyncio.to_thread(fake.busy.acquire)
    return first


def asked(worker, *utterances):
    return [asyncio.ensure_future(worker.transcribe(each)) for each in utterances]


async def settled(requests):
    """They have all reached the worker's queue: each runs up to its first wait."""
    await asyncio.sleep(0)
    assert not any(each.done() for each in requests)


async def results(requests):
    async with asyncio.timeout(20):
        done = await asyncio.gather(*requests, return_exceptions=True)
    return [each if isinstance(each, Exception) else each.text for each in done]


async def test_an_utterance_becomes_a_transcript(worker, registry):
    heard = await worker.transcribe(utterance(5, seconds=1.5))
    assert (heard.text, heard.call, heard.number, heard.start) == ("第5", "call-2", 5, 1.0)
    assert heard.emotion_p == {Emotion.NEUTRAL: 1.0, Emotion.UNKNOWN: 0.0}
    assert heard.languages_p == {"zh": 1.0, "nospeech": 0.0}
    await worker.transcribe(utterance(6))  # a batch is counted when its answers have gone out
    assert registry.get_sample_value("earwitness_batch_size_sum") == 2
    assert registry.get_sample_value("earwitness_infer_seconds_count") >= 1
    assert registry.get_sample_value("earwitness_model_wait_seconds_count") == 2


async def test_what_comes_while_the_model_is_busy_is_one_batch(worker, fake):
    first = await occupied(worker, fake)
    rest = asked(worker, *(utterance(n) for n in range(1, 7)))
    await settled(rest)
    fake.go.set()
    assert await results([first, *rest]) == [f"第{n}" for n in range(7)]
    assert fake.batches == [[0], [1, 2, 3, 4], [5, 6]]


async def test_the_customer_goes_before_the_agent(worker, fake):
    first = await occupied(worker, fake)
    parties = (Party.AGENT, Party.AGENT, Party.CUSTOMER, Party.UNKNOWN, Party.CUSTOMER)
    rest = asked(worker, *(utterance(n, party) for n, party in enumerate(parties, 1)))
    await settled(rest)
    fake.go.set()
    await results([first, *rest])
    assert fake.batches == [[0], [3, 4, 5, 1], [2]]


async def test_a_poisoned_utterance_fails_alone(worker, fake, registry):
    first = await occupied(worker, fake)
    fake.faults[2] = [ValueError("poison"), ValueError("poison")]
    rest = asked(worker, *(utterance(n) for n in (1, 2, 3)))
    await settled(rest)
    fake.go.set()
    one, two, three = await results(rest)
    assert (one, three) == ("第1", "第3")
    assert isinstance(two, RecognizerError)
    assert fake.batches == [[0], [1, 2, 3], [1], [2], [3]]
    assert (await first).text == "第0"
    assert (errors(registry, "batch"), errors(registry, "failed")) == (1, 1)
    assert (await worker.transcribe(utterance(4))).text == "第4"


async def test_a_passing_failure_is_not_noticed(worker, fake):
    fake.faults[1] = [ValueError("once")]
    assert (await worker.transcribe(utterance(1))).text == "第1"


async def test_an_utterance_that_cannot_be_read_fails_alone(worker, fake):
    bad = worker.transcribe(utterance(1, pcm=b"odd"))
    good = worker.transcribe(utterance(2))
    failed, heard = await asyncio.gather(bad, good, return_exceptions=True)
    assert isinstance(failed, RecognizerError)
    assert heard.text == "第2"


async def test_silence_is_not_given_to_the_model(worker, fake):
    heard = await worker.transcribe(utterance(1, pcm=bytes(32000)))
    assert (heard.text, fake.batches) == ("", [])


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
async def test_out_of_memory_halves_the_batch(worker, fake, registry, error):
    first = await occupied(worker, fake)
    fake.faults[3] = [error]
    rest = asked(worker, *(utterance(n) for n in (1, 2, 3, 4)))
    await settled(rest)
    fake.go.set()
    assert await results([first, *rest]) == [f"第{n}" for n in range(5)]
    assert fake.batches == [[0], [1, 2, 3, 4], [1, 2], [3, 4]]
    assert errors(registry, "memory") == 1


async def test_memory_for_no_batch_at_all_is_a_failure(worker, fake):
    fake.most = 0
    with pytest.raises(RecognizerError):
        await worker.transcribe(utterance(1))
    fake.most = 1
    assert (await worker.transcribe(utterance(2))).text == "第2"


async def test_a_dead_thread_is_replaced_and_its_utterances_heard_again(
    worker, fake, registry, caplog
):
    first = await occupied(worker, fake)
    fake.faults[2] = [Wave(), Wave()]
    rest = asked(worker, *(utterance(n) for n in (1, 2, 3)))
    await settled(rest)
    fake.go.set()
    with caplog.at_level(logging.CRITICAL, "streamer.recognizer.worker"):
        one, two, three = await results(rest)
    assert (one, three) == ("第1", "第3")
    assert isinstance(two, RecognizerError)
    assert (await first).text == "第0"
    assert (await worker.transcribe(utterance(4))).text == "第4"
    assert errors(registry, "crashed") == 2
    assert fake.batches == [[0], [1, 2, 3], [1], [2], [3], [4]]


async def test_a_caller_that_goes_is_forgotten(worker, fake):
    first = await occupied(worker, fake)
    stays, goes = asked(worker, utterance(1), utterance(2))
    await settled([stays, goes])
    goes.cancel()
    await asyncio.wait([goes])
    fake.go.set()
    assert await results([first, stays]) == ["第0", "第1"]
    assert fake.batches == [[0], [1]]


async def test_a_caller_that_goes_while_heard_breaks_nothing(worker, fake):
    first = await occupied(worker, fake)
    first.cancel()
    await asyncio.wait([first])
    fake.go.set()
    assert (await worker.transcribe(utterance(1))).text == "第1"


async def test_without_room_an_agent_gives_way_and_others_are_refused(worker, fake, registry):
    first = await occupied(worker, fake)
    agents = asked(worker, *(utterance(n, Party.AGENT) for n in (1, 2)))
    customers = asked(worker, *(utterance(n) for n in (3, 4, 5, 6)))
    await settled([*agents, *customers])
    late = asked(worker, utterance(7))
    with pytest.raises(RecognizerError, match="too many"):
        await worker.transcribe(utterance(8, Party.AGENT))
    await asyncio.wait([agents[1]])
    fake.go.set()
    heard = await results([first, agents[0], *customers, *late])
    assert heard == [f"第{n}" for n in (0, 1, 3, 4, 5, 6, 7)]
    assert isinstance(agents[1].exception(), RecognizerError)
    assert errors(registry, "full") == 2


async def test_closing_fails_what_waits_and_finishes_what_is_heard(fake, registry):
    async with asyncio.timeout(20):
        async with RecognizerWorker(fake, WorkerSettings(), Metrics(registry)) as worker:
            first = await occupied(worker, fake)
            waiting = asked(worker, utterance(1), utterance(2))
            await settled(waiting)
            asyncio.get_running_loop().call_later(0.05, fake.go.set)
        assert (await first).text == "第0"
        assert all(isinstance(each, RecognizerError) for each in await results(waiting))
        with pytest.raises(RecognizerError, match="closed"):
            await worker.transcribe(utterance(3))
    assert errors(registry, "closed") == 2
    assert not any(thread.name == "recognizer" for thread in threading.enumerate())


async def test_it_can_be_opened_again(fake):
    worker = RecognizerWorker(fake, WorkerSettings())
    for number in (1, 2):
        async with asyncio.timeout(20), worker:
            assert (await worker.transcribe(utterance(number))).text == f"第{number}"


async def test_a_real_network_answers_many_calls(model):
    clips = [murmur(0.3 + 0.2 * n, n) for n in range(12)]
    async with asyncio.timeout(60), RecognizerWorker(model, WorkerSettings()) as worker:
        requests = [
            worker.transcribe(
                utterance(
                    n, pcm=(clip * 32767).astype("<i2").tobytes(), seconds=len(clip) / 16000
                )
            )
            for n, clip in enumerate(clips)
        ]
        heard = await asyncio.gather(*requests)
    assert [each.number for each in heard] == list(range(12))
    for each in heard:
        assert sum(each.emotion_p.values()) == pytest.approx(1.0, abs=1e-5)
        assert all(1.0 <= onset <= each.end for _, onset in each.tokens)


def drafted(worker, *utterances):
    return [asyncio.ensure_future(worker.draft(each)) for each in utterances]


async def test_drafts_wait_for_utterances_and_never_share_their_batch(worker, fake, registry):
    first = await occupied(worker, fake)
    drafts = drafted(worker, utterance(1, Party.AGENT), utterance(2))
    rest = asked(worker, utterance(3, Party.AGENT), utterance(4))
    await settled([*drafts, *rest])
    fake.go.set()
    assert await results([first, *drafts, *rest]) == [f"第{n}" for n in range(5)]
    assert fake.batches == [[0], [4, 3], [2, 1]]
    assert registry.get_sample_value("earwitness_model_wait_seconds_count") == 3


async def test_what_comes_while_drafts_are_heard_waits_for_few_of_them(worker, fake):
    first = await occupied(worker, fake)
    drafts = drafted(worker, *(utterance(n, seconds=4.5) for n in (1, 2, 3)))
    await settled(drafts)
    fake.go.set()
    await results([first, *drafts])
    assert fake.batches == [[0], [1], [2], [3]], "8 s at once"


async def test_without_room_a_draft_gives_way_and_is_not_counted_as_an_error(
    worker, fake, registry
):
    first = await occupied(worker, fake)
    (draft,) = drafted(worker, utterance(1))
    rest = asked(worker, *(utterance(n, Party.AGENT) for n in range(2, 8)))
    with pytest.raises(ShedError):
        await draft
    with pytest.raises(ShedError):
        await worker.draft(utterance(8))
    assert errors(registry, "full") == 0
    fake.go.set()
    assert await results([first, *rest]) == [f"第{n}" for n in (0, *range(2, 8))]


async def test_a_draft_that_is_overtaken_is_not_heard(worker, fake):
    first = await occupied(worker, fake)
    (draft,) = drafted(worker, utterance(1))
    await settled([draft])
    draft.cancel()
    await asyncio.wait([draft])
    final = asked(worker, utterance(1))
    fake.go.set()
    assert await results([first, *final]) == ["第0", "第1"]
    assert fake.batches == [[0], [1]]


async def test_a_failing_draft_fails_alone(worker, fake):
    fake.faults[1] = [ValueError("poison"), ValueError("poison")]
    with pytest.raises(RecognizerError, match="poison"):
        await worker.draft(utterance(1))
    assert (await worker.draft(utterance(2))).text == "第2"


async def test_lengths_that_differ_are_heard_apart_the_customer_first(worker, fake):
    first = await occupied(worker, fake)
    rest = asked(
        worker,
        utterance(1, Party.AGENT, 0.1),
        utterance(2, Party.CUSTOMER, 3.0),
        utterance(3, Party.AGENT, 2.9),
        utterance(4, Party.AGENT, 0.11),
    )
    await settled(rest)
    fake.go.set()
    assert await results([first, *rest]) == [f"第{n}" for n in range(5)]
    assert fake.batches == [[0], [2, 3], [1, 4]]


async def test_what_died_in_the_second_group_is_heard_again_without_the_first(worker, fake):
    first = await occupied(worker, fake)
    fake.faults[2] = [Wave()]
    rest = asked(worker, utterance(1, seconds=3.0), utterance(2), utterance(3))
    await settled(rest)
    fake.go.set()
    assert await results([first, *rest]) == [f"第{n}" for n in range(4)]
    assert fake.batches == [[0], [1], [2, 3], [2], [3]]


async def test_features_are_ready_when_the_model_is(worker, fake):
    whole = utterance(1, seconds=1.0)
    worker.grow(replace(whole, pcm=whole.pcm[:20_000]))
    assert (await worker.draft(replace(whole, pcm=whole.pcm[:24_000]))).text == "第1"
    assert (await worker.transcribe(whole)).text == "第1"
    assert [len(clip.features) for clip in fake.clips] == [13, 17]
    assert (fake.clips[1].features == Fake.frontend.extract(fake.clips[1].samples)).all()


@pytest.mark.parametrize("threads", [1, 2])
async def test_torchs_threads_work_for_the_model_and_one_for_features(fake, threads):
    before = torch.get_num_threads()
    async with asyncio.timeout(20), RecognizerWorker(fake, WorkerSettings(threads)) as worker:
        first = await occupied(worker, fake)
        worker.grow(utterance(1))
        fake.go.set()
        assert await results([first, *asked(worker, utterance(2))]) == ["第0", "第2"]
        features = worker._preparation._thread.submit(torch.get_num_threads)
        assert features.result(20) == 1
    assert fake.threads == [threads] * 2
    assert torch.get_num_threads() == before


async def test_growth_after_the_end_is_ignored(fake):
    worker = RecognizerWorker(fake, WorkerSettings())
    worker.grow(utterance(1))
    async with asyncio.timeout(20), worker:
        worker.grow(utterance(1))
    worker.grow(utterance(1))
    with pytest.raises(RecognizerError, match="closed"):
        await worker.draft(utterance(1))
    assert not any(thread.name.startswith("features") for thread in threading.enumerate())
