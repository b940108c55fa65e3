import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spoken_in, tags, written } from '../../../web_dashboard/static/js/richtext.js'

const said = fields => ({ party: 'customer', text: '这衣服尺码根本不对！', emotion: 'ANGRY', events: ['Speech'], ...fields })

test('a sentence is followed by its tags', () => {
  assert.equal(written(said()), '这衣服尺码根本不对！[ANGRY]')
  assert.equal(written(said(), true), '这衣服尺码根本不对！[ANGRY][SILENCE]')
  assert.equal(written(said({ emotion: 'HAPPY', events: ['Speech', 'Laughter', 'BGM'] })), '这衣服尺码根本不对！[HAPPY][LAUGHTER][BGM]')
})

test('no evidence is no tag', () => {
  for (const emotion of ['NEUTRAL', 'EMO_UNKNOWN', 'OTHER', undefined]) assert.deepEqual(tags(said({ emotion, events: ['Event_UNK', 'GBG'] })), [])
})

test("the agent's emotion is never written", () => {
  assert.deepEqual(tags(said({ party: 'agent', events: ['Cough'] })), ['COUGH'])
})

test('quotes carry the language they were spoken in', () => {
  assert.equal(spoken_in('我要退货 OK'), 'zh-CN')
  assert.equal(spoken_in('Where is my order?'), 'en')
})
