// Which popups this viewer has put away, and at which severity: kept over reloads and shared by all
// tabs of this browser, so that no alert pops twice.
const KEY = 'ew.seen'
const MOST = 200

export class Seen {
  #severity
  #channel = new BroadcastChannel(KEY)

  constructor(on_change) {
    this.#severity = read()
    this.#channel.onmessage = () => {
      this.#severity = read()
      on_change()
    }
    this.changed = on_change
  }

  /** {id: severity} as `popups` wants it. */
  get all() {
    return this.#severity
  }

  put_away(alert) {
    if (this.#severity[alert.id] === alert.severity) return
    this.#severity = { ...this.#severity, [alert.id]: alert.severity }
    this.#save()
    this.changed()
  }

  /** Forgets alerts that a snapshot no longer has. */
  keep_only(alerts) {
    const kept = Object.entries(this.#severity).filter(([id]) => alerts.has(id)).slice(-MOST)
    if (kept.length === Object.keys(this.#severity).length) return
    this.#severity = Object.fromEntries(kept)
    this.#save()
  }

  #save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#severity))
    } catch { /* storage is full or forbidden: this tab still knows */ }
    this.#channel.postMessage('changed')
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {}
  } catch {
    return {}
  }
}
