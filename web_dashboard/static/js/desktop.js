// Desktop notifications of alerts, for supervisors whose board is behind another window. Off until
// someone asks for them by a click; one for all tabs of this browser, and none while one of them is
// being looked at. What a customer said is not in them: they outlive the page, in the system's own list.
import { urgency, waits } from './risk.js'

const KEY = 'ew.desktop'
const TOLD = 'ew.desktop.told'
const LOOKING = 'ew.looking'
const MOST = 200
const SHOWN = 20
const MARKED = 10_000 // ms

export const NOTIFIED = ['critical', 'high']
const NONE = { critical: false, high: false }

/** Of `alerts`, the gravest first, those that are to be told and have not been at this urgency: `told` maps an id to one. */
export function to_tell(alerts, choice, told) {
  return alerts.filter(alert => choice[alert.severity] && urgency(alert) > (told[alert.id] || 0))
}

export class Desktop {
  #leave = () => {}
  #shown = new Map()

  /** `words(alert, others)` gives [title, body]; `open(call_id)` shows a call. */
  constructor(on_change, words, open) {
    Object.assign(this, { choice: { ...NONE, ...read(KEY) }, changed: on_change, words, open })
    addEventListener('storage', ({ key }) => key === KEY && this.#chosen(read(KEY)))
    addEventListener('focus', () => this.#look())
    addEventListener('blur', () => this.#leave())
    this.#look()
  }

  /** granted, default (nobody was asked), denied, or insecure: browsers allow it over https only. */
  get state() {
    if (!isSecureContext || !('Notification' in globalThis)) return 'insecure'
    return Notification.permission
  }

  /** By a click: the browser is asked for its leave the first time. */
  async choose(severity, on) {
    if (on && this.state === 'default') await Notification.requestPermission()
    this.#chosen({ ...this.choice, [severity]: on && this.state === 'granted' })
    write(KEY, this.choice)
  }

  #chosen(choice) {
    this.choice = { ...NONE, ...choice }
    this.changed()
  }

  /** Tells of `alerts` (the gravest first) in one notification. Asked for every frame of the feed: `state`, for which the
   * page waits for the browser, comes second. */
  async tell(alerts) {
    if (!to_tell(alerts, this.choice, {}).length || this.state !== 'granted' || await looked_at()) return
    const [first, ...others] = await navigator.locks.request(KEY, () => this.#claim(alerts))
    if (first) this.#show(first, others.length)
  }

  /** Takes back what nobody needs to be told any more: someone has it, or it is over. */
  follow(alerts) {
    for (const [id, shown] of this.#shown) if (!alerts.has(id) || !waits(alerts.get(id))) shown.close()
  }

  /** What no other tab has told. Only one tab at a time is in here. */
  async #claim(alerts) {
    const told = read(TOLD)
    const unmarked = await Promise.all(to_tell(alerts, this.choice, told).map(async alert => await marked(alert) && alert))
    const mine = unmarked.filter(Boolean)
    const noted = { ...told, ...Object.fromEntries(mine.map(alert => [alert.id, urgency(alert)])) }
    if (mine.length) write(TOLD, Object.fromEntries(Object.entries(noted).slice(-MOST)))
    return mine
  }

  #show(alert, others) {
    const [title, body] = this.words(alert, others)
    const shown = new Notification(title, {
      body, tag: alert.id, icon: '/static/icon.svg', requireInteraction: alert.severity === 'critical', silent: true,
    })
    this.#shown.set(alert.id, shown)
    if (this.#shown.size > SHOWN) this.#shown.delete(this.#shown.keys().next().value)
    shown.onclose = () => this.#shown.delete(alert.id)
    shown.onclick = () => {
      window.focus()
      this.open(alert.call_id)
      shown.close()
    }
  }

  /** A tab that has the focus holds a lock: it is let go even when the tab dies. */
  #look() {
    if (!navigator.locks || !document.hasFocus()) return
    this.#leave()
    navigator.locks.request(LOOKING, { mode: 'shared' }, () => document.hasFocus() && new Promise(resolve => { this.#leave = resolve }))
  }
}

/** Whether this tab is the first to mark the alert at this urgency. Tabs may live in processes of their own, where what
 * one has stored reaches the others a little later; locks are one for all of them. */
function marked(alert) {
  return new Promise(answer => {
    navigator.locks.request(`${TOLD}.${alert.id}.${urgency(alert)}`, { ifAvailable: true }, lock => {
      answer(Boolean(lock))
      return lock && new Promise(done => setTimeout(done, MARKED))
    })
  })
}

async function looked_at() {
  const { held } = await navigator.locks.query()
  return held.some(lock => lock.name === LOOKING)
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) || {}
  } catch {
    return {}
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch { /* storage is full or forbidden: the notification's tag still keeps it to one */ }
}
