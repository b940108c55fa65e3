// What the agent's panel shows of its feed: the call that is going on, the prompt that counts, the
// customer's last sentences. Pure.
import { wall_ms } from './format.js'

/** The agent's live call, null between calls. Of several, the one with the newest prompt to show, else
 * the latest. */
export function live_call(calls, prompts = new Map(), hidden = new Set()) {
  const live = [...calls.values()].filter(call => !call.ended)
  const prompted = call => wall_ms(present_prompt(prompts, call, hidden)?.wall) || 0
  return live.sort((one, other) => prompted(other) - prompted(one) || wall_ms(other.started) - wall_ms(one.started))[0] || null
}

/** The prompt to show for `call`: the newest that is shown, or was accepted and the customer has not
 * spoken since. `hidden` are ids the agent has put away after accepting. */
export function present_prompt(prompts, call, hidden = new Set()) {
  if (!call) return null
  const spoken = call.recent.filter(said => said.party === 'customer').at(-1)?.start ?? -1
  const counts = prompt => prompt.state === 'shown' || (prompt.state === 'accepted' && !hidden.has(prompt.id) && spoken <= prompt.at)
  const mine = [...prompts.values()].filter(prompt => prompt.call_id === call.call_id && counts(prompt))
  return mine.sort((one, other) => other.at - one.at)[0] || null
}

/** What a supervisor whispers about `call` and the agent has not seen yet, the newest three, oldest first. */
export function present_messages(messages, call) {
  return call ? [...messages.values()].filter(message => message.call_id === call.call_id).slice(-3) : []
}

/** The agent's own call for help about `call` that is not dealt with yet, else null. */
export function present_help(alerts, call) {
  return (call && [...alerts.values()].find(alert => alert.kind === 'HELP' && alert.call_id === call.call_id)) || null
}

/** The customer's last two sentences, oldest first, each knowing whether a silence follows. */
export function last_words(call) {
  const said = call.recent
  const silent = call.activity === 'silent'
  const sentences = said.map((one, index) => ({ ...one, paused: silent && index === said.length - 1 }))
  return sentences.filter(one => one.party !== 'agent').slice(-2)
}

/** Sentences of an answer to GET /api/v1/calls/{id}, as `recent` holds them. */
export function sentences_of(events) {
  return events.filter(event => event.type === 'transcript')
    .map(({ party, text, emotion, events: sounds, at, start }) => ({ party, text, emotion, events: sounds, at, start }))
}
