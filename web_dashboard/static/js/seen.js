// Which popups this viewer has put away, and how urgent they were: kept over reloads and shared by all
// tabs of this browser, so that no alert pops twice.
import { calmed, only, urgency } from './risk.js'

const KEY = 'ew.seen'
const CHANNEL = 'ew.seen.2' // what is told on it changed once
const MOST = 200

export class Seen {
  #urgency
  #channel = new BroadcastChannel(CHANNEL)

  constructor(on_change) {
    this.#urgency = read()
    // What was put away travels with the message: another tab's storage may still be the old one by then.
    this.#channel.onmessage = ({ data }) => {
      this.#urgency = data
      on_change()
    }
    this.changed = on_change
  }

  /** {id: urgency} as `popups` wants it. */
  get all() {
    return this.#urgency
  }

  put_away(alert) {
    if (this.#urgency[alert.id] === urgency(alert)) return
    this.#urgency = { ...this.#urgency, [alert.id]: urgency(alert) }
    this.#save()
    this.changed()
  }

  /** What has calmed since it was put away may pop again when it climbs; of many, what is over goes. */
  follow(alerts) {
    const many = Object.keys(this.#urgency).length > MOST
    const followed = calmed(alerts, many ? only(alerts, this.#urgency) : this.#urgency)
    if (followed === this.#urgency) return
    this.#urgency = followed
    this.#save()
  }

  /** Forgets alerts that a snapshot no longer has. */
  keep_only(alerts) {
    const kept = Object.entries(this.#urgency).filter(([id]) => alerts.has(id)).slice(-MOST)
    if (kept.length === Object.keys(this.#urgency).length) return
    this.#urgency = Object.fromEntries(kept)
    this.#save()
  }

  #save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#urgency))
    } catch { /* storage is full or forbidden: this tab still knows */ }
    this.#channel.postMessage(this.#urgency)
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {}
  } catch {
    return {}
  }
}
