// Requests to the server's API, and its errors in words people understand.
import { say, pick } from './language.js'
import { embedded, forget_session, session } from './embedded.js'

/** What the server (or the network) refused. `message` is in the interface's language; `status` 0: no answer.
 * `position`: the character of what was typed that is wrong, from 1; 0 where none is. */
export class Refused extends Error {
  constructor(status, code, message, retry_after = 0, position = 0) {
    super(message)
    Object.assign(this, { status, code, retry_after, position })
  }
}

// Where 401 is an answer to show, not a session that has ended.
const OWN_ANSWER = new Set(['/api/v1/login', '/api/v1/me'])

/** The JSON answer, or null for 204. Throws `Refused`. */
export async function request(method, path, body) {
  const response = await answer(method, path, body)
  return response.status === 204 ? null : response.json()
}

/** The bytes of a clip. Throws `Refused`. */
export async function sound(path) {
  const response = await answer('GET', path)
  return response.arrayBuffer()
}

export const post = (path, body = {}) => request('POST', path, body)
export const get = path => request('GET', path)

async function answer(method, path, body, again = embedded) {
  const token = embedded ? await own_session() : ''
  const headers = { Accept: 'application/json, audio/wav', ...(token && { Authorization: `Embedded ${token}` }) }
  if (method !== 'GET') {
    headers['X-Earwitness'] = '1'
    headers['Content-Type'] = 'application/json'
  }
  let response
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: embedded ? 'omit' : 'same-origin' })
  } catch {
    throw new Refused(0, 'network', say('error.network'))
  }
  if (response.ok) return response
  if (response.status === 401 && again) {
    forget_session(token)
    return answer(method, path, body, false)
  }
  if (response.status === 401 && !OWN_ANSWER.has(path)) to_sign_in()
  throw await refusal(response)
}

async function own_session() {
  try {
    return await session()
  } catch {
    throw new Refused(0, 'no_ticket', say('embedded.no_ticket'))
  }
}

async function refusal(response) {
  const told = await response.json().catch(() => ({}))
  const message = told.message && typeof told.message === 'object' ? pick(told.message) : say('error.server', response.status)
  return new Refused(response.status, told.code || '', message, Number(response.headers.get('Retry-After')) || 0, told.position || 0)
}

/** Whether the session still holds. A network that is down says nothing about it: then true. */
export async function still_signed_in() {
  if (embedded) return true // its feed asks for a ticket each time: who may have none is told there
  try {
    await get('/api/v1/me')
    return true
  } catch (refused) {
    return refused.status !== 401
  }
}

export function to_sign_in() {
  if (embedded) return
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
}
