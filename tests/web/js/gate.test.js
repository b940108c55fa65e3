import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base_of, command_of, is_local } from '../../../web_dashboard/static/js/gate.js'

const door = fields => ({ host: '127.0.0.1', port: 9090, tls: false, ...fields })

test('the address is the one that is bound; bound to all, it is where the page came from', () => {
  assert.equal(base_of(door({}), 'board.example'), 'ws://127.0.0.1:9090')
  assert.equal(base_of(door({ host: '0.0.0.0', port: 9191, tls: true }), 'board.example'), 'wss://board.example:9191')
  assert.equal(base_of(door({ host: '::' }), '[2001:db8::1]'), 'ws://[2001:db8::1]:9090')
  assert.equal(base_of(door({ host: '::1' }), 'x'), 'ws://[::1]:9090')
  assert.equal(command_of(door({ port: 7000 }), 'x'), 'python run_server.py send --demo 1 --to ws://127.0.0.1:7000/raw')
})

test('who can get there', () => {
  assert.deepEqual(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '0.0.0.0', '10.0.0.8', '::'].map(host => is_local({ host })), [true, true, true, true, false, false, false])
})
