import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STEP, first_drawn, reaching, since_of, step_back } from '../../../web_dashboard/static/js/lookback.js'

const call = count => Array.from({ length: count }, (_, index) => ({ key: `u${index}`, at: 5 * index }))
const entries = call(700)

test('a short call is drawn whole, of a long one the newest', () => {
  assert.equal(first_drawn([], null), 0)
  assert.equal(first_drawn(call(STEP), null), 0)
  assert.equal(first_drawn(call(STEP + 1), null), 1)
  assert.equal(first_drawn(entries, null), 550)
  assert.equal(first_drawn(call(701), null), 551) // one leaves for each one that comes
})

test('it goes back step by step to the first', () => {
  const firsts = []
  for (let since = null; first_drawn(entries, since) > 0; firsts.push(first_drawn(entries, since))) since = step_back(entries, first_drawn(entries, since))
  assert.deepEqual(firsts, [400, 250, 100, 0])
})

test('what is held stays drawn while the call goes on, and what comes late into it is drawn', () => {
  const since = since_of(entries, 550)
  assert.equal(first_drawn(call(900), since), 550)
  assert.equal(first_drawn([...entries.slice(0, 560), { key: 'a-1', at: 2799 }, ...entries.slice(560)], since), 550)
  assert.equal(first_drawn(entries, since_of(entries, 690)), 550) // never fewer than the newest
  assert.equal(first_drawn(entries, 99_999), 550)
  assert.equal(since_of([], 0), null)
})

test('a place that is pointed at is brought in by whole steps', () => {
  const reached = key => first_drawn(entries, reaching(entries, 550, key))
  assert.deepEqual(['u549', 'u400', 'u399', 'u12', 'u0'].map(reached), [400, 400, 250, 0, 0])
  assert.deepEqual(['u550', 'u699', 'none', ''].map(key => reaching(entries, 550, key)), [null, null, null, null])
})

test('of what stands at the same second, all is drawn', () => {
  const twins = entries.map(entry => ({ ...entry, at: Math.floor(entry.at / 10) }))
  assert.equal(first_drawn(twins, step_back(twins, 551)), 400)
})
