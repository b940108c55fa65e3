// What is being said on one call this moment: a socket of its own, open only while the call is looked
// at. A draft that is missed is missed; the next one, or the sentence itself, says more.
import { wait_before } from './feed.js'

const FINAL = new Set([1000, 4401, 4403]) // the call is over, or not ours to hear: the feed says so too

export class Drafts {
  #on_draft; #open_socket
  #id = ''; #socket = null; #retry = 0; #attempt = 0

  /** `on_draft(draft)`; `open_socket(path)` gives a WebSocket. */
  constructor(on_draft, open_socket = path => new WebSocket(address(path))) {
    this.#on_draft = on_draft
    this.#open_socket = open_socket
  }

  /** Hears the call `id` from now on; '' for none. */
  follow(id) {
    if (id === this.#id) return
    this.#id = id
    this.#attempt = 0
    this.#open()
  }

  #open() {
    clearTimeout(this.#retry)
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null
      this.#socket.close()
      this.#socket = null
    }
    if (!this.#id) return
    const socket = this.#open_socket(`/api/v1/calls/${encodeURIComponent(this.#id)}/drafts`)
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data))
    socket.onclose = ({ code }) => this.#closed(code)
  }

  #hear(draft) {
    this.#attempt = 0
    this.#on_draft(draft)
  }

  #closed(code) {
    this.#socket = null
    if (FINAL.has(code)) return
    this.#attempt += 1
    this.#retry = setTimeout(() => this.#open(), wait_before(this.#attempt))
  }
}

const address = path => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${path}`
