// What the screens know: folds the feed's frames (docs/api.md) into a state. Pure: same state and
// frame, same result; nothing is changed in place, so that a component can compare by identity.
import { wall_ms } from './format.js'

const MOOD_SECONDS = 300
const ENDED_MS = 600_000 // as long as the server keeps a call that is over
const RECENT = 8
const UPSET = ['ANGRY', 'SAD', 'FEARFUL', 'DISGUSTED']
const CLOSED = new Set(['resolved', 'false_alarm'])
const GONE_PROMPTS = new Set(['replaced', 'expired'])

export const EMPTY = { last: '', server: 0, status: null, calls: new Map(), alerts: new Map(), prompts: new Map(), messages: new Map() }

/** The state after `frame`. Frames and messages of unknown types are left alone: a newer server may send them. */
export function fold(state, frame) {
  const server = wall_ms(frame.now) || state.server
  switch (frame.type) {
    case 'snapshot': return snapshot(state, frame, server)
    case 'events': return events({ ...state, server, last: frame.last }, frame.events)
    case 'status': return { ...state, server, status: frame.status }
    default: return state
  }
}

/** One message that came another way than the feed: the answer to a POST. */
export function fold_message(state, message) {
  return events(state, [message])
}

function snapshot(before, frame, server) {
  const calls = new Map(frame.calls.map(call => [call.call_id, seen_call(before, call, server)]))
  const alerts = new Map()
  for (const alert of frame.alerts) {
    if (!CLOSED.has(alert.state)) alerts.set(alert.id, raised(before.alerts.get(alert.id), alert))
  }
  const prompts = new Map(frame.prompts.map(prompt => [prompt.id, prompt]))
  const messages = new Map((frame.messages || []).filter(message => !message.seen).map(message => [message.id, message]))
  return { last: frame.last, server, status: frame.status, calls, alerts, prompts, messages }
}

function seen_call(before, call, server) {
  const recent = before.calls.get(call.call_id)?.recent || (call.last ? [{ ...call.last, start: call.last.at }] : [])
  return { ...call, heard: server, over: server, recent }
}

/** When an alert was raised, in the server's clock: later revisions keep it. */
function raised(known, alert) {
  return { ...alert, raised: known?.raised ?? wall_ms(alert.raised_at || alert.wall) }
}

function events(state, messages) {
  const next = {
    ...state, calls: new Map(state.calls), alerts: new Map(state.alerts), prompts: new Map(state.prompts), messages: new Map(state.messages),
  }
  for (const message of messages) apply(next, message)
  return next
}

function apply(state, message) {
  switch (message.type) {
    case 'alert': return apply_alert(state, message)
    case 'prompt': return apply_prompt(state, message)
    case 'call_started': return start(state, message)
    case 'message': return apply_message(state, message)
    case 'call_ended': return end(state, message)
    default: {
      const call = state.calls.get(message.call_id)
      if (call) state.calls.set(call.call_id, advance(say_or_turn(call, message), message, state.server))
    }
  }
}

function apply_alert(state, alert) {
  const known = state.alerts.get(alert.id)
  if (known && known.rev >= alert.rev) return
  if (CLOSED.has(alert.state)) state.alerts.delete(alert.id)
  else state.alerts.set(alert.id, raised(known, alert))
}

function apply_prompt(state, prompt) {
  if (GONE_PROMPTS.has(prompt.state)) state.prompts.delete(prompt.id)
  else state.prompts.set(prompt.id, prompt)
}

/** Only what the agent has not seen yet is kept. */
function apply_message(state, message) {
  if (message.seen) state.messages.delete(message.id)
  else state.messages.set(message.id, message)
}

function end(state, message) {
  change(state, message, { ended: true, over: state.server })
  const of_it = it => it.call_id === message.call_id
  drop(state.messages, of_it)
  drop(state.prompts, of_it)
  forget(state)
}

