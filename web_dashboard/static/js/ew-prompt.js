// The prompt: one at a time, always in the same place and of the same height. What to say aloud is the
// largest text of the panel. Accepting leaves it there: the agent is about to read it out.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { icon } from './icons.js'
import { pick, say } from './language.js'
import { spoken_in } from './richtext.js'

const ANSWERS = [['accepted', 'prompt.accept'], ['dismissed', 'prompt.dismiss'], ['not_useful', 'prompt.useless']]

class Prompt extends LightElement {
  static properties = { prompt: { attribute: false }, calm: {}, mine: { type: Boolean }, busy: { state: true }, told: { state: true } }

  constructor() {
    super()
    Object.assign(this, { prompt: null, calm: 'agent.waiting', mine: false, busy: false, told: '' })
  }

  willUpdate(changed) {
    if (changed.has('prompt') && changed.get('prompt')?.id !== this.prompt?.id) this.told = ''
  }

  /** When a prompt is on the screen is measured from outside: how long it took is nobody's guess. */
  updated(changed) {
    const { prompt } = this
    if (changed.has('prompt') && prompt && changed.get('prompt')?.id !== prompt.id) performance.mark('ew.prompt', { detail: prompt.id })
  }

  /** Answer number `index`, from 0: accepted, dismissed, not useful. */
  answer(index) {
    if (this.prompt && this.mine && !this.busy) this.#post(ANSWERS[index][0])
  }

  render() {
    const { prompt } = this
    return html`<section class=${`prompt ${prompt ? '' : 'is-empty'}`} aria-live="polite" aria-label=${say('prompt.label')}>
      ${prompt ? this.#prompt(prompt) : html`${icon('speak', 'i-20')}<b>${say(this.calm)}</b><p>${say(`${this.calm}.more`)}</p>`}</section>`
  }

  #prompt(prompt) {
    return html`<h2>${pick(prompt.title)}</h2>
      <p class="try">${prompt.say.map(text => html`<span lang=${spoken_in(text)}>${text}</span> `)}</p>
      <p class="because">${prompt.quote ? html`<q lang=${spoken_in(prompt.quote)}>${prompt.quote}</q> ` : nothing}<span>${pick(prompt.because)}</span></p>
      ${this.told ? html`<p class="told">${this.told}</p>` : nothing}
      ${this.mine ? html`<div class="actions">${prompt.state === 'accepted' ? this.#accepted() : ANSWERS.map((_, index) => this.#button(index))}</div>` : nothing}`
  }

  #accepted() {
    return html`<span class="done">${icon('check')}${say('prompt.state.accepted')}</span>
      <button class="btn" type="button" @click=${() => this.#hide()}>${say('prompt.dismiss')}</button>`
  }

  #button(index) {
    const [, word] = ANSWERS[index]
    const keys = `Alt+${index + 1}`
    return html`<button class=${`btn ${index ? '' : 'btn-primary'}`} type="button" ?disabled=${this.busy} title=${keys}
      aria-keyshortcuts=${keys} @click=${() => this.answer(index)}>${say(word)}</button>`
  }

  #hide() {
    this.dispatchEvent(new CustomEvent('hide', { detail: this.prompt.id, bubbles: true }))
  }

  async #post(answer) {
    if (this.prompt.state === 'accepted') return this.#hide()
    this.busy = true
    try {
      const prompt = await post(`/api/v1/prompts/${encodeURIComponent(this.prompt.id)}/${answer}`)
      this.dispatchEvent(new CustomEvent('answered', { detail: prompt, bubbles: true }))
    } catch (refused) {
      this.told = refused.message
    } finally {
      this.busy = false
    }
  }
}

customElements.define('ew-prompt', Prompt)
