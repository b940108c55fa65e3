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

test('a draft stands in its lane as a draft, whatever it sounds like, and adds nothing to the mood', () => {
  const { said: spans, mood } = strip([{ ...said(1, 2, { emotion: 'ANGRY' }), type: 'draft' }])
  assert.deepEqual(spans.map(one => [one.key, one.tone]), [['u1', 'draft']])
  assert.deepEqual(mood, [])
})

test('hold lasts from its first word until it is taken back, over, or the call is lost', () => {
  const quiet = (messages, now) => strip(messages, now).quiet.map(({ from, to, kind }) => [from, to, kind])
  const hold = { type: 'hold', at: 10 }
  assert.deepEqual(quiet([hold, { type: 'unheard', utterance: 3, start: 15, end: 16, reason: 'shed' }, { type: 'unhold', at: 30 }]), [[10, 30, 'hold']])
  assert.deepEqual(quiet([hold, { type: 'stalled', at: 20 }, { type: 'unhold', at: 30 }]), [[10, 30, 'hold']])
  assert.deepEqual(quiet([{ type: 'stalled', at: 20 }, { type: 'stalled', at: 26, ended: true }]), [[20, 26, 'stalled']])
  assert.deepEqual(quiet([hold, { type: 'call_ended', at: 40, reason: 'lost' }]), [[10, 40, 'hold']])
  assert.deepEqual(quiet([hold], 9), [[10, 10, 'hold']])
})

const prompt = at => ({ type: 'prompt', id: `p${at}`, at, title: { zh: '', en: '' }, state: 'shown' })
const whispered = at => ({ type: 'message', id: `m${at}`, at, from: '林岚', text: '好', seen: false })

test('alerts, prompts and whispers are pinned; whispers alone are no stop of the long step', () => {
  const messages = [alert(5), said(1, 6), prompt(10), whispered(12), said(2, 14)]
  assert.deepEqual(strip(messages).pinned.map(entry => entry.kind), ['alert', 'prompt', 'whisper'])
  const stops = stops_of(tell(NO_STORY, messages))
  assert.equal(stop_from(stops, '', -1, true).at, 10)
  assert.equal(stop_from(stops, 'u2', -1, true).at, 10)
})

test('of two stops that are as near the earlier one is meant', () => {
  assert.equal(nearest([{ at: 10 }, { at: 20 }], 15).at, 10)
  assert.equal(nearest([], 15), null)
})

test('what is in sight never leaves the call, however far someone looked or points', () => {
  assert.deepEqual(view_of({ span: 180, end: 50 }, 3600), { from: 0, to: 180 })
  assert.deepEqual(view_of({ span: 180, end: 9999 }, 3600), { from: 3420, to: 3600 })
  assert.deepEqual(moved({ span: 180, end: 300 }, 3600, -9999), { span: 180, end: 180 })
  // A place out of sight comes to the edge on its side.
  const around = (at, end) => view_of(zoomed({ span: 1000, end }, 3600, 0.5, at), 3600)
  assert.deepEqual(around(5000, 2000), { from: 3100, to: 3600 })
  assert.deepEqual(around(2000, 2000), { from: 1500, to: 2000 })
  assert.deepEqual(around(100, 3000), { from: 100, to: 600 })
  const wish = { span: 100, end: 1000 }
  assert.deepEqual(view_of(showing(wish, 3600, 500), 3600), { from: 450, to: 550 })
})

test('a clip begins a blink before its first word, ends before its last moment, and counts once', () => {
  const clip = (src, from, to) => ({ src, from, to })
  const [one, two] = [clip('a', 10, 18), clip('b', 18, 22)]
  assert.equal(clip_at([one, two], 9.96), one)
  assert.equal(clip_at([one, two], 9.9), null)
  assert.equal(clip_at([one], 18), null)
  const story = new Map([[1, { clips: [two, one] }], [2, { clips: [one, clip('c', 10, 20)] }]])
  assert.deepEqual(clips_of(story).map(({ src }) => src), ['a', 'c', 'b'])
})
