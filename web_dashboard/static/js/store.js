// One page's state: the fold of its feed, and what this viewer has done with popups. Tells its
// listeners at most four times a second, the first time at once: an alert must not wait for a tick.
import { Feed, Offset } from './feed.js'
import { EMPTY, fold, fold_message } from './board-state.js'
import { post, still_signed_in, to_sign_in } from './api.js'
import { embedded } from './embedded.js'
import { Seen } from './seen.js'

const TICK_MS = 250

export class Store {
  state = EMPTY
  phase = { name: 'connecting', since: 0, attempt: 0, next_at: 0 }
  seen = new Seen(() => this.#changed())
  #offset = new Offset()
  #listeners = new Set()
  #messages = new Set()
  #timer = 0
  #told = 0

  constructor(path) {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
    this.feed = new Feed({
      url: `${scheme}//${location.host}${path}`,
      on_frame: frame => this.#receive(frame),
      on_phase: phase => this.#turn(phase),
      still_signed_in,
      ticket: embedded ? async () => (await post('/api/v1/ticket')).ticket : null,
    })
    setInterval(() => this.#changed(), 1000)
  }

  open() {
    this.feed.open()
  }

  /** Calls back after changes; returns what stops it. */
  subscribe(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back with each published message as it comes; returns what stops it. */
  on_messages(listener) {
    this.#messages.add(listener)
    return () => this.#messages.delete(listener)
  }

  /** The server's time in milliseconds; stands still while the feed is broken: no clocks run on old data. */
  now() {
    const local = this.broken && this.phase.since ? this.phase.since : Date.now()
    return local + this.#offset.milliseconds
  }

  get broken() {
    return !['live', 'connecting'].includes(this.phase.name)
  }

  /** A value that a POST answered, before the feed brings it too. */
  learn(message) {
    this.state = fold_message(this.state, message)
    this.#changed()
  }

  #receive(frame) {
    const server = Date.parse(frame.now)
    if (server) this.#offset.note(server, Date.now())
    this.state = fold(this.state, frame)
    if (frame.type === 'snapshot') this.seen.keep_only(this.state.alerts)
    if (frame.type === 'events') for (const listener of this.#messages) listener(frame.events)
    if (frame.type === 'snapshot') for (const listener of this.#messages) listener(null)
    this.#changed()
  }

  #turn(phase) {
    if (phase.name === 'signed_out') return to_sign_in()
    if (phase.name === 'live' && this.phase.name === 'live') return
    this.phase = phase
    this.#changed()
  }

  #changed() {
    if (this.#timer) return
    const wait = Math.max(0, this.#told + TICK_MS - Date.now())
    this.#timer = setTimeout(() => {
      this.#timer = 0
      this.#told = Date.now()
      for (const listener of this.#listeners) listener()
    }, wait)
  }
}
