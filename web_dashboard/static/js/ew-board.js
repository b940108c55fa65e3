// The supervisor's board: puts the parts together, and says which call is open and what a key does.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { get } from './api.js'
import { queue_names, queue_of, title_of, who } from './alert-words.js'
import { Desktop } from './desktop.js'
import { clock } from './format.js'
import { NO_FILTERS, from_address, matches, passes, to_address } from './find.js'
import { BOARD_KEYS, command_of, letters_on } from './keys.js'
import { on_language, say } from './language.js'
import { close_left_menus } from './menu.js'
import { alerts_by_call, on_list, popups, rings } from './risk.js'
import { Bell } from './sound.js'
import { Store } from './store.js'
import { SHOWN } from './ew-summary.js'
import './ew-alert-popup.js'
import './ew-banner.js'
import './ew-call-drawer.js'
import './ew-call-list.js'
import './ew-empty.js'
import './ew-filters.js'
import './ew-header.js'
import './ew-keys.js'
import './ew-toast.js'

const NONE = []
const FOOT_KEYS = ['key.move', 'key.open', 'key.take', 'key.whisper', 'key.mute', 'key.all']
const DEEDS = ['take', 'note', 'resolve', 'false', 'play']
const MARKS = ['earlier', 'later']
const ASK_MS = 3000
const NARROW = '(max-width: 1180px)'

class Board extends LightElement {
  static properties = {
    open: { state: true }, only: { state: true }, query: { state: true }, filters: { state: true }, hide: { state: true },
    me: { state: true }, setup: { state: true },
  }

  store = new Store('/api/v1/feed')
  bell = new Bell(() => this.requestUpdate())
  desktop = new Desktop(() => this.requestUpdate(), notification_words, call => this.#open(call))
  #known = false
  #asked = -ASK_MS

  constructor() {
    super()
    Object.assign(this, from_address(location.search), { me: null })
    if (!SHOWN[this.only]) this.only = ''
  }

  connectedCallback() {
    super.connectedCallback()
    this.store.subscribe(() => this.#changed())
    this.store.on_messages(messages => this.#hear(messages))
    this.store.open()
    addEventListener('keydown', event => this.#press(event))
    close_left_menus()
    on_language(() => this.#title())
    this.#title()
    get('/api/v1/me').then(me => { this.me = me; this.dataset.role = me.role }, () => {}) // the feed tells who may not be here
  }

  /** Where gateways connect is asked for until they can, and after every reconnect: it may be another server. */
  #changed() {
    this.requestUpdate()
    const anew = this.#asked < 0
    if ((anew || !this.setup?.stream) && !this.store.broken && this.store.state.status) this.#ask()
  }

  #ask() {
    if (Date.now() - this.#asked < ASK_MS) return
    this.#asked = Date.now()
    get('/api/v1/setup').then(setup => { this.setup = setup }, () => {}) // asked again; the banner tells what is wrong
  }

  #title() {
    document.title = say('page.board')
  }

  /** At once, not with the next drawing: a browser lets the timers of a hidden page rest for a minute. */
  #hear(messages) {
    if (messages === null) this.#asked = -ASK_MS // a snapshot
    if (messages) this.querySelector('ew-toast')?.hear(messages, this.me || {})
    const { alerts } = this.store.state
    for (const follower of [this.store.seen, this.bell, this.desktop]) follower.follow(alerts)
    const news = rings(alerts, this.bell.rung)
    this.bell.ring(news, !this.#known)
    if (this.#known && !this.bell.choice.muted) this.desktop.tell(news)
    this.#known = true
    if (messages?.some(message => message.type === 'alert')) this.#pop()
  }

  /** By itself: a popup waits for no drawing of the list, which comes four times a second. */
  #pop() {
    const popup = this.querySelector('ew-alert-popup')
    if (popup) Object.assign(popup, { calls: this.store.state.calls, now: this.store.now(), waiting: this.#waiting() })
  }

  #waiting() {
    return popups(this.store.state.alerts, this.store.seen.all).filter(alert => alert.call_id !== this.open)
  }

  updated() {
    const address = to_address(this)
    if (address !== location.search) history.replaceState(null, '', location.pathname + address)
    const { alerts } = this.store.state
    for (const alert of alerts.values()) if (alert.call_id === this.open) this.store.seen.put_away(alert)
  }

  render() {
    const { store } = this
    const now = store.now()
    const by_call = alerts_by_call(store.state.alerts)
    const tick = Math.floor(Date.now() / 1000)
    const waiting = this.#waiting()
    return html`<div class=${`app ${this.open ? 'has-drawer' : ''} ${store.broken ? 'is-stale' : ''}`} @open_call=${event => this.#open(event.detail)}
        @close_call=${() => this.#open('')} @put_away=${event => store.seen.put_away(event.detail)} @answered=${event => store.learn(event.detail)}
        @show_only=${event => { this.only = event.detail }} @filter=${event => Object.assign(this, event.detail)} @retry=${() => store.feed.open()}>
      <ew-header class="top" role="banner" here="board" .phase=${store.phase} .status=${store.state.status} .me=${this.me}
        .bell=${this.bell} .choice=${this.bell.choice} .blocked=${this.bell.blocked}
        .desktop=${this.desktop} .notified=${this.desktop.choice}></ew-header>
      <ew-banner .phase=${store.phase} .status=${store.state.status} .now=${now} .tick=${tick}></ew-banner>
      ${this.#list(now, by_call, waiting)}
      ${this.open ? this.#drawer(now, by_call) : nothing}
    </div><ew-keys></ew-keys>`
  }

  #list(now, by_call, waiting) {
    const all = [...this.store.state.calls.values()].filter(call => on_list(call, by_call.get(call.call_id), call.call_id === this.open))
    const keep = SHOWN[this.only] || (() => true)
    const calls = all.filter(call => {
      const alerts = by_call.get(call.call_id) || NONE
      return keep(call, alerts) && passes(call, alerts, this.filters, queue_names) && matches(call, this.query, queue_names)
    })
    const { status } = this.store.state
    return html`<main class="list"><h1 class="hidden">${say('h1.board')}</h1>
      <ew-summary class="summary" .calls=${all} .alerts=${by_call}
        .now=${Math.floor(now / 1000) * 1000} .limit=${status?.load.limit || 0} .only=${this.only}></ew-summary>
      ${all.length ? html`<ew-filters .calls=${all} .shown=${calls.length} .only=${this.only} .query=${this.query} .filters=${this.filters} .hide=${this.hide}></ew-filters>` : nothing}
      ${this.store.broken && this.store.phase.since ? html`<p class="as-of">${say('stale.as_of', clock(now))}</p>` : nothing}
      ${this.#calls(all, calls, now, by_call)}
      ${this.#foot()}
      <ew-alert-popup class="popups" role="complementary" aria-label=${say('alert.label')} .calls=${this.store.state.calls} .now=${now} .waiting=${waiting}></ew-alert-popup>
      <ew-toast></ew-toast>
    </main>`
  }

  #calls(all, calls, now, by_call) {
    if (!this.store.state.status) return html`<div class="table"></div>`
    if (!all.length) return html`<div class="table"><ew-empty class="empty" .door=${this.setup?.stream}></ew-empty></div>`
    if (!calls.length) {
      const clear = () => Object.assign(this, { only: '', query: '', filters: NO_FILTERS })
      return html`<div class="table"><div class="empty"><p>${say('find.none')}</p>
        <p><button class="btn" type="button" @click=${clear}>${say('find.clear')}</button></p></div></div>`
    }
    return html`<ew-call-list .hide=${this.hide} .calls=${calls} .alerts=${by_call} .now=${Math.floor(now / 1000) * 1000} .open=${this.open} .me=${this.me || {}}></ew-call-list>`
  }

  #foot() {
    if (this.store.broken) return html`<footer class="foot"><span>${say('stale.promise')}</span></footer>`
    const shown = BOARD_KEYS.filter(([, word]) => FOOT_KEYS.includes(word))
    return html`<footer class="foot">${shown.map(([keys, word]) => html`<span>${keys.map(key => html`<kbd>${key}</kbd> `)}${say(word)}</span>`)}</footer>`
  }

  #drawer(now, by_call) {
    const call = this.store.state.calls.get(this.open) || null
    return html`<ew-call-drawer class="drawer" role="complementary" aria-label=${say('call.label', call?.agent_name || this.open)}
      .store=${this.store} .call_id=${this.open} .call=${call} .alerts=${by_call.get(this.open) || NONE} .now=${now} .me=${this.me || {}}
      .phrases=${this.setup?.phrases || NONE}></ew-call-drawer>`
  }

