// Figures over the live calls; each is a button that shows only those it counts.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { lasted } from './board-state.js'
import { number, span } from './format.js'
import { mark } from './icons.js'
import { language, say } from './language.js'
import { is_angry } from './mood.js'
import { waits } from './risk.js'

const SEVERITIES = ['critical', 'high', 'watch']

/** Which calls a figure counts: name -> (call, its alerts) -> boolean. */
export const SHOWN = {
  calls: call => !call.ended,
  angry: (call, alerts) => !call.ended && is_angry(alerts),
  silent: call => !call.ended && call.activity === 'silent',
  alerts: (_, alerts) => alerts.some(waits),
}

class Summary extends LightElement {
  static properties = {
    calls: { attribute: false }, alerts: { attribute: false }, now: { type: Number }, limit: { type: Number }, only: {},
  }

  render() {
    return Object.keys(SHOWN).map(name => this.#figure(name))
  }

  #figure(name) {
    const counted = this.calls.filter(call => SHOWN[name](call, this.alerts.get(call.call_id) || []))
    const value = name === 'alerts' ? this.#waiting().length : counted.length
    return html`<button class="figure" type="button" aria-pressed=${this.only === name} title=${say('sum.show')} @click=${() => this.#choose(name)}>
      <span class="label">${say(`sum.${name}`)}</span><span class="value">${number(value, language())}</span><span class="more">${this.#more(name, counted)}</span></button>`
  }

  #more(name, counted) {
    if (name === 'calls' && this.limit) return say('sum.calls.more', number(this.limit, language()))
    if (name === 'silent' && counted.length) {
      return say('sum.silent.more', span(Math.max(...counted.map(call => lasted(call, this.now))), language()))
    }
    return name === 'alerts' ? this.#severities() : nothing
  }

  #severities() {
    const waiting = this.#waiting()
    return SEVERITIES.map(severity => [severity, waiting.filter(alert => alert.severity === severity).length])
      .filter(([, count]) => count)
      .map(([severity, count]) => html`<span class=${`sev sev-${severity}`}>${mark(severity)}<span class="hidden">${say(`sev.${severity}`)}</span>${count}</span>`)
  }

  #waiting() {
    return [...this.alerts.values()].flat().filter(waits)
  }

  #choose(name) {
    const only = name === this.only || name === 'calls' ? '' : name
    this.dispatchEvent(new CustomEvent('show_only', { detail: only, bubbles: true }))
  }
}

customElements.define('ew-summary', Summary)
