// The popup: one alert with its quote, its reason and its sound, before the buttons. It never takes
// the focus and never changes under someone's hands; the others wait as one line.
import { html, nothing } from '../vendor/lit.js'
import { worse } from './risk.js'
import { LightElement } from './light.js'
import { length, media_now } from './board-state.js'
import { ago, duration } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'
import { asked_for, queue_of, reason_of, sentence, severity_of, title_of, who } from './alert-words.js'
import './ew-alert-actions.js'
import './ew-clip-player.js'
import './ew-mood-curve.js'

class AlertPopup extends LightElement {
  static properties = {
    waiting: { attribute: false }, calls: { attribute: false }, now: { type: Number }, showing: { state: true },
  }

  constructor() {
    super()
    Object.assign(this, { waiting: [], calls: new Map(), now: 0, showing: '' })
  }

  willUpdate(changed) {
    if (changed.has('waiting') && !this.current) this.showing = this.waiting[0]?.id || ''
  }

  get current() {
    return this.waiting.find(alert => alert.id === this.showing)
  }

  /** Does `deed` (take, note, resolve, false, play) to the alert shown; false if there is none. */
  do(deed) {
    if (!this.current) return false
    if (deed === 'play') this.querySelector('ew-clip-player')?.toggle()
    else this.querySelector('ew-alert-actions').do(deed)
    return true
  }

  render() {
    const alert = this.current
    return html`<div class="hidden" role="alert">${alert?.severity === 'critical' ? this.#aloud(alert) : nothing}</div>
      <div class="hidden" role="status">${alert?.severity === 'high' ? this.#aloud(alert) : nothing}</div>
      ${alert ? this.#popup(alert) : nothing}`
  }

  /** What a screen reader says, once: nothing in it changes with the clock. */
  #aloud(alert) {
    return `${say(`sev.${alert.severity}`)}: ${title_of(alert.kind, alert.severity)}. ${who(alert)}. ${alert.text}`
  }

  #popup(alert) {
    const title = title_of(alert.kind, alert.severity)
    return html`<section class="popup" aria-labelledby="popup-title" data-alert=${alert.id}>
      <header class=${`is-${alert.severity}`}>${severity_of(alert)}<h2 id="popup-title">${title}<span class="whose"> ${who(alert)}</span></h2>
        <time>${ago(alert.raised, this.now, language())}</time>
        <button class="btn btn-icon open" type="button" aria-label=${say('act.open')} title=${say('act.open')} @click=${() => this.#tell('open_call', alert.call_id)}>${icon('expand')}</button>
        <button class="btn btn-icon" type="button" aria-label=${say('alert.close')} title=${say('alert.close')}
          @click=${() => this.#tell('put_away', alert)}>${icon('close')}</button>
      </header>
      <div class="body">${this.#body(alert, this.calls.get(alert.call_id))}</div>
      ${this.#next()}
    </section>`
  }

  #body(alert, call) {
    const evidence = alert.evidence.at(-1)
    const [why, rule] = reason_of(alert)
    return html`<p class="who"><b>${who(alert)}</b>${this.#facts(alert, call)}
        <button class="btn btn-bare" type="button" @click=${() => this.#tell('open_call', alert.call_id)}>${say('act.open')}${icon('expand', 'i-12')}</button></p>
      ${asked_for(alert) ? this.#last_words(call) : this.#before(evidence, call)}
      ${alert.text ? html`<blockquote>${sentence({ party: alert.party, text: alert.text, emotion: evidence?.emotion })}</blockquote>` : nothing}
      ${worse(alert) ? html`<p class="why"><b>${say('alert.worse', alert.owner)}</b></p>` : nothing}
      <p class="why"><b>${say('alert.why')}</b><span>${why}</span>${rule ? html`<span class="rule">${rule}</span>` : nothing}</p>
      <div class="hear">
        ${asked_for(alert) ? nothing : html`<ew-clip-player .of=${alert.id} .src=${evidence?.clip || ''} .consent=${call?.record ?? true}></ew-clip-player>`}
        ${call ? this.#minute(alert, call) : nothing}
      </div>
      <ew-alert-actions .alert=${alert} .keys=${true}></ew-alert-actions>`
  }

  #facts(alert, call) {
    const facts = [['queue', queue_of(alert)], ['cust', call?.from], ['length', call && duration(length(call, this.now))]]
    return facts.filter(([, fact]) => fact).map(([name, fact]) => html`<span class=${`num ${name}`}><i class="sep"></i>${fact}</span>`)
  }

  /** What the other party had said just before the quote. */
  #before(evidence, call) {
    const said = evidence && call?.recent.findLast(one => one.start < evidence.start - 0.05)
    if (!said || said.party === evidence.party || said.party === 'unknown') return nothing
    return html`<p class="before">${say(`alert.before.${said.party}`)}${said.text}</p>`
  }

  /** Where an agent asks for help: what the customer said last. */
  #last_words(call) {
    const said = call?.recent.findLast(one => one.party === 'customer')
    return said ? html`<p class="before">${say('alert.before.customer')}${sentence(said)}</p>` : nothing
  }

  #minute(alert, call) {
    return html`<div class="minute"><span>${say('alert.minute')}</span>
      <ew-mood-curve .mood=${call.mood} .alerts=${[alert]} .now=${media_now(call, this.now)} .window=${60} .width=${116} .height=${28}></ew-mood-curve></div>`
  }

  #next() {
    const others = this.waiting.filter(alert => alert.id !== this.showing)
    if (!others.length) return nothing
    const [next] = others
    return html`<button class="next" type="button" title=${say('alert.next.label')} @click=${() => { this.showing = next.id }}>${severity_of(next)}
      <span class="one-line">${say('alert.next.line', who(next), title_of(next.kind, next.severity))}</span>
      ${others.length > 1 ? html`<span class="dim">${say('alert.next', others.length - 1)}</span>` : nothing}${icon('up')}</button>`
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }
}

customElements.define('ew-alert-popup', AlertPopup)
