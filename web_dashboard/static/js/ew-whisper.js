// A word to the agent of the open call, which the customer does not hear. What was typed for one call
// never goes to another.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { agent_of } from './alert-words.js'
import { icon } from './icons.js'
import { say } from './language.js'

export const LONGEST = 300 // characters, as the server has it
const OWN = ['whisper.phrase.1', 'whisper.phrase.2', 'whisper.phrase.3']

class Whisper extends LightElement {
  /** `phrases` to choose from, the board's own if none; `last` is the newest whisper of the call's story, if any. */
  static properties = {
    call: { attribute: false }, last: { attribute: false }, phrases: { attribute: false }, text: { state: true }, busy: { state: true }, told: { state: true },
  }

  constructor() {
    super()
    Object.assign(this, { call: null, last: null, phrases: [], text: '', busy: false, told: '' })
  }

  willUpdate(changed) {
    if (changed.has('call') && changed.get('call')?.call_id !== this.call?.call_id) Object.assign(this, { text: '', told: '' })
  }

  /** Puts the cursor in the line; false where there is none. */
  write() {
    const line = this.querySelector('input')
    line?.focus()
    return Boolean(line)
  }

  render() {
    const { call } = this
    if (!call || call.ended) return nothing
    if (!call.agent_id) return html`<section class="whisper"><p class="to">${icon('whisper')}<span>${say('whisper.nobody')}</span></p></section>`
    return html`<section class="whisper"><p class="to">${icon('whisper')}<span>${say('whisper.to', agent_of(call))}</span>
        <span class="dim" role="status">${this.told || this.#how()}</span></p>
      <div class="phrases" role="group" aria-label=${say('whisper.phrases')}>${this.#phrases().map(phrase => html`<button class="btn" type="button" @click=${() => this.#choose(phrase)}>${phrase}</button>`)}</div>
      <form class="line" @submit=${this.#send}><input class="input" name="text" maxlength=${LONGEST} autocomplete="off" .value=${this.text}
          placeholder=${say('whisper.hint')} aria-label=${say('whisper.label', agent_of(call))} @input=${event => { this.text = event.target.value }}>
        <button class="btn" type="submit" aria-label=${say('whisper.send')} title=${say('whisper.send')} ?disabled=${this.busy}>${icon('send')}</button></form></section>`
  }

  #phrases() {
    return this.phrases.length ? this.phrases : OWN.map(word => say(word))
  }

  /** Into the line, not on its way: one look at it before it is sent. */
  async #choose(phrase) {
    this.text = phrase.slice(0, LONGEST)
    await this.updateComplete
    this.write()
  }

  #how() {
    if (!this.last) return ''
    return say(this.last.seen ? 'whisper.seen' : 'whisper.sent')
  }

  async #send(event) {
    event.preventDefault()
    const id = this.call.call_id
    const text = this.text.trim()
    if (!text || this.busy) return
    this.busy = true
    try {
      const message = await post(`/api/v1/calls/${encodeURIComponent(id)}/message`, { text })
      if (id === this.call?.call_id) Object.assign(this, { text: '', told: '' })
      this.dispatchEvent(new CustomEvent('answered', { detail: message, bubbles: true }))
    } catch (refused) {
      if (id === this.call?.call_id) this.told = refused.message
    } finally {
      this.busy = false
    }
  }
}

customElements.define('ew-whisper', Whisper)