  async #open(id) {
    const left = this.open
    this.open = id
    await this.updateComplete
    if (!id) this.querySelector('ew-call-list')?.focus_call(left)
    else if (matchMedia(NARROW).matches) this.querySelector('.drawer h2')?.focus()
  }

  #press(event) {
    const command = command_of(event, letters_on())
    if (command && this.#obey(command, event)) event.preventDefault()
  }

  #obey(command, event) {
    const list = this.querySelector('ew-call-list')
    const popup = this.querySelector('ew-alert-popup')
    if (DEEDS.includes(command)) return popup.do(command) || Boolean(this.querySelector('ew-call-drawer')?.do(command) ?? this.open)
    if (MARKS.includes(command)) return this.querySelector('ew-call-drawer')?.do(command) ?? Boolean(this.open)
    switch (command) {
      case 'next': return list?.move(1) ?? true
      case 'previous': return list?.move(-1) ?? true
      case 'open': return event.target.dataset?.call ? this.#open(event.target.dataset.call) : false
      case 'escape': return this.#escape(popup, event)
      case 'find': return this.querySelector('ew-filters')?.focus() ?? true
      case 'whisper': return this.querySelector('ew-call-drawer')?.whisper() ?? false
      case 'mute': return this.bell.choose({ muted: !this.bell.choice.muted }) ?? true
      default: return this.querySelector('ew-keys').show() ?? true
    }
  }

  /** Out of an input first, then the popup, then the call. */
  #escape(popup, event) {
    if (event.target.matches('input')) event.target.blur()
    else if (popup.current) this.store.seen.put_away(popup.current)
    else if (this.open) this.#open('')
    return !event.target.closest('dialog')
  }
}

function notification_words(alert, others) {
  const facts = [who(alert), queue_of(alert), others && say('alert.next', others)]
  return [`${say(`sev.${alert.severity}`)} · ${title_of(alert.kind, alert.severity)}`, facts.filter(Boolean).join(' · ')]
}

customElements.define('ew-board', Board)
