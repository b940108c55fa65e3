import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_STORY, in_order, last_whisper, tell, tell_over } from '../../../web_dashboard/static/js/call-story.js'
import { last_words, live_call, present_messages, present_prompt } from '../../../web_dashboard/static/js/agent-call.js'
import { NO_FILTERS, conditions, from_address, matches, offered, passes, pick_in, to_address } from '../../../web_dashboard/static/js/find.js'
import { home_of } from '../../../web_dashboard/static/js/home.js'
import { Offset, wait_before } from '../../../web_dashboard/static/js/feed.js'

const said = (utterance, start, fields = {}) => ({ type: 'transcript', utterance, party: 'customer', start, end: start + 2, text: `${utterance}`, emotion: 'NEUTRAL', events: [], ...fields })
const silence = (since, lasted, ended = true) => ({ type: 'silence', since, lasted, ended })
const kinds = story => in_order(story).map(entry => entry.kind)

test('told twice, it says it once, in the order of the call', () => {
  const messages = [said(2, 10), said(1, 2), silence(4.2, 3)]
  const story = tell(tell(NO_STORY, messages), messages)
  assert.deepEqual(kinds(story), ['sentence', 'pause', 'sentence'])
  assert.deepEqual(in_order(story).map(entry => entry.at), [2, 4.2, 10])
})

test('a sentence before a pause says so; a short silence is none', () => {
  assert.equal(in_order(tell(NO_STORY, [said(1, 2), silence(4, 1.2)]))[0].paused, true)
  assert.equal(in_order(tell(NO_STORY, [said(1, 2), silence(4, 1.1)]))[0].paused, false)
  assert.equal(in_order(tell(NO_STORY, [said(1, 2), said(2, 5), silence(8, 2)]))[0].paused, false)
})

test('a silence that grows stays one pause', () => {
  const story = tell(tell(NO_STORY, [silence(4, 2, false)]), [silence(4, 5.2)])
  assert.deepEqual(in_order(story).map(entry => [entry.lasted, entry.open]), [[5.2, false]])
})

test('an alert stands where it was raised, and where it became graver', () => {
  const raised = { type: 'alert', id: 'a', at: 10, kind: 'ANGRY', severity: 'high', state: 'active' }
  const graver = { ...raised, at: 40, severity: 'critical' }
  const entries = in_order(tell(NO_STORY, [raised, { ...raised, at: 20 }, graver, { ...graver, at: 50 }]))
  assert.deepEqual(entries.map(entry => [entry.at, entry.severity]), [[10, 'high'], [40, 'critical']])
})

test('a swap stands in the story with who did it', () => {
  const swapped = { type: 'swapped', swapped: true, by: '林岚', at: 83 }
  const [there, back] = in_order(tell(NO_STORY, [swapped, { ...swapped, swapped: false, by: '', at: 90 }]))
  assert.deepEqual([there.at, there.kind, there.word, there.by], [83, 'mark', 'story.swapped', '林岚'])
  assert.deepEqual([back.at, back.kind, back.word, back.by], [90, 'mark', 'story.as_told', ''])
})

const whisper = { type: 'message', id: 'm', call_id: 'c', from: '林岚', text: '可以直接换', seen: false, at: 12 }

test('a whisper stands where it was said, and what was seen stays seen', () => {
  assert.equal(last_whisper(NO_STORY), null)
  const story = tell(NO_STORY, [said(1, 2), whisper, said(2, 20)])
  assert.deepEqual(kinds(story), ['sentence', 'whisper', 'sentence'])
  assert.equal(last_whisper(story).seen, false)
  const seen = tell(story, [{ ...whisper, seen: true }, whisper])
  assert.equal(last_whisper(seen).seen, true)
  assert.equal(last_whisper(tell(seen, [{ ...whisper, id: 'n' }])).seen, false)
})

test('the panel shows the newest three messages about the call that goes on', () => {
  const messages = new Map(['a', 'b', 'c', 'd'].map(id => [id, { ...whisper, id }]))
  messages.set('x', { ...whisper, id: 'x', call_id: 'other' })
  assert.deepEqual(present_messages(messages, { call_id: 'c' }).map(one => one.id), ['b', 'c', 'd'])
  assert.deepEqual(present_messages(messages, null), [])
})

const draft = (utterance, start, end, text) => ({ type: 'draft', utterance, party: 'customer', start, end, text, emotion: 'ANGRY', events: ['Laughter'] })

