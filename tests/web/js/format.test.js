import assert from 'node:assert/strict'
import { test } from 'node:test'
import { age, ago, clock, duration, long_span, number, span } from '../../../web_dashboard/static/js/format.js'

test('length of a call', () => {
  assert.equal(duration(402.9), '06:42')
  assert.equal(duration(4002), '1:06:42')
  assert.equal(duration(-3), '00:00')
})

test('age of an alert', () => {
  assert.equal(age(18.4), '0:18')
  assert.equal(age(125), '2:05')
  assert.equal(age(754), '12:34')
  assert.equal(age(4002), '1:06:42')
})

test('a no-break space joins number and unit', () => {
  assert.equal(span(11.9, 'zh'), '11\u00a0秒')
  assert.equal(span(1.64, 'en', 1), '1.6\u00a0s')
})

test('long spans have at most two units', () => {
  assert.equal(long_span(38, 'zh'), '38\u00a0秒')
  assert.equal(long_span(102, 'zh'), '1\u00a0分 42\u00a0秒')
  assert.equal(long_span(3661, 'en'), '1\u00a0h 1\u00a0min')
  assert.equal(long_span(0, 'en'), '0\u00a0s')
})

test('ago, then the clock', () => {
  assert.equal(ago(0, 18_000, 'zh'), '18\u00a0秒前')
  assert.equal(ago(0, 190_000, 'en'), '3\u00a0min ago')
  assert.equal(ago(0, 3_600_000, 'zh'), clock(0))
  assert.equal(ago(5000, 0, 'zh'), '0\u00a0秒前')
})

test('large numbers', () => {
  assert.equal(number(9800, 'zh'), '9,800')
  assert.equal(number(20_000, 'zh'), '2\u00a0万')
  assert.equal(number(20_000, 'en'), '20,000')
})
