import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MANY, brought, drawn } from '../../../web_dashboard/static/js/window.js'

test('a short list is drawn whole, a long one in sight and a little around', () => {
  assert.deepEqual(drawn(MANY - 1, 48, { top: 0, height: 600 }), { first: 0, last: MANY - 1, above: 0, below: 0 })
  assert.deepEqual(drawn(500, 48, { top: 0, height: 480 }), { first: 0, last: 18, above: 0, below: 482 * 48 })
  assert.deepEqual(drawn(500, 48, { top: 4800, height: 480 }), { first: 92, last: 118, above: 92 * 48, below: 382 * 48 })
  assert.deepEqual(drawn(500, 48, { top: 24_000, height: 480 }), { first: 492, last: 500, above: 492 * 48, below: 0 })
  assert.deepEqual(drawn(500, 0, { top: 0, height: 480 }).last, 500)
})

test('what is drawn and the spaces are always as high as the list', () => {
  for (const top of [0, 13, 999, 23_000, 99_999]) {
    const { first, last, above, below } = drawn(500, 48, { top, height: 700 })
    assert.ok(first < last)
    assert.equal(above + (last - first) * 48 + below, 500 * 48)
  }
})

test('a row is brought into sight by the least way', () => {
  const sight = { top: 480, height: 480 }
  assert.equal(brought(12, 48, sight, 30), null)
  assert.equal(brought(2, 48, sight, 30), 96)
  assert.equal(brought(25, 48, sight, 30), 25 * 48 + 48 + 30 - 480)
})
