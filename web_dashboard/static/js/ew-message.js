// What the supervisor whispers to the agent: at the foot of the panel, over nothing that is being read
// out, without a sound. It stays until the agent says that it was seen.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { ago, wall_ms } from './format.js'
import { language, say } from './language.js'
import { spoken_in } from './richtext.js'

class Message extends LightElement {
  static properties = {
    messages: { attribute: false }, now: { type: Number }, mine: { type: Boolean }, busy: { state: true }, told: { state: true },
  }

  constructor() {
    super()
    Object.assign(this, { messages: [], now: 0, mine: false, busy: false, told: '' })
  }

  /** The live region holds no clock: a screen reader says each message once. */
  render() {
    const { messages } = this
    return html`<div class="hidden" role="status">${messages.map(one => html`<p>${say('message.from', one.from)}: ${one.text}</p>`)}</div>
      ${messages.length ? html`<section class="from-boss" aria-label=${say('message.label')}>${messages.map(one => this.#message(one))}
        ${this.told ? html`<p class="told" role="status">${this.told}</p>` : nothing}</section>` : nothing}`
  }

  #message(one) {
    return html`<div class="message" data-message=${one.id}><div><h2>${say('message.from', one.from)} <span class="num">${ago(wall_ms(one.wall), this.now, language())}</span></h2>
        <p lang=${spoken_in(one.text)}>${one.text}</p></div>
      ${this.mine ? html`<button class="btn" type="button" ?disabled=${this.busy} @click=${() => this.#seen(one)}>${say('message.seen')}</button>` : nothing}</div>`
  }

  async #seen({ id }) {
    this.busy = true
    try {
      const message = await post(`/api/v1/messages/${encodeURIComponent(id)}/seen`)
      this.told = ''
      this.dispatchEvent(new CustomEvent('answered', { detail: message, bubbles: true }))
    } catch (refused) {
      this.told = refused.message
    } finally {
      this.busy = false
    }
  }
}

customElements.define('ew-message', Message)
