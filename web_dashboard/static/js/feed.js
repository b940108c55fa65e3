// The websocket that tells a screen what happens: comes again by itself, says when it has gone quiet.
// It knows no state of the board and no DOM; what it needs of the outside is handed in.
const STALE_MS = 12_000
const GRACE_MS = 2_000 // a reconnect that works at once is nobody's business
const STABLE_MS = 10_000 // a connection that lasted this long was a good one: begin to count anew
const FIRST_MS = 250
const LONGEST_MS = 5_000
const OFFSETS = 20

const NOT_SIGNED_IN = 4401
const FORBIDDEN = 4403

/** Wait before try number `attempt` (from 1): doubles from 0.25 s to 5 s, minus up to a half by chance,
 * so that a room full of boards does not knock in step. */
export function wait_before(attempt, random = Math.random) {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1))
  return longest * (1 - random() / 2)
}

/** Server clock minus ours, from frames' `now`: the largest seen of the latest is the least delayed. */
export class Offset {
  #seen = []

  note(server, local) {
    this.#seen = [...this.#seen, server - local].slice(-OFFSETS)
  }

  get milliseconds() {
    return this.#seen.length ? Math.max(...this.#seen) : 0
  }
}

/** `on_frame(frame)`, `on_phase({name, since, attempt, next_at})`: name is connecting, live, broken,
 * signed_out or forbidden; `since` is when the last frame came (0: never). `still_signed_in()` tells
 * a refused handshake from a dead network, which a browser cannot. `ticket()` promises what each opening is
 * let in with, where no cookie goes; who may not have one any more is told so there, and asked again. */
export class Feed {
  #url; #on_frame; #on_phase; #still_signed_in; #ticket
  #turn = 0; #socket = null; #retry = 0; #watchdog = 0; #grace = 0; #attempt = 0; #last = ''; #heard = 0; #opened = 0; #over = false

  constructor({ url, on_frame, on_phase, still_signed_in, ticket = null }) {
    this.#url = url
    this.#on_frame = on_frame
    this.#on_phase = on_phase
    this.#still_signed_in = still_signed_in
    this.#ticket = ticket
  }

  open() {
    clearTimeout(this.#retry)
    this.#drop()
    this.#opened = 0
    this.#watch()
    const turn = ++this.#turn
    if (!this.#ticket) return this.#connect({})
    this.#ticket().then(ticket => turn === this.#turn && this.#connect({ ticket }), () => turn === this.#turn && this.#closed(0))
  }

  #connect(shown) {
    const query = new URLSearchParams(this.#last ? { after: this.#last, ...shown } : shown).toString()
    const socket = new WebSocket(query ? `${this.#url}?${query}` : this.#url)
    this.#socket = socket
    socket.onopen = () => { this.#opened = Date.now() }
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data))
    socket.onclose = ({ code }) => this.#closed(code)
  }

  #receive(frame) {
    this.#heard = Date.now()
    if (frame.last) this.#last = frame.last
    clearTimeout(this.#grace)
    this.#grace = 0
    this.#watch()
    this.#on_frame(frame)
    this.#say('live')
  }

  #watch() {
    clearTimeout(this.#watchdog)
    this.#watchdog = setTimeout(() => this.#closed(0), STALE_MS)
  }

  async #closed(code) {
    const opened = this.#opened
    this.#drop()
    if (code === NOT_SIGNED_IN && !this.#ticket) return this.#end('signed_out')
    if (code === FORBIDDEN) return this.#end('forbidden')
    this.#attempt = opened && Date.now() - opened > STABLE_MS ? 1 : this.#attempt + 1
    const wait = wait_before(this.#attempt)
    this.#retry = setTimeout(() => this.open(), wait)
    this.#tell_broken(code === 0, Date.now() + wait)
    if (!opened && !(await this.#still_signed_in())) this.#end('signed_out')
  }

  /** A cut is told after a moment's grace; a feed that has gone quiet has had its grace. */
  #tell_broken(quiet, next_at) {
    const since_cut = Date.now() - this.#heard
    const tell = () => this.#say('broken', next_at)
    if (quiet || since_cut > GRACE_MS) tell()
    else this.#grace ||= setTimeout(tell, GRACE_MS)
  }

  #end(name) {
    this.#over = true
    clearTimeout(this.#retry)
    clearTimeout(this.#grace)
    this.#say(name)
  }

  #say(name, next_at = 0) {
    if (this.#over && name === 'broken') return
    this.#on_phase({ name, since: this.#heard, attempt: this.#attempt, next_at })
  }

  #drop() {
    clearTimeout(this.#watchdog)
    const socket = this.#socket
    if (!socket) return
    this.#socket = null
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
