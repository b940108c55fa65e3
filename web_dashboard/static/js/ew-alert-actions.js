// What a supervisor can do about an alert: take it, note, resolved, false alarm. The server's answer
// is told with an `answered` event; a refusal stands beside the buttons.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post } from './api.js'
import { say } from './language.js'
import { waits } from './risk.js'

const SETTLE_MS = 400 // a click meant for the alert before must not hit the one that took its place

class AlertActions extends LightElement {
  static properties = {
    alert: { attribute: false }, keys: { type: Boolean }, noting: { state: true }, busy: { state: true }, told: { state: true },
    resting: { state: true },
  }

  #rest = 0

  constructor() {
    super()
    Object.assign(this, { alert: null, keys: false, noting: false, busy: false, told: '', resting: false })
  }

  willUpdate(changed) {
    if (!changed.has('alert') || changed.get('alert')?.id === this.alert.id) return
    Object.assign(this, { noting: false, told: '', resting: true })
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => { this.resting = false }, SETTLE_MS)
  }

  /** `deed`: take, note, resolve, false. */
  do(deed) {
    if (this.resting || this.busy) return
    if (deed === 'take' && waits(this.alert)) this.#post('acknowledge')
    if (deed === 'resolve') this.#post('resolve')
    if (deed === 'false') this.#post('false_alarm')
    if (deed === 'note') this.#show_note()
  }

  render() {
    const button = (deed, word) => html`<button class="btn acting" type="button"
      aria-disabled=${this.resting} ?disabled=${this.busy} @click=${() => this.do(deed)}>${say(word)}</button>`
    return html`<div class="actions">
      ${waits(this.alert)
        ? html`<button class="btn btn-primary acting" type="button" aria-disabled=${this.resting} ?disabled=${this.busy}
          @click=${() => this.do('take')}><span>${say('act.take')}</span>${this.keys ? html`<kbd aria-hidden="true">A</kbd>` : nothing}</button>`
        : nothing}
      <button class="btn" type="button" aria-disabled=${this.resting} aria-expanded=${this.noting} @click=${() => this.do('note')}>${say('act.note')}</button>
      ${button('resolve', 'act.resolve')}${button('false', 'act.false')}
    </div>
    ${this.noting ? this.#note() : nothing}
    <p class="told" role="status">${this.told}</p>`
  }

  #note() {
    return html`<form class="note" @submit=${this.#save}>
      <input class="input" name="note" maxlength="500" autocomplete="off" .value=${this.alert.note || ''}
        placeholder=${say('act.note.hint')} aria-label=${say('act.note.label')}>
      <button class="btn" type="submit" ?disabled=${this.busy}>${say('act.save')}</button>
    </form>`
  }

  async #show_note() {
    this.noting = !this.noting
    await this.updateComplete
    this.querySelector('.note input')?.focus()
  }

  async #save(event) {
    event.preventDefault()
    if (await this.#post('note')) Object.assign(this, { noting: false, told: say('act.saved') })
  }

  async #post(deed) {
    const note = this.querySelector('.note input')?.value.trim() ?? this.alert.note ?? ''
    this.busy = true
    try {
      const revision = await post(`/api/v1/alerts/${encodeURIComponent(this.alert.id)}/${deed}`, { note, outcome: '' })
      this.told = ''
      this.dispatchEvent(new CustomEvent('answered', { detail: revision, bubbles: true }))
      return true
    } catch (refused) {
      this.told = refused.message
      return false
    } finally {
      this.busy = false
    }
  }
}

customElements.define('ew-alert-actions', AlertActions)
