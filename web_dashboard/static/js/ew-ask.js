// The search field, the chips that put labels into it, and the conditions of the call.
import { html, live, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { queue_of } from './alert-words.js'
import { LENGTHS, NOTHING, PARTIES, inserted, is_nothing, marked } from './asking.js'
import { icon } from './icons.js'
import { say } from './language.js'

const TAGS = ['ANGRY', 'SAD', 'FEARFUL', 'HAPPY', 'SILENCE', 'LAUGHTER', 'CRY']
const WORDS = ['AND', 'OR', 'NOT']

class Ask extends LightElement {
  /** `asked` as asking.js has it; `fault` {message, position, q} where it was refused. `queues` and `agents` are offered while
   * one types. Dispatches `ask` with the new wish. */
  static properties = { asked: { attribute: false }, fault: { attribute: false }, queues: { attribute: false }, agents: { attribute: false } }

  constructor() {
    super()
    Object.assign(this, { asked: NOTHING, fault: null, queues: [], agents: [] })
  }

  get field() {
    return this.querySelector('[name=q]')
  }

  render() {
    return html`<form class="ask" role="search" aria-label=${say('ask.label')} @submit=${this.#submit}>
      <div class="ask-line"><label class="search">${icon('search')}<input class="input" name="q" type="text" maxlength="1000" autocomplete="off" autocapitalize="none" spellcheck="false"
          placeholder="[ANGRY] AND 退货" aria-label=${say('ask.field')} aria-describedby="ask-fault" aria-invalid=${this.fault ? 'true' : 'false'} .value=${live(this.asked.q)}></label>
        <button class="btn btn-primary" type="submit">${say('ask.go')}</button></div>
      <p class="ask-fault" id="ask-fault" role="alert">${this.fault ? this.#fault() : nothing}</p>
      <div class="chips" role="group" aria-label=${say('ask.insert')}>
        ${TAGS.map(tag => this.#chip(`[${tag}]`, say(`ask.tag.${tag}`), `tag tag-${tag.toLowerCase()}`))}
        ${WORDS.map(word => this.#chip(word, say(`ask.word.${word}`), 'tag'))}</div>
      <div class="conditions">
        ${this.#text('agent', this.agents.map(([value, label]) => [value, label]))}
        ${this.#text('queue', this.queues.map(value => [value, queue_of({ queue: value })]))}
        ${this.#text('order', [])}
        ${this.#choice('party', PARTIES.map(party => [party, say(`party.${party}`)]))}
        ${this.#choice('length', LENGTHS.map(length => [length, say(`ask.length.${length}`)]))}
        ${this.#day('since')}${this.#day('until')}
        ${is_nothing(this.asked) ? nothing : html`<button class="btn btn-bare clear" type="button" @click=${this.#clear}>${icon('close')}<span>${say('ask.clear')}</span></button>`}
      </div></form>`
  }

  #fault() {
    const { message, position, q } = this.fault
    if (!position) return message
    const [before, wrong, after] = marked(q, position)
    return html`${say('ask.fault', message)}<code>${before}<mark>${wrong || say('ask.end')}</mark>${after}</code>`
  }

  #chip(piece, word, kind) {
    return html`<button class="btn chip" type="button" @click=${() => this.#insert(piece)}>${word} <span class=${kind}>${piece}</span></button>`
  }

  #text(name, offered) {
    return html`<label><span>${say(`ask.${name}`)}</span><input class="input" name=${name} maxlength="256" autocomplete="off" .value=${live(this.asked[name])}
      list=${offered.length ? `ask-${name}` : nothing} @change=${this.#changed}></label>
      ${offered.length ? html`<datalist id=${`ask-${name}`}>${offered.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</datalist>` : nothing}`
  }

  #choice(name, options) {
    return html`<label><span>${say(`ask.${name}`)}</span><select class="input" name=${name} @change=${this.#changed}>
      <option value="" .selected=${!this.asked[name]}>${say(`ask.${name}.any`)}</option>
      ${options.map(([value, label]) => html`<option value=${value} .selected=${this.asked[name] === value}>${label}</option>`)}</select></label>`
  }

  #day(name) {
    return html`<label><span>${say(`ask.${name}`)}</span><input class="input" type="date" name=${name} .value=${live(this.asked[name])} @change=${this.#changed}></label>`
  }

  #insert(piece) {
    const { field } = this
    const { text, at } = inserted(field.value, piece, field.selectionStart, field.selectionEnd)
    field.value = text
    field.focus()
    field.setSelectionRange(at, at)
  }

  /** A condition asks at once, unless nothing was searched for yet. */
  #changed() {
    if (!is_nothing(this.asked)) this.#tell()
  }

  #submit(event) {
    event.preventDefault()
    this.#tell()
  }

  #clear() {
    this.dispatchEvent(new CustomEvent('ask', { detail: NOTHING, bubbles: true }))
    this.field.focus()
  }

  #tell() {
    const given = Object.fromEntries(new FormData(this.querySelector('form')))
    const asked = Object.fromEntries(Object.keys(NOTHING).map(name => [name, (given[name] || '').trim()]))
    this.dispatchEvent(new CustomEvent('ask', { detail: asked, bubbles: true }))
  }
}

customElements.define('ew-ask', Ask)
