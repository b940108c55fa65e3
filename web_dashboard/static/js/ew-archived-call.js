// One call of long ago: whose it was, how it sounded, and every sentence, each with an address of its own (#u12).
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { queue_of, who } from './alert-words.js'
import { get } from './api.js'
import { told_of } from './archived.js'
import { duration, moment, wall_ms } from './format.js'
import { language, say } from './language.js'
import { clips_of } from './time-line.js'
import './ew-call-sound.js'
import './ew-transcript.js'

class ArchivedCall extends LightElement {
  static properties = { number: {}, told: { state: true }, fault: { state: true }, pointed: { state: true } }

  constructor() {
    super()
    Object.assign(this, { number: '', told: null, fault: '', pointed: location.hash.slice(1) })
  }

  connectedCallback() {
    super.connectedCallback()
    addEventListener('hashchange', () => { this.pointed = location.hash.slice(1) })
    this.#fetch()
  }

  async #fetch() {
    this.fault = ''
    try {
      this.told = told_of(await get(`/api/v1/archive/calls/${this.number}`))
    } catch (refused) {
      this.fault = refused.message
    }
  }

  render() {
    if (this.fault) return html`<div class="state"><h2>${say('archived.missing')}</h2><p>${this.fault}</p>
      <p><button class="btn" type="button" @click=${this.#fetch}>${say('ask.again')}</button></p></div>`
    if (!this.told) return html`<p class="told-of" role="status">${say('call.loading')}</p>`
    const { story, call, alerts } = this.told
    const now = wall_ms(call.began) + call.at * 1000
    return html`${this.#head(call)}
      <ew-call-sound whole .story=${story} .call=${call} .alerts=${alerts} .now=${now}></ew-call-sound>
      <ew-transcript class="transcript" anchors .story=${story} .call=${call} .clips=${clips_of(story)} .evidence=${alerts.flatMap(alert => alert.evidence)} .now=${now}
        .pointed=${this.pointed} @listen=${event => this.querySelector('ew-call-sound').listen(event.detail)}></ew-transcript>`
  }

  #head(call) {
    const began = wall_ms(call.began)
    const facts = [queue_of(call), call.customer && say('call.customer', call.customer), call.order_id && say('call.order', call.order_id),
      html`<time datetime=${call.began}>${moment(began, language())}</time>`, duration(call.at)].filter(Boolean)
    return html`<header class="call-head"><div><h2>${who(call)}</h2><p>${facts.map((fact, index) => html`${index ? html`<i class="sep"></i>` : nothing}${fact}`)}</p></div>
      <a class="btn" href="/insights" @click=${back}>${say('archived.back')}</a></header>`
  }
}

/** To the very search one came from, where there was one. */
function back(event) {
  const { referrer } = document
  if (!referrer || new URL(referrer).origin !== location.origin || !new URL(referrer).pathname.startsWith('/insights')) return
  event.preventDefault()
  history.back()
}

customElements.define('ew-archived-call', ArchivedCall)