/** A page is open for days: calls leave it 10 minutes after their end, once none of their alerts waits. */
function forget(state) {
  const waiting = new Set([...state.alerts.values()].filter(alert => alert.state === 'active').map(alert => alert.call_id))
  const gone = call => call.ended && state.server - call.over >= ENDED_MS && !waiting.has(call.call_id)
  drop(state.calls, gone)
  drop(state.prompts, prompt => !state.calls.has(prompt.call_id))
}

function drop(map, which) {
  for (const [id, value] of [...map]) if (which(value)) map.delete(id)
}

function start(state, message) {
  const known = state.calls.get(message.call_id)
  const { call_id, agent_id, agent_name = '', queue, order_id, record, wall } = message
  const told = { call_id, agent_id, agent_name, queue, order_id, record, from: message.from || '' }
  const fresh = {
    at: 0, activity: 'talking', speaker: '', since: 0, last: null, mood: [], recent: [], checklist: [], swapped: null, started: wall, heard: state.server,
  }
  state.calls.set(call_id, { ...fresh, ...known, ...told, ended: false })
}

function change(state, message, fields) {
  const call = state.calls.get(message.call_id)
  if (call) state.calls.set(call.call_id, { ...call, ...fields, at: Math.max(call.at, message.at) })
}

/** Media time only moves on; when it was read is kept beside it. */
function advance(call, message, server) {
  if (!(message.at >= call.at)) return call
  return { ...call, at: message.at, heard: wall_ms(message.wall) || server }
}

function say_or_turn(call, message) {
  switch (message.type) {
    case 'transcript': return said(call, message)
    case 'silence': return silence(call, message)
    case 'checklist': return { ...call, checklist: message.items }
    case 'hold': return become(call, 'hold', message.at)
    case 'swapped': return { ...call, swapped: { swapped: message.swapped, by: message.by, at: message.at } }
    case 'stalled': return become(call, message.ended ? 'talking' : 'stalled', message.at)
    case 'unhold': return become(call, 'talking', message.at)
    default: return call
  }
}

function said(call, message) {
  const { party, text, emotion, events: sounds, at, start: from, end } = message
  const last = { party, text, emotion, events: sounds, at }
  const recent = [...call.recent, { ...last, start: from }].slice(-RECENT)
  const mood = party === 'customer' ? keep_mood([...call.mood, [from, end, emotion, upset(message)]], at) : call.mood
  const next = { ...call, last, recent, mood }
  // A sentence is recognized after it was said: by then the line may be silent or on hold.
  if (end <= call.since || (call.activity === 'talking' && call.speaker === party)) return next
  return become(next, 'talking', Math.max(from, call.since), party)
}

function silence(call, message) {
  if (message.ended) {
    return call.activity === 'silent' ? become(call, 'talking', message.since + message.lasted) : call
  }
  return ['talking', 'silent'].includes(call.activity) ? become(call, 'silent', message.since) : call
}

function become(call, activity, since, speaker = '') {
  return { ...call, activity, since, speaker }
}

const keep_mood = (mood, at) => mood.filter(sentence => sentence[1] >= at - MOOD_SECONDS)

/** How upset a sentence sounds, -1 to 1: the sum of p over what is upset, below zero where it sounds happy. */
export function upset({ emotion, emotion_p = {} }) {
  if (emotion === 'HAPPY') return -(emotion_p.HAPPY || 0)
  return UPSET.reduce((sum, label) => sum + (emotion_p[label] || 0), 0)
}

/** Media time of a call at server time `now` (ms): it runs on between messages, but not while no audio comes in. */
export function media_now(call, now) {
  if (call.ended || call.activity === 'stalled') return call.at
  return call.at + Math.max(0, now - call.heard) / 1000
}

/** Seconds that the present activity of a call has lasted. */
export function lasted(call, now) {
  if (call.activity === 'stalled') return call.at - call.since + Math.max(0, now - call.heard) / 1000
  return media_now(call, now) - call.since
}

/** Seconds since a call began. */
export function length(call, now) {
  return call.ended ? call.at : Math.max(0, (now - wall_ms(call.started)) / 1000) || 0
}
