import assert from 'node:assert/strict'
import { test } from 'node:test'
import { home_of } from '../../../web_dashboard/static/js/home.js'

const boss = { role: 'supervisor', agent_id: '' }
const agent = { role: 'agent', agent_id: '8001/2' }

test('back to where one was', () => {
  assert.equal(home_of(boss, '/?call=c%2F1'), '/?call=c%2F1')
  assert.equal(home_of(boss, '/agent/8001'), '/agent/8001')
  assert.equal(home_of(agent, '/agent/8001'), '/agent/8001')
})

test('each role to its own page', () => {
  assert.equal(home_of(boss, null), '/')
  assert.equal(home_of(boss, '/login'), '/')
  assert.equal(home_of(agent, '/'), '/agent/8001%2F2')
})

test('never to another site, however it is written', () => {
  const elsewhere = ['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', '/\r\\evil.example',
    '\t//evil.example', 'https://evil.example', 'javascript:alert(1)', '//', '/\t/[', 'evil.example']
  for (const next of elsewhere) assert.equal(home_of(boss, next), '/', JSON.stringify(next))
})
