// Which calls the list shows: words looked for, what is picked in the filters, and the figure of the
// summary that was pressed. All of it stands in the address. Pure.
import { mood_of } from './mood.js'
import { written } from './richtext.js'

export const SEVERITIES = ['critical', 'high', 'watch']
export const MOODS = ['angry', 'sad', 'fearful', 'disgusted', 'surprised', 'happy', 'neutral', 'unknown']

/** The columns that may be put away: whose call it is and its alerts stay. */
export const COLUMNS = ['customer', 'now', 'mood', 'words']

/** Nothing picked: every call passes. A call passes a filter if it is any of what is picked there. */
export const NO_FILTERS = { queue: [], agent: [], severity: [], mood: [] }
const KNOWN = { severity: SEVERITIES, mood: MOODS }
const MOST = 50 // values of one filter that an address may hold

/** The word of a call's mood that the filter knows: one that may be angry counts as angry. */
const mood_key = (call, alerts) => mood_of(call, alerts).word.split('.')[1]

const AS_TOLD = queue => [queue]

/** Whether `call` with its `alerts` is any of what is picked in each filter. `names_of` a queue are all that people call it by. */
export function passes(call, alerts, { queue, agent, severity, mood }, names_of = AS_TOLD) {
  const any = (picked, test) => !picked.length || picked.some(test)
  return any(queue, one => names_of(call.queue).includes(one)) && any(agent, one => call.agent_id === one)
    && any(severity, one => alerts.some(alert => alert.severity === one)) && any(mood, one => mood_key(call, alerts) === one)
}

/** What the filters offer: {queue, agent: Map of value -> a call that has it}, with what is picked though no call has it (null). */
export function offered(calls, filters, names_of = AS_TOLD) {
  const of = (name, value, names) => {
    const had = new Map(calls.filter(value).map(call => [value(call), call]))
    const known = new Set([...had.keys()].flatMap(names))
    const gone = filters[name].filter(one => !known.has(one))
    return new Map([...gone.map(one => [one, null]), ...had])
  }
  return { queue: of('queue', call => call.queue, names_of), agent: of('agent', call => call.agent_id, id => [id]) }
}

/** `filters` with `value` picked in filter `name`, or no longer, whichever of its `names` it was picked by. */
export function pick_in(filters, name, value, on, names = [value]) {
  const rest = filters[name].filter(one => !names.includes(one))
  return { ...filters, [name]: on ? [...rest, value] : rest }
}

/** How many conditions hold calls back. */
export function conditions({ only, query, filters }) {
  return Object.values(filters).flat().length + (only ? 1 : 0) + (query.trim() ? 1 : 0)
}

/** Whether each of the words of `query` is in the call's agent, a name of its queue, number, order or latest sentences. */
export function matches(call, query, names_of = AS_TOLD) {
  const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (!wanted.length) return true
  const { agent_name, agent_id, queue, order_id, call_id } = call
  const text = [agent_name, agent_id, ...names_of(queue), call.from, order_id, call_id, ...call.recent.map(said => written(said))].join('\n').toLowerCase()
  return wanted.every(word => text.includes(word))
}

/** {open, only, query, filters, hide}: what the address says is open and shown, and which columns are put away. */
export function from_address(search) {
  const asked = new URLSearchParams(search)
  const picked = name => [...new Set(asked.getAll(name))].filter(one => one && (KNOWN[name]?.includes(one) ?? true)).slice(0, MOST)
  const filters = Object.fromEntries(Object.keys(NO_FILTERS).map(name => [name, picked(name)]))
  const hide = COLUMNS.filter(column => asked.getAll('hide').includes(column))
  return { open: asked.get('call') || '', only: asked.get('only') || '', query: asked.get('find') || '', filters, hide }
}

export function to_address({ open, only, query, filters, hide }) {
  const told = new URLSearchParams()
  if (open) told.set('call', open)
  if (only) told.set('only', only)
  if (query) told.set('find', query)
  for (const [name, values] of Object.entries(filters)) for (const value of values) told.append(name, value)
  for (const column of hide) told.append('hide', column)
  return `?${told}`.replace(/^\?$/, '')
}
