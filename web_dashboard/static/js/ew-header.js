// The bar on top: what this is, whether it is live, the sound, and who is signed in.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { post, to_sign_in } from './api.js'
import { mark, icon } from './icons.js'
import { say } from './language.js'
import { close_on_escape } from './menu.js'
import './ew-controls.js'

const NOTICEABLE_LAG_MS = 1000
const SEVERITIES = ['critical', 'high', 'watch']

class Header extends LightElement {
  static properties = {
    phase: { attribute: false }, status: { attribute: false }, me: { attribute: false }, bell: { attribute: false },
    choice: { attribute: false }, blocked: { type: Boolean },
  }

  render() {
    return html`<a class="brand" href="/">${icon('brand', 'i-24')}<span>${say('brand')}</span></a>
      ${this.status?.model.demonstration ? html`<span class="badge" title=${say('model.demonstration.why')}>${say('model.demonstration')}</span>` : nothing}
      <span class="feed" role="status">${this.#feed()}</span>
      ${this.bell ? this.#sound() : nothing}
      <ew-controls></ew-controls>
      ${this.me ? this.#account() : nothing}`
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
    const box = (checked, change) => html`<input type="checkbox" .checked=${checked} @change=${event => change(event.target.checked)}>`
    return html`<details class="menu" @keydown=${close_on_escape}>
      <summary class="btn btn-bare" title=${words}>${icon(off ? 'muted' : 'sound')}<span class="hidden">${say('sound.label')}</span><span class="words-of">${words}</span></summary>
      <div class="menu-body">
        ${SEVERITIES.map(severity => html`<label>
          <span class=${`sev sev-${severity}`}>${mark(severity)}<span>${say(`sev.${severity}`)}</span></span>
          ${box(choice[severity], on => this.bell.choose({ [severity]: on }))}</label>`)}
        <label><span>${say('sound.mute')}</span>${box(choice.muted, muted => this.bell.choose({ muted }))}</label>
      </div>
    </details>`
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

async function sign_out() {
  await post('/api/v1/logout').catch(() => {}) // signed out already, or no network: the sign-in page tells
  to_sign_in()
}

customElements.define('ew-header', Header)
