import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_STORY, in_order, tell } from '../../../web_dashboard/static/js/call-story.js'
import { RECENT, clip_at, clips_of, columns, moved, nearest, nearest_clip, showing, stop_from, stops_of, strip_of, view_of, zoomed } from '../../../web_dashboard/static/js/time-line.js'

const said = (utterance, start, fields = {}) => ({ type: 'transcript', utterance, party: 'customer', start, end: start + 2, text: `${utterance}`, emotion: 'NEUTRAL', emotion_p: {}, events: [], ...fields })
const alert = (at, fields = {}) => ({ type: 'alert', id: `a${at}`, at, kind: 'ANGRY', severity: 'high', state: 'active', evidence: [], ...fields })
const strip = (messages, now = 100) => strip_of(in_order(tell(NO_STORY, messages)), now)

test('each party has its lane; only the customer has a mood', () => {
  const { said: spans, mood } = strip([said(1, 2, { emotion: 'ANGRY', emotion_p: { ANGRY: 0.8 } }), said(2, 5, { party: 'agent', emotion: 'ANGRY' })])
  assert.deepEqual(spans.map(one => [one.party, one.tone, one.from, one.to]), [['customer', 'angry', 2, 4], ['agent', 'agent', 5, 7]])
  assert.deepEqual(mood, [[2, 4, 'ANGRY', 0.8]])
})

test('silence, hold and lost audio are stretches; what still goes on lasts until now', () => {
  const quiet = messages => strip(messages).quiet.map(({ from, to, kind }) => [from, to, kind])
  assert.deepEqual(quiet([{ type: 'silence', since: 4, lasted: 2, ended: true }]), [[4, 6, 'pause']])
  assert.deepEqual(quiet([{ type: 'hold', at: 10 }, { type: 'unhold', at: 30 }, { type: 'stalled', at: 90 }]), [[10, 30, 'hold'], [90, 100, 'stalled']])
  assert.deepEqual(quiet([{ type: 'hold', at: 10 }, { type: 'call_ended', at: 40, reason: 'hangup' }]), [[10, 40, 'hold']])
})

test('the keys stop at everything but drafts, or at alerts and prompts alone', () => {
  const stops = stops_of(tell(NO_STORY, [said(1, 2), alert(5), said(2, 8), { ...said(3, 12), type: 'draft' }]))
  assert.deepEqual(stops.map(stop => stop.at), [2, 5, 8])
  assert.equal(stop_from(stops, '', 1).at, 8)
  assert.equal(stop_from(stops, 'u2', -1).at, 5)
  assert.equal(stop_from(stops, 'u2', 1).at, 8)
  assert.equal(stop_from(stops, 'u2', -1, true).at, 5)
  assert.equal(stop_from(stops, 'u1', -1, true).at, 2)
  assert.equal(stop_from([], '', 1), undefined)
  assert.equal(nearest(stops, 3.9).at, 2)
  assert.equal(nearest(stops, 6).at, 5)
})

test('what is in sight follows the call, whole or its end, and stands still where someone looks back', () => {
  assert.deepEqual(view_of({ span: RECENT, end: null }, 3600), { from: 3420, to: 3600 })
  assert.deepEqual(view_of({ span: 0, end: null }, 3600), { from: 0, to: 3600 })
  assert.deepEqual(view_of({ span: RECENT, end: null }, 10), { from: 0, to: 60 })
  const back = moved({ span: RECENT, end: null }, 3600, -600)
  assert.deepEqual(view_of(back, 3700), { from: 2820, to: 3000 })
  assert.deepEqual(moved(back, 3600, 9999), { span: RECENT, end: null })
  assert.deepEqual(view_of(moved(back, 3600, -9999), 3600), { from: 0, to: RECENT })
})

test('zooming keeps the place under the pointer, and ends at the whole call', () => {
  const near = zoomed({ span: 0, end: null }, 3600, 0.5, 900)
  assert.deepEqual(view_of(near, 3600), { from: 450, to: 2250 })
  assert.deepEqual(zoomed(near, 3600, 4, 900), { span: 0, end: null })
  const nearest_of_all = view_of(zoomed({ span: 25, end: 500 }, 3600, 0.01, 490), 3600)
  assert.equal(nearest_of_all.to - nearest_of_all.from, 20)
  assert.equal(showing(near, 3600, 500), near)
  const shown = view_of(showing(near, 3600, 3000), 3600)
  assert.ok(shown.from < 3000 && shown.to > 3000)
})

test('the curve as columns: a value in the column of its tone, nothing between runs', () => {
  const runs = [{ tone: 'neutral', points: [[0, 0.1], [0.5, 0.1]] }, { tone: 'angry', points: [[0.5, 0.9], [1, 0.9]] }]
  assert.deepEqual(columns(runs, { from: 100, to: 200 }, ['neutral', 'angry']), [
    [100, 150, 150, 150, 200], [0.1, 0.1, null, null, null], [null, null, null, 0.9, 0.9]])
  assert.deepEqual(columns([], { from: 0, to: 60 }, ['neutral']), [[], []])
})

test('an alert brings its clips, and keeps them when a revision names others', () => {
  const clip = (from, to) => ({ start: from, end: to, clip: `/api/v1/calls/c/clip?from=${from}&to=${to}` })
  const story = tell(NO_STORY, [alert(20, { evidence: [clip(10, 18), { start: 1, end: 2 }] }), alert(20, { evidence: [clip(14, 22)] }), alert(50, { evidence: [clip(43, 51)] })])
  const clips = clips_of(story)
  assert.deepEqual(clips.map(({ from, to }) => [from, to]), [[10, 18], [14, 22], [43, 51]])
  assert.equal(clip_at(clips, 15).from, 14)
  assert.equal(clip_at(clips, 30), null)
  assert.equal(nearest_clip(clips, 30).from, 14)
  assert.equal(nearest_clip([], 30), null)
})
