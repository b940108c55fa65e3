// Which calls the list shows: words looked for, and the figure of the summary that was pressed. Pure.
import { written } from './richtext.js'

/** Whether each of the words of `query` is in the call's agent, queue, number, order or latest sentences. */
export function matches(call, query) {
  const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (!wanted.length) return true
  const { agent_name, agent_id, queue, order_id, call_id } = call
  const text = [agent_name, agent_id, queue, call.from, order_id, call_id, ...call.recent.map(said => written(said))].join('\n').toLowerCase()
  return wanted.every(word => text.includes(word))
}

/** {call, only, find}: what the address says is open and shown. */
export function from_address(search) {
  const asked = new URLSearchParams(search)
  return { open: asked.get('call') || '', only: asked.get('only') || '', query: asked.get('find') || '' }
}

export function to_address({ open, only, query }) {
  const told = new URLSearchParams()
  if (open) told.set('call', open)
  if (only) told.set('only', only)
  if (query) told.set('find', query)
  return `?${told}`.replace(/^\?$/, '')
}
