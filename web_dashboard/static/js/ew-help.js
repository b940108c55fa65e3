// The agent asks for a supervisor, and sees whether somebody comes. At the foot, always in the same place.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { age } from './format.js'
import { icon } from './icons.js'
import { say } from './language.js'
import { waits } from './risk.js'

const KEYS = 'Alt+4'

class Help extends LightElement {
  static properties = {
    call: { attribute: false }, alert: { attribute: false }, now: { type: Number }, busy: { state: true }, told: { state: true },
  }

  constructor() {
    super()
    Object.assign(this, { call: null, alert: null, now: 0, busy: false, told: '' })
  }

  /** As by the button, where nobody was asked yet. */
  ask() {
    if (this.call && !this.alert) this.#wish(true)
  }

  /** The live region holds no clock: a screen reader says each step once. */
  render() {
    return html`<div class="hidden" role="status">${this.alert ? this.#word() : nothing}</div>
      ${this.call ? html`<section class="help" aria-label=${say('help.label')}>${this.alert ? this.#asked() : this.#button()}
        ${this.told ? html`<p class="told" role="status">${this.told}</p>` : nothing}</section>` : nothing}`
  }

  #word() {
    return waits(this.alert) ? say('help.asked') : say('help.taken', this.alert.owner)
  }

  #button() {
    return html`<button class="btn" type="button" ?disabled=${this.busy} title=${KEYS} aria-keyshortcuts=${KEYS}
      @click=${() => this.#wish(true)}>${icon('ask')}${say('help.ask')}</button>`
  }

  #asked() {
    return html`<p class="asked">${icon(waits(this.alert) ? 'ask' : 'check')}<span aria-hidden="true">${this.#word()}</span>
        ${waits(this.alert) ? html`<span class="num dim">${age((this.now - this.alert.raised) / 1000)}</span>` : nothing}</p>
      <button class="btn" type="button" ?disabled=${this.busy} @click=${() => this.#wish(false)}>${say('help.withdraw')}</button>`
  }

  async #wish(wanted) {
    this.busy = true
    try {
      const alert = await post(`/api/v1/calls/${encodeURIComponent(this.call.call_id)}/help`, { wanted })
      this.told = ''
      this.dispatchEvent(new CustomEvent('answered', { detail: alert, bubbles: true }))
    } catch (refused) {
      this.told = refused.message
    } finally {
      this.busy = false
    }
  }
}

customElements.define('ew-help', Help)
