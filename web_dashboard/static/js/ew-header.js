// The bar on top: what this is, the ways to the other pages, whether it is live, the sound, and who is
// signed in. A page without a feed gives no `phase`, one without alarms no `bell`.
import { html, live, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post, to_sign_in } from './api.js'
import { NOTIFIED } from './desktop.js'
import { mark, icon } from './icons.js'
import { say } from './language.js'
import { close_on_escape } from './menu.js'
import './ew-controls.js'

const NOTICEABLE_LAG_MS = 1000
const SEVERITIES = ['critical', 'high', 'watch']

const ROOMS = [['board', '/'], ['insights', '/insights']]

class Header extends LightElement {
  static properties = {
    here: {}, phase: { attribute: false }, status: { attribute: false }, me: { attribute: false }, bell: { attribute: false },
    choice: { attribute: false }, blocked: { type: Boolean }, desktop: { attribute: false }, notified: { attribute: false },
  }

  render() {
    return html`<a class="brand" href="/">${icon('brand', 'i-24')}<span>${say('brand')}</span></a>
      ${this.me && this.me.role !== 'agent' ? this.#rooms() : nothing}
      ${this.status?.model.demonstration ? html`<span class="badge" title=${say('model.demonstration.why')}>${say('model.demonstration')}</span>` : nothing}
      ${this.phase ? html`<span class="feed" role="status">${this.#feed()}</span>` : nothing}
      ${this.bell ? this.#sound() : nothing}
      <ew-controls></ew-controls>
      ${this.me ? this.#account() : nothing}`
  }

  #rooms() {
    return html`<nav class="rooms" aria-label=${say('rooms')}>${ROOMS.map(([name, href]) => html`<a href=${href} aria-current=${this.here === name ? 'page' : nothing}>${say(`rooms.${name}`)}</a>`)}</nav>`
  }

  #feed() {
    const lag = this.status?.load.lag_ms || 0
    if (this.phase.name !== 'live') return say(this.phase.name === 'connecting' ? 'feed.connecting' : 'feed.broken')
    return lag >= NOTICEABLE_LAG_MS ? say('feed.behind', (lag / 1000).toFixed(1)) : say('feed.live')
  }

  #sound() {
    const { choice, blocked } = this
    const chosen = SEVERITIES.filter(severity => choice[severity]).map(severity => say(`sev.${severity}`))
    const off = choice.muted || !chosen.length
    const words = off ? say('sound.off') : blocked ? say('sound.blocked') : say('sound.on', chosen.join(say('join')))
    return html`<details class="menu" @keydown=${close_on_escape}>
      <summary class="btn btn-bare" title=${words}>${icon(off ? 'muted' : 'sound')}<span class="hidden">${say('sound.label')}</span><span class="words-of">${words}</span></summary>
      <div class="menu-body alarms">
        <p aria-hidden="true"><span>${say('sound.sound')}</span><span>${say('sound.desktop')}</span></p>
        ${SEVERITIES.map(severity => this.#severity(severity))}
        <label><span>${say('sound.mute')}</span>${box(say('sound.mute'), choice.muted, muted => this.bell.choose({ muted }))}</label>
        ${this.#leave()}
      </div>
    </details>`
  }

  #severity(severity) {
    const word = say(`sev.${severity}`)
    const { state } = this.desktop
    const notified = on => this.desktop.choose(severity, on)
    return html`<div class="alarm"><span class=${`sev sev-${severity}`}>${mark(severity)}<span>${word}</span></span>
      ${box(say('sound.of', word, say('sound.sound')), this.choice[severity], on => this.bell.choose({ [severity]: on }))}
      ${NOTIFIED.includes(severity)
        ? box(say('sound.of', word, say('sound.desktop')), state === 'granted' && this.notified[severity], notified, state === 'denied' || state === 'insecure')
        : html`<i></i>`}</div>`
  }

  /** Why there are no desktop notifications, and what to do. */
  #leave() {
    const { state } = this.desktop
    return state === 'denied' || state === 'insecure' ? html`<p class="leave">${say(`sound.${state}`)}</p>` : nothing
  }

  #account() {
    const { shown, name, role } = this.me
    const title = say(`role.${role}`)
    return html`<details class="menu me" @keydown=${close_on_escape}>
      <summary class="btn btn-bare"><span class="hidden">${say('me')}</span><b>${shown || name}</b>${shown === title ? nothing : html`<span class="dim">${title}</span>`}</summary>
      <div class="menu-body"><button class="btn" type="button" @click=${sign_out}>${say('sign_out')}</button></div>
    </details>`
  }
}

/** A checkbox that shows what is chosen, whatever the click wanted: the browser may have refused. */
function box(label, checked, change, disabled = false) {
  return html`<input type="checkbox" aria-label=${label} .checked=${live(checked)} ?disabled=${disabled} @change=${event => change(event.target.checked)}>`
}

async function sign_out() {
  await post('/api/v1/logout').catch(() => {}) // signed out already, or no network: the sign-in page tells
  to_sign_in()
}

customElements.define('ew-header', Header)
