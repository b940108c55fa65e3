import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alerts_by_call, calmed, on_list, only, popups, ranked, rings, settled, urgency } from '../../../web_dashboard/static/js/risk.js'

const alert = (id, severity, fields = {}) => ({ id, call_id: id, severity, state: 'active', raised: 0, ...fields })
const map = (...alerts) => new Map(alerts.map(one => [one.id, one]))
const ids = alerts => alerts.map(one => one.id)
const call = (id, seconds) => ({ call_id: id, started: new Date(1e6 - seconds * 1000).toISOString() })

test('the gravest waiting alert first, then the longest call', () => {
  const by_call = alerts_by_call(map(alert('high', 'high'), alert('critical', 'critical'), alert('taken', 'critical', { state: 'acknowledged' })))
  const calls = [call('calm', 900), call('taken', 800), call('high', 20), call('older', 950), call('critical', 10)]
  assert.deepEqual(ranked(calls, by_call, 1e6), ['critical', 'high', 'taken', 'older', 'calm'])
})

test('while nothing may move, who is there stays and who is new comes last', () => {
  assert.deepEqual(settled(['a', 'b', 'c'], ['new', 'c', 'a']), ['a', 'c', 'new'])
})

test('watch never pops up; an alert someone has does not either', () => {
  const alerts = map(alert('w', 'watch'), alert('h', 'high'), alert('c', 'critical'), alert('t', 'high', { state: 'acknowledged' }))
  assert.deepEqual(ids(popups(alerts, {})), ['c', 'h'])
})

test('what was put away pops again only when its severity rises', () => {
  assert.deepEqual(ids(popups(map(alert('a', 'high', { count: 9 })), { a: 'high' })), [])
  assert.deepEqual(ids(popups(map(alert('a', 'critical')), { a: 'high' })), ['a'])
  assert.deepEqual(ids(popups(map(alert('a', 'high')), { a: 'critical' })), [])
})

test('an alert that nobody took pops and rings again when it is said again', () => {
  const again = alert('a', 'critical', { escalations: 1 })
  assert.deepEqual(ids(popups(map(again), { a: urgency(alert('a', 'critical')) })), ['a'])
  assert.deepEqual(ids(popups(map(again), { a: urgency(again) })), [])
  assert.deepEqual(ids(rings(map(again), { a: urgency(alert('a', 'critical')) })), ['a'])
  assert.deepEqual(ids(rings(map(again), { a: urgency(again) })), [])
})

test('each alert rings once per severity', () => {
  const alerts = map(alert('w', 'watch'), alert('h', 'high'))
  assert.deepEqual(ids(rings(alerts, {})).sort(), ['h', 'w'])
  assert.deepEqual(ids(rings(alerts, { h: 'high' })), ['w'])
  assert.deepEqual(ids(rings(map(alert('h', 'critical')), { h: 'high' })), ['h'])
})

test('what somebody has pops up and rings again once it is graver', () => {
  const taken = { id: 'a', call_id: 'c', state: 'acknowledged', owner: '林岚', severity: 'high', owned_severity: 'high', raised: 0 }
  const graver = { ...taken, severity: 'critical' }
  const seen = { a: urgency(taken) }
  assert.deepEqual(popups(new Map([['a', taken]]), {}), [])
  assert.deepEqual(popups(new Map([['a', graver]]), seen), [graver])
  assert.deepEqual(rings(new Map([['a', graver]]), seen), [graver])
  assert.deepEqual(popups(new Map([['a', { ...graver, owned_severity: '' }]]), {}), [])
})

test('a call that is over stays while its alert waits or it is open', () => {
  assert.equal(on_list({ ended: false }), true)
  assert.equal(on_list({ ended: true }), false)
  assert.equal(on_list({ ended: true }, [alert('a', 'high')]), true)
  assert.equal(on_list({ ended: true }, [alert('a', 'high', { state: 'acknowledged' })]), false)
  assert.equal(on_list({ ended: true }, [], true), true)
})

test('what a waiting summary lists does not pop beside it, unless it is said again', () => {
  const storm = alert('s', 'critical', { kind: 'STORM', members: ['a', 'b', 'c'] })
  const members = [alert('a', 'high'), alert('b', 'critical'), alert('c', 'high', { escalations: 1 }), alert('d', 'high')]
  assert.deepEqual(ids(popups(map(storm, ...members), {})).sort(), ['c', 'd', 's'])
  assert.deepEqual(ids(rings(map(storm, ...members), {})).sort(), ['c', 'd', 's'])
  const taken = { ...storm, state: 'acknowledged' }
  assert.deepEqual(ids(popups(map(taken, ...members), {})).sort(), ['a', 'b', 'c', 'd'])
})

test('what has calmed pops and rings again when it climbs', () => {
  const put_away = { a: 3, b: 2, gone: 3 }
  const followed = calmed(map(alert('a', 'high'), alert('b', 'critical')), put_away)
  assert.deepEqual(followed, { a: 2, b: 2, gone: 3 })
  assert.deepEqual(ids(popups(map(alert('a', 'high')), followed)), [])
  assert.deepEqual(ids(popups(map(alert('a', 'critical')), followed)), ['a'])
  assert.deepEqual(ids(rings(map(alert('a', 'critical')), followed)), ['a'])
  assert.equal(calmed(map(alert('a', 'critical')), put_away), put_away)
  assert.deepEqual(calmed(map(alert('a', 'high')), { a: 'critical' }), { a: 2 })
})

test('every kind of alert has its words', async () => {
  const { words } = await import('../../../web_dashboard/static/js/words.js')
  for (const kind of ['ANGRY', 'SILENCE', 'SAD', 'LAUGHTER', 'KEYWORD', 'TALKOVER', 'ESCALATION', 'STALLED', 'STORM']) {
    assert.ok(words[`kind.${kind}`] && words[`title.${kind}`], kind)
  }
})

test('what is over is forgotten, and nothing changes where nothing is', () => {
  const noted = { a: 2, over: 3 }
  assert.deepEqual(only(map(alert('a', 'high')), noted), { a: 2 })
  assert.equal(only(map(alert('a', 'high'), alert('over', 'high')), noted), noted)
})
