// What an alert and a call are called on screen.
import { html } from '../vendor/lit.js'
import { age, long_span, span } from './format.js'
import { lasted, media_now } from './board-state.js'
import { language, pick, say } from './language.js'
import { mark } from './icons.js'
import { spoken_in, tags } from './richtext.js'
import { waits, worse } from './risk.js'
import { words } from './words.js'

/** "客户生气了": what has happened, in plain words. */
export function title_of(kind, severity) {
  const graver = `title.${kind}.${severity}`
  return say(graver in words ? graver : `title.${kind}`)
}

export const agent_of = call => call.agent_name || (call.agent_id ? say('who.agent', call.agent_id) : say('who.nobody'))

/** A queue's name: the gateway's own, but for the common ones in the interface's language. */
export const queue_of = ({ queue }) => (`queue.${queue}` in words ? say(`queue.${queue}`) : queue)

/** Everything a queue goes by: what the gateway says, and what is shown for it in either language, so that an address can be sent on. */
export const queue_names = queue => [queue, ...(words[`queue.${queue}`] || [])]

/** "王晓敏 8001": whose call an alert or a call is. */
export const who = of => (of.agent_name && of.agent_id ? `${of.agent_name} ${of.agent_id}` : agent_of(of))

export const is_mine = (owner, me) => Boolean(owner) && (owner === me.name || owner === me.shown)

/** "待接手 0:18", "陈洁 处理中", "陈洁接手后更严重了". */
export function state_of(alert, now, me) {
  if (worse(alert)) return say('alert.worse', alert.owner)
  if (waits(alert)) return say('alert.waiting', age((now - alert.raised) / 1000))
  return is_mine(alert.owner, me) ? say('alert.yours') : say('alert.owner', alert.owner)
}

export function severity_of({ severity, state = 'active', owned_severity }, word = `sev.${severity}`) {
  const taken = !waits({ severity, state, owned_severity })
  return html`<span class=${`sev sev-${severity} ${taken ? 'is-taken' : ''}`}>${mark(severity, taken)}<span>${say(word)}</span></span>`
}

/** A sentence with its tags, in the language it was spoken in. */
export function sentence(said, paused = false) {
  return html`<span lang=${spoken_in(said.text)}>${said.text}</span>${tags(said, paused).map(tag_of)}`
}

const tag_of = tag => html`<span class=${`tag tag-${tag.toLowerCase()}`}>[${tag}]</span>`

/** Whether somebody asked for it: no rule raised it, and nothing that was said. */
export const asked_for = ({ kind }) => kind === 'HELP'

/** Why it was raised, and by which rule: [sentence, rule]. */
export function reason_of(alert) {
  if (asked_for(alert)) return [pick(alert.why), '']
  const { rule, rule_version, latency_ms } = alert
  const late = latency_ms > 0 ? (latency_ms / 1000).toFixed(1) : ''
  return [pick(alert.why), late ? say('alert.rule.late', rule, rule_version, late) : say('alert.rule', rule, rule_version)]
}

/** What goes on in a call: [icon, words]. */
export function now_of(call, now) {
  if (call.ended) return ['hold', say('now.ended')]
  switch (call.activity) {
    case 'silent': return ['silence', say('now.silent', span(lasted(call, now), language()))]
    case 'hold': return ['hold', say('now.hold', age(lasted(call, now)))]
    case 'stalled': return ['broken', say('now.stalled', span(lasted(call, now), language()))]
    default: return ['speak', say(call.speaker ? `now.${call.speaker}` : 'now.nobody')]
  }
}

/** "持续 2:04", "有所缓和", or nothing. */
export function mood_for(mood, call, now) {
  if (mood.easing) return say('mood.easing')
  if (mood.since === null) return ''
  return say('mood.for', age(media_now(call, now) - mood.since))
}

export const for_long = milliseconds => long_span(milliseconds / 1000, language())
