// The agent's panel: one prompt, the customer's last words, the checklist, the customer's mood. The agent has a
// customer in the ear: nothing moves, nothing sounds, and nothing is said of the agent's own emotion.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { get, to_sign_in } from './api.js'
import { embedded, has_session } from './embedded.js'
import { last_words, live_call, present_help, present_messages, present_prompt, sentences_of } from './agent-call.js'
import { length, media_now } from './board-state.js'
import { duration } from './format.js'
import { icon } from './icons.js'
import { on_language, say } from './language.js'
import { mood_of, trend } from './mood.js'
import { sentence } from './alert-words.js'
import { Store } from './store.js'
import './ew-checklist.js'
import './ew-controls.js'
import './ew-help.js'
import './ew-message.js'
import './ew-mood-curve.js'
import './ew-prompt.js'

class AgentPanel extends LightElement {
  static properties = { me: { state: true }, earlier: { state: true }, hidden_prompts: { state: true } }

  agent_id = decodeURIComponent(location.pathname.split('/')[2])
  store = new Store(`/api/v1/agents/${encodeURIComponent(this.agent_id)}/feed`)
  #asked = ''

  constructor() {
    super()
    Object.assign(this, { me: null, earlier: [], hidden_prompts: new Set() })
  }

  connectedCallback() {
    super.connectedCallback()
    this.store.subscribe(() => this.requestUpdate())
    this.store.on_messages(messages => this.#hear(messages))
    this.store.open()
    addEventListener('keydown', event => this.#press(event))
    on_language(() => this.#title())
    this.#title()
    if (embedded) this.me = { agent_id: this.agent_id } // nobody else's session lets a frame in
    else get('/api/v1/me').then(me => { this.me = me }, () => {}) // the feed tells who may not be here
  }

  /** What is for the agent waits for no tick. */
  #hear(messages) {
    if (messages?.some(({ type }) => type === 'prompt' || type === 'message')) this.requestUpdate()
  }

  #title() {
    document.title = say('page.agent')
  }

  willUpdate() {
    const call = this.#call()
    if (call && call.call_id !== this.#asked) this.#ask(call.call_id)
  }

  render() {
    const call = this.#call()
    const now = this.store.now()
    const mine = this.me?.agent_id === this.agent_id
    return html`<h1 class="hidden">${say('h1.agent')}</h1>${this.#bar(call, now)}
      <ew-prompt .prompt=${this.#prompt(call)} .calm=${this.#calm(call)} .mine=${mine}
        @answered=${event => this.store.learn(event.detail)} @hide=${event => { this.hidden_prompts = new Set([...this.hidden_prompts, event.detail]) }}></ew-prompt>
      ${call ? html`${this.#said(call)}<ew-checklist .items=${call.checklist || []}></ew-checklist>${this.#mood(call, now)}` : nothing}
      <footer class="foot" @answered=${event => this.store.learn(event.detail)}>
        <ew-message .messages=${present_messages(this.store.state.messages, call)} .now=${now} .mine=${mine}></ew-message>
        ${mine ? html`<ew-help .call=${call} .alert=${present_help(this.store.state.alerts, call)} .now=${now}></ew-help>` : nothing}</footer>`
  }

  #call() {
    const call = live_call(this.store.state.calls, this.store.state.prompts, this.hidden_prompts)
    if (!call || call.recent.length > 1 || !this.earlier.length) return call
    return this.#asked === call.call_id ? { ...call, recent: this.earlier } : call
  }

  #prompt(call) {
    return this.store.broken ? null : present_prompt(this.store.state.prompts, call, this.hidden_prompts)
  }

  #calm(call) {
    if (this.store.broken) return 'agent.offline'
    return call ? 'agent.calm' : 'agent.waiting'
  }

  #bar(call, now) {
    const { phase, broken } = this.store
    const word = phase.name === 'forbidden' ? 'forbidden.title' : broken && embedded && !has_session() ? 'embedded.no_ticket' : broken ? 'agent.broken' : call ? 'agent.on_call' : 'agent.idle'
    return html`<header class="bar">${icon(broken ? 'cloud-off' : 'phone')}
      <span class="state" role="status">${say(word)}${phase.name === 'forbidden' && !embedded ? html` <a href="/login" @click=${sign_in}>${say('forbidden.go')}</a>` : nothing}</span>
      ${call ? html`<span class="dim num">${duration(length(call, now))}</span>` : nothing}
      ${!broken && this.store.state.status?.model.demonstration ? html`<span class="badge" title=${say('model.demonstration.why')}>${say('model.demonstration')}</span>` : nothing}
      <ew-controls></ew-controls></header>`
  }

  #said(call) {
    const sentences = last_words(call)
    return html`<section class="said"><h2>${say('said.title')}</h2>
      ${sentences.length ? sentences.map((said, index) => html`<q class=${index < sentences.length - 1 ? 'past' : ''}>${sentence(said, said.paused)}</q>`)
        : html`<p class="dim">${say('said.nothing')}</p>`}</section>`
  }

  #mood(call, now) {
    const mood = mood_of(call)
    const at = media_now(call, now)
    const way = trend(call.mood, at)
    return html`<section class="mood-box"><div><h2>${say('call.mood')}</h2>
        <p><span class=${`mood mood-${mood.tone}`}>${say(mood.word)}</span><span class="trend">${way ? say(`mood.${way}`) : ''}</span></p></div>
      <ew-mood-curve .mood=${call.mood} .alerts=${[]} .heard=${true} .now=${Math.round(at)} .window=${300} .width=${144} .height=${40}></ew-mood-curve></section>`
  }

  /** The snapshot holds one sentence of a call: the second comes from the call itself. */
  async #ask(id) {
    this.#asked = id
    this.earlier = []
    try {
      const { events } = await get(`/api/v1/calls/${encodeURIComponent(id)}`)
      if (this.#asked === id) this.earlier = sentences_of(events).slice(-8)
    } catch { /* the panel does without: the next sentence comes by the feed */ }
  }

  #press(event) {
    const index = ['Digit1', 'Digit2', 'Digit3', 'Digit4'].indexOf(event.code)
    if (!event.altKey || event.ctrlKey || event.metaKey || index < 0) return
    event.preventDefault()
    if (index < 3) this.querySelector('ew-prompt').answer(index)
    else this.querySelector('ew-help')?.ask()
  }
}

function sign_in(event) {
  event.preventDefault()
  to_sign_in()
}

customElements.define('ew-agent-panel', AgentPanel)
