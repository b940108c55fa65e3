import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Drafts } from '../../../web_dashboard/static/js/drafts.js'

function house() {
  const opened = []
  const heard = []
  const drafts = new Drafts(draft => heard.push(draft), path => {
    const socket = { path, closed: false, close() { this.closed = true } }
    opened.push(socket)
    return socket
  })
  return { opened, heard, drafts }
}

test('one call at a time is heard, and none once nobody looks', () => {
  const { opened, heard, drafts } = house()
  drafts.follow('c/1')
  drafts.follow('c/1')
  assert.deepEqual(opened.map(socket => socket.path), ['/api/v1/calls/c%2F1/drafts'])
  opened[0].onmessage({ data: '{"utterance":7}' })
  assert.deepEqual(heard, [{ utterance: 7 }])
  drafts.follow('c2')
  assert.equal(opened[0].closed, true)
  assert.equal(opened[0].onmessage, null)
  drafts.follow('')
  assert.equal(opened[1].closed, true)
  assert.equal(opened.length, 2)
})

test('it comes again after a break, but not where it was told to go', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { opened, drafts } = house()
  drafts.follow('c1')
  opened[0].onclose({ code: 1006 })
  mock.timers.tick(5000)
  assert.equal(opened.length, 2)
  for (const code of [1000, 4401, 4403]) {
    opened.at(-1).onclose({ code })
    mock.timers.tick(60_000)
    assert.equal(opened.length, 2)
  }
  opened[1].onclose({ code: 1012 })
  drafts.follow('')
  mock.timers.tick(60_000)
  assert.equal(opened.length, 2)
  mock.timers.reset()
})