test('a draft is replaced by a longer one, then by the sentence of its number, which it never replaces', () => {
  const first = tell(NO_STORY, [draft(7, 10, 11.5, '那你现在')])
  const longer = tell(first, [draft(7, 10, 13, '那你现在就给我'), draft(7, 10, 11.5, '那你现在')])
  assert.deepEqual(in_order(longer).map(({ kind, text }) => [kind, text]), [['draft', '那你现在就给我']])
  assert.deepEqual(Object.keys(longer.get('u7')).sort(), ['at', 'end', 'key', 'kind', 'party', 'text'])
  const over = tell(longer, [said(7, 10), draft(7, 10, 14.5, '那你现在就给我退')])
  assert.deepEqual(in_order(over).map(({ kind, text }) => [kind, text]), [['sentence', '7']])
  const unheard = tell(longer, [{ type: 'unheard', utterance: 7, start: 10, reason: 'shed' }])
  assert.deepEqual(kinds(unheard), ['mark'])
})

test('a draft that nobody will finish goes with its call', () => {
  const story = tell(NO_STORY, [said(6, 1), draft(7, 10, 13, '那'), { type: 'call_ended', at: 14, reason: 'ended' }])
  assert.deepEqual(kinds(story), ['sentence', 'mark'])
})

test('what is fetched is told before what came meanwhile, but knows better than a draft', () => {
  const meanwhile = tell(NO_STORY, [said(8, 20), draft(7, 10, 13, '那'), draft(9, 24, 26, '再')])
  const story = tell_over(tell(NO_STORY, [said(6, 1), said(7, 10)]), meanwhile)
  assert.deepEqual(in_order(story).map(entry => [entry.kind, entry.key]), [['sentence', 'u6'], ['sentence', 'u7'], ['sentence', 'u8'], ['draft', 'u9']])
})

const call = fields => ({ call_id: 'c', started: '2026-11-22T08:00:00Z', ended: false, activity: 'talking', recent: [], ...fields })

test("the agent's call is the latest that goes on", () => {
  const calls = new Map([['old', call({ call_id: 'old' })], ['new', call({ call_id: 'new', started: '2026-11-22T09:00:00Z' })], ['over', call({ call_id: 'over', started: '2026-11-22T10:00:00Z', ended: true })]])
  assert.equal(live_call(calls).call_id, 'new')
  assert.equal(live_call(new Map()), null)
  const prompts = new Map([['p', { id: 'p', call_id: 'old', state: 'accepted', at: 5, wall: '2026-11-22T09:30:00Z' }]])
  assert.equal(live_call(calls, prompts).call_id, 'old')
  assert.equal(live_call(calls, prompts, new Set(['p'])).call_id, 'new')
})

test('an accepted prompt stays until the customer speaks again or it is put away', () => {
  const prompts = new Map([['p', { id: 'p', call_id: 'c', state: 'accepted', at: 20 }]])
  assert.equal(present_prompt(prompts, call()).id, 'p')
  assert.equal(present_prompt(prompts, call({ recent: [{ party: 'customer', start: 21 }] })), null)
  assert.equal(present_prompt(prompts, call(), new Set(['p'])), null)
  assert.equal(present_prompt(new Map([['q', { id: 'q', call_id: 'c', state: 'dismissed', at: 1 }]]), call()), null)
})

test("the customer's last two sentences", () => {
  const recent = ['一', '二', '三'].map((text, index) => ({ party: index === 1 ? 'agent' : 'customer', text }))
  assert.deepEqual(last_words(call({ recent, activity: 'silent' })).map(one => [one.text, one.paused]), [['一', false], ['三', true]])
})

test('search looks at agent, number and words; the address keeps it', () => {
  const found = { agent_name: '王晓敏', agent_id: '8001', queue: '', from: '138****0000', order_id: '', call_id: 'c', recent: [{ text: '差评', emotion: 'ANGRY', party: 'customer' }] }
  assert.ok(matches(found, '') && matches(found, '晓敏 差评') && matches(found, '[angry]'))
  assert.ok(!matches(found, '好评'))
  const view = { open: 'a b', only: 'angry', query: '退款', filters: { queue: ['售后', 'a&b'], agent: ['8001'], severity: ['high'], mood: ['angry'] }, hide: ['customer', 'words'] }
  assert.deepEqual(from_address(to_address(view)), view)
  assert.equal(to_address({ open: '', only: '', query: '', filters: NO_FILTERS, hide: [] }), '')
  assert.deepEqual(from_address('?hide=words&hide=agent&hide=customer').hide, ['customer', 'words'])
  assert.deepEqual(from_address('?severity=high&severity=grave&severity=high&mood=&queue=').filters, { ...NO_FILTERS, severity: ['high'] })
  assert.deepEqual([conditions(view), conditions({ only: '', query: ' ', filters: NO_FILTERS })], [7, 0])
})

