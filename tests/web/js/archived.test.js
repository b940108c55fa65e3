import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told_of } from '../../../web_dashboard/static/js/archived.js'
import { in_order } from '../../../web_dashboard/static/js/call-story.js'
import { clips_of } from '../../../web_dashboard/static/js/time-line.js'

const said = (utterance, start, text, more = {}) => ({
  utterance, party: 'customer', start, end: start + 2, text, emotion: 'ANGRY', feels: { ANGRY: 0.9, HAPPY: 0.1 }, events: [], unheard: '', ...more,
})
const archived = {
  call: { id: 7, call_id: 'c1', began: '2026-11-24T08:00:00.000Z', ended: '2026-11-24T08:10:00.000Z', duration: 600, reason: 'ended', agent_id: '8001' },
  sentences: [said(1, 10, '早的'), said(2, 500, '晚的'), said(3, 510, '', { unheard: 'shed', feels: {} })],
  silences: [{ since: 502, lasted: 3, ended: true }],
  holds: [{ kind: 'hold', at: 520 }, { kind: 'stalled', at: 530 }, { kind: 'resumed', at: 540 }, { kind: 'swapped', at: 550 }, { kind: 'as_told', at: 560 }],
  alerts: [{ type: 'alert', id: 'a', severity: 'high', state: 'resolved', kind: 'ANGRY', at: 503, since: 500, evidence: [{ start: 500, end: 502, party: 'customer', clip: '/api/v1/calls/c1/clip?from=498.0&to=505.0' }, { start: 1, end: 2 }] }],
  prompts: [], messages: [],
}

test('an archived call reads like a live one', () => {
  const { story, call } = told_of(archived)
  assert.deepEqual(in_order(story).map(({ key, kind }) => [key, kind]), [
    ['u1', 'sentence'], ['u2', 'sentence'], ['s502', 'pause'], ['a:high', 'alert'], ['u3', 'mark'], ['story.hold@520', 'mark'],
    ['story.stalled@530', 'mark'], ['story.resumed@540', 'mark'], ['story.swapped@550', 'mark'], ['story.as_told@560', 'mark'], ['story.ended@600', 'mark'],
  ])
  assert.equal(story.get('u3').reason, 'shed')
  assert.equal(story.get('story.swapped@550').by, null)
  assert.deepEqual([call.at, call.ended, call.mood.length], [600, true, 1])
})

test('its sound is asked of the archive', () => {
  assert.deepEqual(clips_of(told_of(archived).story), [{ src: '/api/v1/archive/calls/7/clip?from=498.0&to=505.0', from: 498, to: 505 }])
})

test('a call whose end was never told lasts until its last sentence', () => {
  const { call } = told_of({ ...archived, call: { ...archived.call, ended: '', duration: 0 } })
  assert.deepEqual([call.at, call.ended], [512, false])
})
