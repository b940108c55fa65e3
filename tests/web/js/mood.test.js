import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curve, mood_of, tone_of, trend } from '../../../web_dashboard/static/js/mood.js'

const call = (...mood) => ({ mood })
const angry = { kind: 'ANGRY', severity: 'high', since: 40 }

test('words follow the rules, not the score', () => {
  const heard = call([10, 12, 'NEUTRAL', 0.1], [50, 52, 'ANGRY', 0.9])
  assert.equal(mood_of(heard).word, 'mood.angry.maybe')
  assert.equal(mood_of(heard, [angry]).word, 'mood.angry')
  assert.equal(mood_of(heard, [{ ...angry, severity: 'critical' }]).word, 'mood.angry.very')
  assert.equal(mood_of(call([60, 62, 'NEUTRAL', 0.1]), [angry]).easing, true)
})

test('no evidence is not calm', () => {
  assert.equal(mood_of(call()).word, 'mood.unknown')
  assert.equal(mood_of(call([1, 2, 'EMO_UNKNOWN', 0])).word, 'mood.unknown')
  assert.equal(mood_of(call([1, 2, 'NEUTRAL', 0])).word, 'mood.neutral')
})

test('a mood lasts since its first sentence in a row', () => {
  assert.equal(mood_of(call([1, 2, 'NEUTRAL', 0], [5, 6, 'SAD', 0.8], [9, 10, 'SAD', 0.8])).since, 5)
  assert.equal(mood_of(call([5, 6, 'SAD', 0.8])).since, 5)
  assert.equal(mood_of(call([5, 6, 'NEUTRAL', 0])).since, null)
})

test('grey until a rule has noticed it', () => {
  const sentence = [50, 52, 'ANGRY', 0.9]
  assert.equal(tone_of(sentence, []), 'neutral')
  assert.equal(tone_of(sentence, [{ kind: 'SILENCE', since: 40 }]), 'neutral')
  assert.equal(tone_of(sentence, [angry]), 'angry')
  assert.equal(tone_of([10, 12, 'ANGRY', 0.9], [angry]), 'neutral')
  assert.equal(tone_of(sentence, null), 'angry')
  assert.equal(tone_of([50, 52, 'HAPPY', -0.9], []), 'happy')
})

test('what could not be heard is a gap, and so is a long pause', () => {
  const { runs, gaps } = curve([[10, 12, 'NEUTRAL', 0], [20, 22, 'EMO_UNKNOWN', 0], [50, 52, 'NEUTRAL', 0]], [], 60, 60)
  assert.equal(runs.length, 2)
  assert.deepEqual(gaps, [[12 / 60, 50 / 60]])
})

test('runs of different tones meet in a point', () => {
  const { runs } = curve([[40, 42, 'NEUTRAL', 0], [50, 52, 'ANGRY', 0.9]], [angry], 60, 60)
  assert.deepEqual(runs.map(run => run.tone), ['neutral', 'angry'])
  assert.deepEqual(runs[0].points.at(-1), runs[1].points[0])
})

test('the trend of the last minute', () => {
  const rising = [[0, 5, 'NEUTRAL', 0.1], [20, 25, 'ANGRY', 0.8]]
  assert.equal(trend(rising, 30), 'rising')
  assert.equal(trend([...rising].reverse(), 30), 'falling')
  assert.equal(trend(rising, 300), '')
  assert.equal(trend(rising.slice(1), 30), '')
})

test('what no rule has noticed carries no weight', () => {
  const sad = call([5, 6, 'SAD', 0.8])
  assert.equal(mood_of(sad).tone, 'sad mood-maybe')
  assert.equal(mood_of(sad, [{ kind: 'SAD', severity: 'watch', since: 5 }]).tone, 'sad')
  assert.equal(mood_of(call([5, 6, 'HAPPY', -0.8])).tone, 'happy')
  assert.equal(mood_of(call()).tone, 'neutral')
})
