// The customer and the agent of a call the other way round than the gateway says: a button that asks
// once more before it does so; and who did it last, and when, whoever that was.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { duration } from './format.js'
import { say } from './language.js'

class Swap extends LightElement {
  static properties = { call_id: {}, known: { attribute: false }, asking: { type: Boolean }, busy: { state: true }, told: { state: true } }

  constructor() {
    super()
    Object.assign(this, { call_id: '', known: null, asking: false, busy: false, told: '' })
  }

  willUpdate(changed) {
    if (changed.has('call_id')) Object.assign(this, { asking: false, told: '' })
    else if (changed.has('known')) this.told = ''
  }

  /** Asks; asked again, it is put away. */
  async ask() {
    Object.assign(this, { asking: !this.asking, told: '' })
    await this.updateComplete
    this.querySelector('.btn')?.focus()
  }

  render() {
    return html`${this.asking ? html`<div class="swap" role="group" aria-label=${say('swap')} @keydown=${this.#key}><p>${say('swap.ask')}</p>
        <button class="btn btn-primary" type="button" ?disabled=${this.busy} @click=${this.#swap}>${say('swap.do')}</button>
        <button class="btn" type="button" @click=${this.#leave}>${say('swap.leave')}</button></div>` : nothing}
      <p class="swapped" role="status">${this.told || this.#known()}</p>`
  }

  #known() {
    if (!this.known) return nothing
    const { swapped, by, at } = this.known
    return say(swapped ? 'swap.known' : 'swap.known.back', duration(at), by || say('swap.gateway'))
  }

  #key(event) {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    this.#leave()
  }

  #leave() {
    this.asking = false
    this.dispatchEvent(new CustomEvent('left', { bubbles: true }))
  }

  async #swap() {
    const id = this.call_id
    this.busy = true
    try {
      const { swapped } = await post(`/api/v1/calls/${encodeURIComponent(id)}/swap`)
      // The feed may have told it already, and says who and when.
      if (id === this.call_id && this.known?.swapped !== swapped) this.told = say(swapped ? 'swap.done' : 'swap.undone')
    } catch (refused) {
      if (id === this.call_id) this.told = refused.message
    } finally {
      this.busy = false
      if (id === this.call_id) this.#leave()
    }
  }
}

customElements.define('ew-swap', Swap)
