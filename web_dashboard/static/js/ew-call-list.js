// The live calls, risk first. The order changes at most once in 2 s, and not at all while someone's
// pointer or keys are busy in the list: nothing moves under their hands. A pointer that was merely
// left there for a quarter of a minute does not hold the gravest call down. Of a long list only the
// rows in sight are drawn.
import { html, nothing, repeat } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { say } from './language.js'
import { ranked, settled } from './risk.js'
import { brought, drawn } from './window.js'
import './ew-call-row.js'

const SETTLE_MS = 2000
const BUSY_MS = 15_000
const NO_ALERTS = []
const RANKED_BY = ['calls', 'alerts', 'now'] // not by scrolling
const HEADS = ['alerts', 'agent', 'customer', 'now', 'mood', 'words']

class CallList extends LightElement {
  static properties = {
    calls: { attribute: false }, alerts: { attribute: false }, now: { type: Number }, open: {}, me: { attribute: false },
    hide: { attribute: false }, focused: { state: true }, scrolled: { state: true },
  }

  #order = []
  #sorted_at = 0
  #touched_at = -BUSY_MS
  #row = 0
  #resized = new ResizeObserver(() => this.#measure())

  constructor() {
    super()
    Object.assign(this, { calls: [], alerts: new Map(), now: 0, open: '', me: {}, hide: [], focused: '', scrolled: { top: 0, height: 0 } })
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#resized.disconnect()
  }

  firstUpdated() {
    this.#resized.observe(this.querySelector('.table'))
  }

  willUpdate(changed) {
    if (!RANKED_BY.some(what => changed.has(what))) return
    const wanted = ranked(this.calls, this.alerts, this.now)
    const inside = this.matches(':hover') || this.querySelector('.row:focus-visible') !== null
    const busy = inside && performance.now() - this.#touched_at < BUSY_MS
    const early = performance.now() - this.#sorted_at < SETTLE_MS
    if (this.#order.length && (busy || early)) this.#order = settled(this.#order, wanted)
    else [this.#order, this.#sorted_at] = [wanted, performance.now()]
  }

  updated() {
    const { above, below } = this.#window()
    // Not in the template: the policy allows no inline style there.
    for (const [name, height] of [['above', above], ['below', below]]) this.querySelector(`.${name}`).style.height = `${height}px`
  }

  /** Moves the focus by `steps` rows. */
  move(steps) {
    if (!this.#order.length) return
    const from = this.#order.indexOf(document.activeElement.dataset?.call || (this.contains(document.activeElement) ? this.focused : ''))
    const open = this.#order.indexOf(this.open)
    const at = from >= 0 ? from + steps : Math.max(0, open)
    this.focus_call(this.#order[Math.min(this.#order.length - 1, Math.max(0, at))])
  }

  async focus_call(id) {
    this.focused = id
    const table = this.querySelector('.table')
    const to = this.#row && brought(this.#order.indexOf(id), this.#row, this.scrolled, this.querySelector('.head').offsetHeight)
    if (to !== null && this.#is_cut(id)) {
      table.scrollTop = to
      this.#measure()
      await this.updateComplete
    }
    this.querySelector(`.row[data-call="${CSS.escape(id)}"]`)?.focus()
  }

  render() {
    const by_id = new Map(this.calls.map(call => [call.call_id, call]))
    const { first, last } = this.#window()
    const shown = this.#order.slice(first, last)
    const calm = this.#order.findIndex(id => !this.alerts.has(id))
    const tabbable = shown.includes(this.focused) ? this.focused : shown[0]
    const touch = () => { this.#touched_at = performance.now() }
    return html`<div class=${['table', ...this.hide.map(column => `no-${column}`)].join(' ')} role="table" aria-label=${say('table')} aria-rowcount=${this.#order.length + 1}
        @scroll=${this.#measure} @pointermove=${touch} @pointerdown=${touch} @focusin=${touch} @keydown=${touch}>
      <div class="head" role="row" aria-rowindex="1">${HEADS.map(head => html`<span role="columnheader" class=${`h-${head}`}>${say(`head.${head}`)}</span>`)}</div>
      <div class="above" role="presentation"></div>
      ${repeat(shown, id => id, (id, index) => html`
        ${first + index === calm ? this.#divider(this.#order.length - calm, calm) : nothing}${this.#draw(by_id.get(id), tabbable, first + index + 2)}`)}
      <div class="below" role="presentation"></div>
    </div>`
  }

  #window() {
    return drawn(this.#order.length, this.#row, this.scrolled)
  }

  #is_cut(id) {
    const row = this.querySelector(`.row[data-call="${CSS.escape(id)}"]`)
    return !row || this.#window().above + this.#window().below > 0
  }

  #measure() {
    const table = this.querySelector('.table')
    this.#row = table.querySelector('.row')?.getBoundingClientRect().height || this.#row
    const { scrollTop: top, clientHeight: height } = table
    if (top !== this.scrolled.top || height !== this.scrolled.height) this.scrolled = { top, height }
  }

  #draw(call, tabbable, place) {
    const id = call.call_id
    return html`<ew-call-row role="row" class="row" tabindex=${id === tabbable ? 0 : -1} data-call=${id} aria-rowindex=${place}
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
