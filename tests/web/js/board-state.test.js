import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY, fold, lasted, length, media_now, upset } from '../../../web_dashboard/static/js/board-state.js'

const NOW = '2026-11-22T08:30:10.000Z'
const MS = Date.parse(NOW)
const later = seconds => new Date(MS + seconds * 1000).toISOString()
const freeze = value => {
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) if (inner && typeof inner === 'object') freeze(inner)
  return Object.freeze(value)
}

const call = fields => ({
  call_id: 'c', agent_id: '8001', agent_name: '', queue: '', from: '', order_id: '', record: true, started: later(-60), at: 60,
  ended: false, activity: 'talking', speaker: 'customer', since: 58, last: null, mood: [], ...fields,
})
const alert = fields => ({ type: 'alert', id: 'a', rev: 1, call_id: 'c', severity: 'high', state: 'active', since: 50, at: 60, wall: NOW, ...fields })
const snapshot = fields => ({ type: 'snapshot', last: '1-0', now: NOW, status: {}, calls: [call()], alerts: [], prompts: [], ...fields })
const said = fields => ({
  type: 'transcript', call_id: 'c', utterance: 1, party: 'customer', start: 61, end: 63, at: 63, text: '你好', emotion: 'NEUTRAL',
  emotion_p: { NEUTRAL: 1 }, events: [], wall: later(3), ...fields,
})
const start = (fields = {}) => freeze(fold(EMPTY, snapshot(fields)))
const after = (state, ...events) => freeze(fold(state, { type: 'events', last: '2-0', now: later(3), events }))
const the_call = state => state.calls.get('c')

test('a snapshot replaces what was there and nothing is changed in place', () => {
  const before = start()
  const next = fold(before, snapshot({ calls: [call({ call_id: 'other' })], last: '9-0' }))
  assert.deepEqual([...next.calls.keys()], ['other'])
  assert.deepEqual([...before.calls.keys()], ['c'])
  assert.equal(next.last, '9-0')
})

test('a sentence is the last words, a mark on the curve, and says who speaks', () => {
  const state = after(start(), said({ emotion: 'ANGRY', emotion_p: { ANGRY: 0.8, SAD: 0.1 } }))
  const { last, mood, activity, speaker, recent, at } = the_call(state)
  assert.equal(last.text, '你好')
  assert.deepEqual(mood, [[61, 63, 'ANGRY', 0.9]])
  assert.deepEqual([activity, speaker, at], ['talking', 'customer', 63])
  assert.equal(recent.length, 1)
})

test("the agent's sentences leave no mark on the curve", () => {
  assert.deepEqual(the_call(after(start(), said({ party: 'agent', emotion: 'ANGRY' }))).mood, [])
})

test('a sentence that was said before the silence does not end it', () => {
  const silent = { type: 'silence', call_id: 'c', since: 63, lasted: 1.2, ended: false, at: 64.2, wall: later(4) }
  assert.equal(the_call(after(start(), silent, said())).activity, 'silent')
  assert.equal(the_call(after(start(), silent, said({ start: 66, end: 67, at: 67 }))).activity, 'talking')
  const over = { ...silent, lasted: 3, ended: true, at: 66 }
  assert.deepEqual([the_call(after(start(), silent, over)).activity, the_call(after(start(), silent, over)).since], ['talking', 66])
})

test('on hold, nothing counts as silence', () => {
  const hold = { type: 'hold', call_id: 'c', at: 64, wall: later(4) }
  const silent = { type: 'silence', call_id: 'c', since: 64, lasted: 2, ended: false, at: 66, wall: later(6) }
  const state = after(start(), hold, silent)
  assert.equal(the_call(state).activity, 'hold')
  assert.equal(the_call(after(state, { ...hold, type: 'unhold', at: 70 })).activity, 'talking')
})

test('who swapped the parties last, and when, is known', () => {
  const swapped = { type: 'swapped', call_id: 'c', swapped: true, by: '林岚', at: 83, wall: later(23) }
  const state = after(start(), swapped)
  assert.deepEqual(the_call(state).swapped, { swapped: true, by: '林岚', at: 83 })
  assert.equal(the_call(state).at, 83)
  assert.deepEqual(the_call(after(state, { ...swapped, swapped: false, by: '', at: 90 })).swapped, { swapped: false, by: '', at: 90 })
})

test('the highest revision of an alert is the truth, whatever comes later', () => {
  const state = after(start(), alert({ rev: 2, state: 'acknowledged', owner: '林岚' }), alert({ rev: 1 }))
  assert.equal(state.alerts.get('a').owner, '林岚')
})

test('a closed alert leaves', () => {
  for (const closed of ['resolved', 'false_alarm']) {
    assert.equal(after(start({ alerts: [alert()] }), alert({ rev: 2, state: closed })).alerts.size, 0)
  }
})

test('an alert counts its age from its first revision, over reconnects too', () => {
  const state = after(start(), alert({ wall: later(1) }), alert({ rev: 2, wall: later(9) }))
  assert.equal(state.alerts.get('a').raised, MS + 1000)
  const again = fold(state, snapshot({ alerts: [alert({ rev: 2, wall: later(9) })] }))
  assert.equal(again.alerts.get('a').raised, MS + 1000)
})

test('an alert first seen at a later revision is as old as the server says', () => {
  const seen = start({ alerts: [alert({ rev: 5, raised_at: later(2), wall: later(30) })] })
  assert.equal(seen.alerts.get('a').raised, MS + 2000)
})