test('a call passes if it is any of what is picked, in every filter', () => {
  const filters = fields => ({ ...NO_FILTERS, ...fields })
  const sounds = (emotion, alerts = []) => [{ queue: '售后', agent_id: '8001', mood: [[0, 2, emotion, 0.5]] }, alerts]
  const angry = [{ kind: 'ANGRY', severity: 'high', since: 0 }]
  assert.ok(passes(...sounds('NEUTRAL'), NO_FILTERS))
  assert.ok(passes(...sounds('NEUTRAL'), filters({ queue: ['售前', '售后'], agent: ['8001'] })))
  assert.ok(!passes(...sounds('NEUTRAL'), filters({ queue: ['售后'], agent: ['8002'] })))
  assert.ok(passes(...sounds('NEUTRAL', angry), filters({ severity: ['high', 'critical'], mood: ['angry'] })))
  assert.ok(!passes(...sounds('NEUTRAL', angry), filters({ severity: ['watch'] })))
  assert.ok(passes(...sounds('ANGRY'), filters({ mood: ['angry'] }))) // may be
  assert.ok(passes(...sounds('EMO_UNKNOWN'), filters({ mood: ['unknown'] })))
  assert.ok(!passes(...sounds('HAPPY'), filters({ mood: ['angry', 'sad'] })))
})

test('filters offer what the calls have, and what is picked though it has gone', () => {
  const calls = [{ queue: '售后', agent_id: '8001' }, { queue: '', agent_id: '8002' }]
  const { queue, agent } = offered(calls, { ...NO_FILTERS, agent: ['9', '8001'] })
  assert.deepEqual([...queue.keys()], ['售后'])
  assert.deepEqual([...agent].map(([id, call]) => [id, Boolean(call)]), [['9', false], ['8001', true], ['8002', true]])
  const picked = pick_in(pick_in(NO_FILTERS, 'agent', '8001', true), 'agent', '8001', true)
  assert.deepEqual(picked, { ...NO_FILTERS, agent: ['8001'] })
  assert.deepEqual(pick_in(picked, 'agent', '8001', false), NO_FILTERS)
})

test('a queue is found, picked and put back by every name it goes by', () => {
  const names = queue => (queue === 'after-sales' ? [queue, '售后', 'After-sales'] : [queue])
  const found = { agent_name: '', agent_id: '8001', queue: 'after-sales', order_id: '', call_id: 'c', recent: [], mood: [] }
  const picked = { ...NO_FILTERS, queue: ['售后'] }
  assert.ok(['售后', 'after-SALES', 'After 8001'].every(query => matches(found, query, names)))
  assert.ok(!matches(found, '售前', names) && !matches(found, '售后'))
  assert.ok(passes(found, [], picked, names) && passes(found, [], { ...NO_FILTERS, queue: ['after-sales'] }, names))
  assert.ok(!passes(found, [], { ...NO_FILTERS, queue: ['售前'] }, names) && !passes(found, [], picked))
  assert.deepEqual([...offered([found], picked, names).queue.keys()], ['after-sales'])
  assert.deepEqual([...offered([], picked, names).queue.keys()], ['售后'])
  assert.deepEqual(pick_in(picked, 'queue', 'after-sales', false, names('after-sales')), NO_FILTERS)
})

test('sign-in goes back to a page of ours and to no other', () => {
  const boss = { role: 'supervisor' }
  assert.equal(home_of(boss, '/agent/8001'), '/agent/8001')
  for (const next of [null, '//evil.example', '/\\evil', 'https://evil.example', '/login?next=/']) assert.equal(home_of(boss, next), '/')
  assert.equal(home_of({ role: 'agent', agent_id: '8 1' }, '/'), '/agent/8%201')
})

test('reconnects wait 0.25 to 5 s, less up to a half by chance', () => {
  assert.deepEqual([1, 2, 5, 6, 60].map(attempt => wait_before(attempt, () => 0)), [250, 500, 4000, 5000, 5000])
  assert.equal(wait_before(1, () => 1), 125)
})

test("the server's clock is read from the least delayed frame", () => {
  const offset = new Offset()
  offset.note(1000, 900)
  offset.note(2000, 1950)
  assert.equal(offset.milliseconds, 100)
})
