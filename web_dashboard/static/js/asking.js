// What is searched for: as the page's address keeps it, and as the server is asked. Pure.

export const NOTHING = { q: '', agent: '', queue: '', order: '', party: '', since: '', until: '', length: '' }
export const LENGTHS = ['0-60', '60-300', '300-900', '900-'] // seconds, from-to
export const PARTIES = ['customer', 'agent']
export const PAGE = 50
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** From location.search; what makes no sense there is left out. */
export function from_address(search) {
  const given = new URLSearchParams(search)
  const asked = Object.fromEntries(Object.keys(NOTHING).map(name => [name, (given.get(name) || '').trim()]))
  for (const name of ['since', 'until']) if (!DAY.test(asked[name])) asked[name] = ''
  if (!PARTIES.includes(asked.party)) asked.party = ''
  if (!LENGTHS.includes(asked.length)) asked.length = ''
  return asked
}

/** For location.search: only what is asked for. */
export function to_address(asked) {
  const given = new URLSearchParams(Object.entries(asked).filter(([, value]) => value))
  return given.size === 0 ? '' : `?${given}`
}

export const is_nothing = asked => Object.keys(NOTHING).every(name => !asked[name])

/** The query of GET /api/v1/search; `before` is the last hit's id, 0 for the first page. Days are the reader's. */
export function query_of(asked, before = 0) {
  const [longer, shorter] = asked.length.split('-')
  const { q, agent, queue, order, party } = asked
  const given = { q, agent, queue, order, party, since: midnight(asked.since), until: midnight(asked.until, 1), longer, shorter }
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value && value !== '0'))
  query.set('limit', PAGE)
  if (before) query.set('before', before)
  return String(query)
}

/** The instant at which the reader's day (or that many days later) begins, as the wire writes it. */
function midnight(day, later = 0) {
  if (!day) return ''
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}

/** `text` with `piece` in place of what is selected, apart from its neighbours: {text, at} with the cursor behind it. */
export function inserted(text, piece, from, to) {
  const before = text.slice(0, from)
  const after = text.slice(to)
  const left = before && !/[\s(]$/.test(before) ? `${before} ` : before
  const right = /^[\s)]/.test(after) ? after : ` ${after}`
  return { text: left + piece + right, at: left.length + piece.length + 1 }
}

/** `text` around its wrong character (from 1): [before, it, after]; it is empty where the end is wrong. */
export function marked(text, position) {
  const letters = [...text]
  return [letters.slice(0, position - 1).join(''), letters[position - 1] || '', letters.slice(position).join('')]
}