test('a call that starts, and one that ends', () => {
  const message = { type: 'call_started', call_id: 'new', agent_id: '8002', queue: 'q', from: '138****0000', order_id: '', record: false, wall: NOW, at: 0 }
  const state = after(start(), message, { type: 'call_ended', call_id: 'c', at: 70, reason: 'ended', wall: NOW })
  assert.equal(state.calls.get('new').from, '138****0000')
  assert.equal(the_call(state).ended, true)
  assert.equal(length(the_call(state), MS + 99_000), 70)
})

test('a call that comes back keeps what was heard of it', () => {
  const back = { type: 'call_started', call_id: 'c', agent_id: '8001', queue: '', order_id: '', record: true, wall: later(9), at: 0 }
  const state = after(start(), said(), { type: 'call_ended', call_id: 'c', at: 70, reason: 'lost', wall: NOW }, back)
  assert.equal(the_call(state).ended, false)
  assert.equal(the_call(state).last.text, '你好')
})

test('prompts come and are replaced', () => {
  const prompt = { type: 'prompt', id: 'p', call_id: 'c', state: 'shown', at: 65 }
  assert.equal(after(start(), prompt).prompts.get('p').state, 'shown')
  assert.equal(after(start(), prompt, { ...prompt, state: 'replaced' }).prompts.size, 0)
})

test('messages of unknown types and of unknown calls change nothing', () => {
  const state = after(start(), { type: 'checklist', call_id: 'c', items: [] }, said({ call_id: 'nobody' }))
  assert.deepEqual(the_call(state).recent, [])
  assert.equal(fold(state, { type: 'weather' }), state)
})

test('clocks: media time runs on, but not on a line that has stalled', () => {
  const state = start({ calls: [call({ activity: 'silent', since: 57 })] })
  assert.equal(lasted(the_call(state), MS + 4000), 7)
  const stalled = start({ calls: [call({ activity: 'stalled', since: 60 })] })
  assert.equal(media_now(the_call(stalled), MS + 4000), 60)
  assert.equal(lasted(the_call(stalled), MS + 4000), 4)
})

test('upset is the sum over what is upset; happy lies below the line', () => {
  assert.equal(upset({ emotion: 'ANGRY', emotion_p: { ANGRY: 0.5, FEARFUL: 0.25, DISGUSTED: 0.125, HAPPY: 0.1 } }), 0.875)
  assert.equal(upset({ emotion: 'HAPPY', emotion_p: { HAPPY: 0.7, SAD: 0.1 } }), -0.7)
  assert.equal(upset({ emotion: 'EMO_UNKNOWN' }), 0)
})

test('the checklist is the latest one told, from the snapshot or since', () => {
  const items = [{ id: 'greeting', label: { zh: '问候', en: 'Greeting' }, done: false, by: 0 }]
  const done = [{ ...items[0], done: true, by: 3 }]
  const state = start({ calls: [call({ checklist: items })] })
  assert.deepEqual(the_call(state).checklist, items)
  const ticked = after(state, { type: 'checklist', call_id: 'c', items: done, at: 62, wall: later(2) })
  assert.deepEqual(the_call(ticked).checklist, done)
  assert.deepEqual([the_call(ticked).at, the_call(ticked).activity], [62, 'talking'])
  const again = after(EMPTY, { type: 'call_started', call_id: 'c', agent_id: '8001', wall: NOW, at: 0 })
  assert.deepEqual(the_call(again).checklist, [])
})

test('messages to the agent are kept until they are seen, or their call is over', () => {
  const message = { type: 'message', id: 'm', call_id: 'c', agent_id: '8001', from: '林岚', text: '好', seen: false, at: 61, wall: NOW }
  const told = after(start(), message, { ...message, id: 'n' })
  assert.deepEqual([...told.messages.keys()], ['m', 'n'])
  assert.equal(the_call(told).at, 60)
  assert.deepEqual([...after(told, { ...message, seen: true }).messages.keys()], ['n'])
  assert.equal(after(told, { type: 'call_ended', call_id: 'c', at: 70, reason: 'ended', wall: NOW }).messages.size, 0)
  const again = start({ messages: [message, { ...message, id: 'n', seen: true }] })
  assert.deepEqual([...again.messages.keys()], ['m'])
  assert.equal(start().messages.size, 0) // an older server sends none
})

test('a call that is over leaves after ten minutes, with its prompts, unless an alert of it still waits', () => {
  const over = (id, wall) => ({ type: 'call_ended', call_id: id, at: 70, reason: 'ended', wall })
  const calls = [call(), call({ call_id: 'waits' }), call({ call_id: 'before', ended: true }), call({ call_id: 'live' })]
  const prompts = [{ type: 'prompt', id: 'p', call_id: 'c', state: 'accepted', at: 60 }]
  const alerts = [alert({ call_id: 'waits' }), alert({ id: 'taken', state: 'acknowledged' })]
  const ended = after(start({ calls, prompts, alerts }), over('c', NOW), over('waits', NOW))
  assert.equal(ended.prompts.size, 0)
  const at = seconds => fold(ended, { type: 'events', last: '3-0', now: later(seconds), events: [over('live', later(seconds))] })
  assert.deepEqual([...at(590).calls.keys()], ['c', 'waits', 'before', 'live'])
  assert.deepEqual([...at(601).calls.keys()], ['c', 'waits', 'live'])
  assert.deepEqual([...at(604).calls.keys()], ['waits', 'live'])
})
