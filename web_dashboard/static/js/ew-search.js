// Searching what was said, by feeling and words: the wish is in the page's address, so that it can be sent on and gone back to.
import { html, nothing, repeat } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { get } from './api.js'
import { NOTHING, PAGE, from_address, is_nothing, query_of, to_address } from './asking.js'
import { number, span } from './format.js'
import { language, say } from './language.js'
import './ew-ask.js'
import './ew-hit.js'

const EXAMPLES = ['[ANGRY] AND 退货', '([SAD] OR [SILENCE]>5s) 退款 NOT 运费', '[LAUGHTER] party:customer', '[ANGRY] at<30s']

class Search extends LightElement {
  static properties = {
    asked: { state: true }, hits: { state: true }, total: { state: true }, many: { state: true }, done: { state: true }, busy: { state: true },
    waited: { state: true }, fault: { state: true },
  }

  #turn = 0
  #clock = 0

  constructor() {
    super()
    Object.assign(this, { asked: from_address(location.search), busy: false, waited: 0 })
    this.#forget()
  }

  connectedCallback() {
    super.connectedCallback()
    addEventListener('popstate', () => this.#ask(from_address(location.search)))
    this.#ask(this.asked)
  }

  render() {
    const wrong = this.fault?.position || this.fault?.status === 400 ? this.fault : null
    return html`<ew-ask .asked=${this.asked} .fault=${wrong} .queues=${this.#offered('queue').map(([value]) => value)} .agents=${this.#offered('agent_id', 'agent_name')}
        @ask=${event => this.#go(event.detail)}></ew-ask>
      <p class="told-of" role="status">${this.#told()}</p>
      ${this.#body(wrong)}`
  }

  #told() {
    if (this.busy) return this.waited ? say('ask.busy.for', span(this.waited, language())) : say('ask.busy')
    if (!this.done || this.fault || !this.total) return ''
    if (this.many) return say('ask.found.many', number(this.total, language()))
    return this.total === 1 ? say('ask.found.1') : say('ask.found', number(this.total, language()))
  }

  #body(wrong) {
    if (wrong) return nothing
    if (this.fault) return html`<div class="state"><h2>${say('ask.away')}</h2><p>${this.fault.message}</p>
      <p><button class="btn" type="button" @click=${() => this.#fetch()}>${say('ask.again')}</button></p></div>`
    if (is_nothing(this.asked)) return this.#start()
    if (this.done && !this.hits.length) return html`<div class="state"><h2>${say('ask.none')}</h2><p>${say('ask.none.text')}</p></div>`
    return html`<ol class=${`hits ${this.busy && !this.hits.length ? 'is-busy' : ''}`}>${repeat(this.hits, hit => hit.id, hit => html`<li><ew-hit .hit=${hit}></ew-hit></li>`)}</ol>
      ${this.hits.length ? this.#more() : nothing}`
  }

  #start() {
    return html`<div class="state"><h2>${say('ask.start')}</h2><p>${say('ask.start.text')}</p>
      <ul class="examples">${EXAMPLES.map((q, index) => html`<li><button class="btn btn-bare" type="button" @click=${() => this.#go({ ...NOTHING, q })}><code>${q}</code></button>
        <span>${say(`ask.example.${index + 1}`)}</span></li>`)}</ul></div>`
  }

  #more() {
    const left = this.many ? PAGE : Math.min(PAGE, this.total - this.hits.length)
    if (left <= 0 || this.ended) return html`<p class="more dim">${say('ask.all')}</p>`
    return html`<p class="more"><button class="btn" type="button" ?disabled=${this.busy} @click=${() => this.#fetch(this.hits.at(-1).id)}>${say('ask.more', left)}</button></p>`
  }

  /** Agents and queues of what was found, to choose from: [value, label]. */
  #offered(name, label = name) {
    return [...new Map(this.hits.filter(hit => hit[name]).map(hit => [hit[name], hit[label]]))].sort()
  }

  /** A new wish: a new entry of the browser's history. */
  #go(asked) {
    const address = to_address(asked)
    if (address !== location.search) history.pushState(null, '', location.pathname + address)
    this.#ask(asked)
  }

  #ask(asked) {
    this.asked = asked
    this.#forget()
    if (is_nothing(asked)) this.#still(++this.#turn)
    else this.#fetch()
  }

  #forget() {
    Object.assign(this, { hits: [], total: 0, many: false, done: false, fault: null, ended: false })
  }

  /** The first page, or the one after the hit `before`. Whoever has asked for something else meanwhile is not told. */
  async #fetch(before = 0) {
    const turn = ++this.#turn
    const { q } = this.asked
    this.fault = null
    this.#wait()
    try {
      const found = await get(`/api/v1/search?${query_of(this.asked, before)}`)
      if (turn !== this.#turn) return
      const hits = before ? [...this.hits, ...found.hits] : found.hits
      Object.assign(this, { hits, total: found.total, many: found.more, done: true, ended: found.hits.length < PAGE })
    } catch (refused) {
      if (turn === this.#turn) this.fault = { status: refused.status, message: refused.message, position: refused.position, q }
    }
    this.#still(turn)
  }

  #wait() {
    clearInterval(this.#clock)
    Object.assign(this, { busy: true, waited: 0 })
    this.#clock = setInterval(() => { this.waited++ }, 1000)
  }

  #still(turn) {
    if (turn !== this.#turn) return
    clearInterval(this.#clock)
    this.busy = false
  }
}

customElements.define('ew-search', Search)
