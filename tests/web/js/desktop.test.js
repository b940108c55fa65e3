import assert from 'node:assert/strict'
import { test } from 'node:test'
import { to_tell } from '../../../web_dashboard/static/js/desktop.js'

const alert = (id, severity, fields = {}) => ({ id, severity, state: 'active', ...fields })

test('only what was chosen is told, and again only where it has become graver', () => {
  const alerts = [alert('a', 'critical'), alert('b', 'high'), alert('c', 'watch')]
  const ids = (choice, told) => to_tell(alerts, choice, told).map(one => one.id)
  assert.deepEqual(ids({ critical: true, high: false }, {}), ['a'])
  assert.deepEqual(ids({ critical: true, high: true }, {}), ['a', 'b'])
  assert.deepEqual(ids({ critical: true, high: true }, { a: 2, b: 2 }), ['a'])
  assert.deepEqual(ids({ critical: false, high: false }, {}), [])
  const again = [alert('a', 'critical', { escalations: 1 })]
  assert.deepEqual(to_tell(again, { critical: true }, { a: 3 }), again)
})
