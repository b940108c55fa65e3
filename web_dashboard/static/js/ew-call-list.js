// The live calls, risk first. The order changes at most once in 2 s, and not at all while someone's
// pointer or keys are busy in the list: nothing moves under their hands. A pointer that was merely
// left there for a quarter of a minute does not hold the gravest call down.
import { html, nothing, repeat } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { say } from './language.js'
import { ranked, settled } from './risk.js'
import './ew-call-row.js'

const SETTLE_MS = 2000
const BUSY_MS = 15_000
const NO_ALERTS = []
const HEADS = ['alerts', 'agent', 'customer', 'now', 'mood', 'words']

class CallList extends LightElement {
  static properties = {
    calls: { attribute: false }, alerts: { attribute: false }, now: { type: Number }, open: {}, me: { attribute: false },
    hide: { attribute: false }, focused: { state: true },
  }

  #order = []
  #sorted_at = 0
  #touched_at = -BUSY_MS

  constructor() {
    super()
    Object.assign(this, { calls: [], alerts: new Map(), now: 0, open: '', me: {}, hide: [], focused: '' })
  }

  willUpdate() {
    const wanted = ranked(this.calls, this.alerts, this.now)
    const inside = this.matches(':hover') || this.querySelector('.row:focus-visible') !== null
    const busy = inside && performance.now() - this.#touched_at < BUSY_MS
    const early = performance.now() - this.#sorted_at < SETTLE_MS
    if (this.#order.length && (busy || early)) this.#order = settled(this.#order, wanted)
    else [this.#order, this.#sorted_at] = [wanted, performance.now()]
  }

  /** Moves the focus by `steps` rows. */
  move(steps) {
    const rows = [...this.querySelectorAll('.row')]
    if (!rows.length) return
    const from = rows.indexOf(document.activeElement)
    const open = rows.findIndex(row => row.dataset.call === this.open)
    const at = from >= 0 ? from + steps : Math.max(0, open)
    this.focus_call(rows[Math.min(rows.length - 1, Math.max(0, at))].dataset.call)
  }

  focus_call(id) {
    this.focused = id
    this.querySelector(`.row[data-call="${CSS.escape(id)}"]`)?.focus()
  }

  render() {
    const by_id = new Map(this.calls.map(call => [call.call_id, call]))
    const rows = this.#order.map(id => by_id.get(id))
    const first_calm = rows.findIndex(call => !this.alerts.has(call.call_id))
    const tabbable = by_id.has(this.focused) ? this.focused : this.#order[0]
    const touch = () => { this.#touched_at = performance.now() }
    return html`<div class=${['table', ...this.hide.map(column => `no-${column}`)].join(' ')} role="table" aria-label=${say('table')} @pointermove=${touch} @pointerdown=${touch} @focusin=${touch} @keydown=${touch}>
      <div class="head" role="row">${HEADS.map(head => html`<span role="columnheader" class=${`h-${head}`}>${say(`head.${head}`)}</span>`)}</div>
      ${repeat(rows, call => call.call_id, (call, index) => html`
        ${index === first_calm ? this.#divider(rows.length - index, index) : nothing}${this.#row(call, tabbable)}`)}
    </div>`
  }

  #row(call, tabbable) {
    const id = call.call_id
    return html`<ew-call-row role="row" class="row" tabindex=${id === tabbable ? 0 : -1} data-call=${id}
      .call=${call} .alerts=${this.alerts.get(id) || NO_ALERTS} .now=${this.now} .open=${id === this.open} .me=${this.me}
      @click=${() => this.#open(id)} @focus=${() => { this.focused = id }}></ew-call-row>`
  }

  #divider(count, above) {
    const word = `calm.${above ? 'rest' : 'all'}${count === 1 ? '.1' : ''}`
    return html`<div class="divider" role="row"><span role="cell">${say(word, count)}</span></div>`
  }

  #open(id) {
    this.focused = id
    this.dispatchEvent(new CustomEvent('open_call', { detail: id, bubbles: true }))
  }
}

customElements.define('ew-call-list', CallList)
