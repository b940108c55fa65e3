// One call in full: whose it is, why it was raised, the mood, and what was said. Fetched once when it
// opens, then it grows by the feed.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { get } from './api.js'
import { length } from './board-state.js'
import { NO_STORY, last_whisper, tell, tell_over } from './call-story.js'
import { Drafts } from './drafts.js'
import { duration } from './format.js'
import { icon } from './icons.js'
import { say } from './language.js'
import { agent_of, queue_of, reason_of, severity_of, state_of, title_of } from './alert-words.js'
import { clips_of } from './time-line.js'
import './ew-alert-actions.js'
import './ew-call-sound.js'
import './ew-swap.js'
import './ew-transcript.js'
import './ew-whisper.js'

class CallDrawer extends LightElement {
  static properties = {
    store: { attribute: false }, call_id: {}, call: { attribute: false }, alerts: { attribute: false }, now: { type: Number },
    me: { attribute: false }, phrases: { attribute: false }, story: { state: true }, fault: { state: true }, loading: { state: true }, fetched: { state: true },
    pointed: { state: true },
  }

  clips = []
  #stop = () => {}
  #drafts = new Drafts(draft => this.#hear([draft]))

  constructor() {
    super()
    Object.assign(this, { call_id: '', call: null, alerts: [], phrases: [], story: NO_STORY, fault: '', loading: false, fetched: null, pointed: '' })
  }

  connectedCallback() {
    super.connectedCallback()
    this.#stop = this.store.on_messages(messages => this.#hear(messages))
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#stop()
    this.#drafts.follow('')
  }

  willUpdate(changed) {
    if (changed.has('story')) this.clips = clips_of(this.story)
    this.#drafts.follow(this.call && !this.call.ended ? this.call_id : '')
    if (!changed.has('call_id')) return
    Object.assign(this, { story: NO_STORY, fault: '', fetched: null, pointed: '' })
    this.#fetch()
  }

  do(deed) {
    if (deed === 'play') this.#sound?.toggle()
    else if (deed === 'earlier' || deed === 'later') this.#sound?.step(deed === 'later' ? 1 : -1)
    else this.querySelector('.reason ew-alert-actions')?.do(deed)
  }

  /** Puts the cursor where a whisper is written; false where nobody can be told. */
  whisper() {
    return this.querySelector('ew-whisper').write()
  }

  get #sound() {
    return this.querySelector('ew-call-sound')
  }

  render() {
    const call = this.call || this.fetched
    return html`${this.#head(call)}
      ${this.alerts.length && call ? this.#reason(this.alerts[0], call) : nothing}
      ${call ? html`<ew-call-sound .story=${this.story} .call=${call} .alerts=${this.alerts} .now=${this.now} @pointed=${event => { this.pointed = event.detail }}></ew-call-sound>` : nothing}
      ${this.fault
        ? html`<div class="fault" role="status"><p>${this.fault}</p><button class="btn" type="button" @click=${this.#fetch}>${say('call.retry')}</button></div>`
        : this.loading ? html`<p class="fault dim">${say('call.loading')}</p>`
          : html`<ew-transcript class="transcript" .story=${this.story} .call=${call} .now=${this.now} .evidence=${this.alerts[0]?.evidence || []}
            .clips=${this.clips} .pointed=${this.pointed} @listen=${event => this.#sound.listen(event.detail)}></ew-transcript>`}
      <ew-whisper .phrases=${this.phrases} .call=${this.call} .last=${last_whisper(this.story)}></ew-whisper>`
  }

  #head(call) {
    const facts = call ? [say('call.customer', call.from || say('who.hidden')), call.order_id && say('call.order', call.order_id), duration(length(call, this.now))] : []
    return html`<div class="call-head"><div>
        <h2 tabindex="-1">${call ? agent_of(call) : this.call_id} <span class="dim">${this.#place(call)}</span></h2>
        <p>${facts.filter(Boolean).map((fact, index) => html`${index ? html`<i class="sep"></i>` : nothing}<span class="num">${fact}</span>`)}</p>
      </div>
      ${this.call && !this.call.ended ? html`<button class="btn btn-icon acting swaps" type="button" aria-label=${say('swap')} title=${say('swap')}
        @click=${() => this.querySelector('ew-swap').ask()}>${icon('swap')}</button>` : nothing}
      <button class="btn btn-icon" type="button" aria-label=${say('call.close')} title=${say('call.close')}
        @click=${() => this.#tell('close_call')}>${icon('close')}</button></div>
      <ew-swap .call_id=${this.call_id} .known=${call?.swapped} @left=${() => this.querySelector('.swaps')?.focus()}></ew-swap>`
  }

  #place(call) {
    const facts = call ? [call.agent_name && call.agent_id, queue_of(call)].filter(Boolean) : []
    return facts.map((fact, index) => html`${index ? html`<i class="sep"></i>` : nothing}${fact}`)
  }

  #reason(alert, call) {
    const [why, rule] = reason_of(alert)
    return html`<section class="reason" aria-label=${say('alert.why')}>
      <h3>${severity_of(alert)}<b>${title_of(alert.kind, alert.severity)}</b><span class="dim">${state_of(alert, this.now, this.me)}</span></h3>
      <p><span>${why}</span> <span class="rule">${rule}</span>${alert.note ? html`<span class="kept">${say('act.note')}: ${alert.note}</span>` : nothing}</p>
      <ew-alert-actions .alert=${alert}></ew-alert-actions></section>`
  }

  #hear(messages) {
    if (messages === null) return this.#fetch()
    const mine = messages.filter(message => message.call_id === this.call_id)
    if (mine.length) this.story = tell(this.story, mine)
  }

  async #fetch() {
    const id = this.call_id
    this.loading = this.story === NO_STORY
    try {
      const { call, events } = await get(`/api/v1/calls/${encodeURIComponent(id)}`)
      if (id !== this.call_id) return
      // What the feed brought meanwhile is newer than the answer, so it is told after it.
      Object.assign(this, { story: tell_over(tell(NO_STORY, events), this.story), fetched: { ...call, heard: this.store.now() }, fault: '' })
    } catch (refused) {
      if (id === this.call_id && this.story === NO_STORY) this.fault = refused.message
    } finally {
      if (id === this.call_id) this.loading = false
    }
  }

  #tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }))
  }
}

customElements.define('ew-call-drawer', CallDrawer)
