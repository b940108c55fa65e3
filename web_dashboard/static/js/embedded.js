// A panel in a frame of another page (a CRM): that page hands over tickets, which become a session here.
// It is kept in this frame's memory only. Which pages may be around us is the browser's to enforce
// (frame-ancestors); that a ticket was meant for the page that hands it over is the server's.
const TICKET = 'earwitness.ticket'
const WANTED = 'earwitness.ticket_wanted'
const ASK_EVERY_MS = 2_000 // the page around may not listen yet
const PATIENCE_MS = 15_000

export const embedded = 'embedded' in document.documentElement.dataset

let held = ''
let asking = null

export const has_session = () => Boolean(held)

/** Our session, from a ticket of the page around if there is none yet. Rejects where none comes in time. */
export async function session() {
  if (held) return held
  asking ||= ticket().then(exchange).finally(() => { asking = null })
  return asking
}

/** The server does not take `token` any more. */
export function forget_session(token) {
  if (held === token) held = ''
}

/** {ticket, origin}: origin is the browser's word on who sent it. */
function ticket() {
  return new Promise((resolve, reject) => {
    const ask = () => parent.postMessage({ type: WANTED }, '*') // says nothing that anyone may not know
    const asks = setInterval(ask, ASK_EVERY_MS)
    const patience = setTimeout(() => done(reject, new Error('no ticket came')), PATIENCE_MS)
    const hear = ({ source, origin, data }) => {
      if (source === parent && source !== window && data?.type === TICKET) done(resolve, { ticket: String(data.ticket), origin })
    }
    const done = (settle, value) => {
      clearInterval(asks)
      clearTimeout(patience)
      removeEventListener('message', hear)
      settle(value)
    }
    addEventListener('message', hear)
    ask()
  })
}

async function exchange(shown) {
  const headers = { 'Content-Type': 'application/json', 'X-Earwitness': '1' }
  const response = await fetch('/api/v1/embedded', { method: 'POST', headers, body: JSON.stringify(shown), credentials: 'omit' })
  if (!response.ok) throw new Error(`the ticket was refused: ${response.status}`)
  held = (await response.json()).session
  return held
}
