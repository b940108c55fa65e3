import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTHING, from_address, inserted, is_nothing, marked, query_of, to_address } from '../../../web_dashboard/static/js/asking.js'

process.env.TZ = 'Asia/Shanghai'
const asked = { ...NOTHING, q: '[ANGRY] AND 退货', agent: '8001', party: 'customer', since: '2026-11-01', until: '2026-11-24', length: '60-300' }

test('the address keeps what is asked for, and nothing that makes no sense', () => {
  assert.deepEqual(from_address(to_address(asked)), asked)
  assert.equal(to_address(NOTHING), '')
  assert.deepEqual(from_address('?party=boss&length=7&since=yesterday&until=2026&x=1'), NOTHING)
  assert.ok(is_nothing(NOTHING) && !is_nothing({ ...NOTHING, queue: 'vip' }))
})

test("the server is asked for the reader's days and for seconds", () => {
  const query = new URLSearchParams(query_of(asked))
  assert.equal(query.get('q'), '[ANGRY] AND 退货')
  assert.equal(query.get('since'), '2026-10-31T16:00:00.000Z')
  assert.equal(query.get('until'), '2026-11-24T16:00:00.000Z')
  assert.deepEqual([query.get('longer'), query.get('shorter')], ['60', '300'])
  assert.deepEqual([query.get('limit'), query.get('before'), query.get('order')], ['50', null, null])
  const [first, last] = ['0-60', '900-'].map(length => new URLSearchParams(query_of({ ...NOTHING, length }, 7)))
  assert.deepEqual([first.get('longer'), first.get('shorter'), first.get('before')], [null, '60', '7'])
  assert.deepEqual([last.get('longer'), last.get('shorter')], ['900', null])
})

test('a piece is put in where the cursor is, apart from its neighbours', () => {
  assert.deepEqual(inserted('', '[SAD]', 0, 0), { text: '[SAD] ', at: 6 })
  assert.deepEqual(inserted('退货', 'AND', 2, 2), { text: '退货 AND ', at: 7 })
  assert.deepEqual(inserted('(退货)', '[SAD]', 1, 1), { text: '([SAD] 退货)', at: 7 })
  assert.deepEqual(inserted('退货 [SAD] 退款', '[ANGRY]', 3, 8), { text: '退货 [ANGRY] 退款', at: 11 })
})

test('the wrong character is marked, counted as the server counts', () => {
  assert.deepEqual(marked('退 [X]', 3), ['退 ', '[', 'X]'])
  assert.deepEqual(marked('(退', 3), ['(退', '', ''])
  assert.deepEqual(marked('😀 (', 3), ['😀 ', '(', ''])
})
