// No calls yet: how to connect a gateway, and a command that plays one to the very port that is open.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { base_of, command_of, is_local } from './gate.js'
import { icon } from './icons.js'
import { say } from './language.js'
import { words } from './words.js'

class Empty extends LightElement {
  /** `door` as GET /api/v1/setup tells it: null while calls cannot come in, undefined while nobody knows. */
  static properties = { door: { attribute: false }, told: { state: true } }

  render() {
    const { door } = this
    if (!door) return html`<h2>${say('empty.title')}</h2><p>${say(door === null ? 'empty.shut' : 'empty.asking')}</p>`
    return html`<h2>${say('empty.title')}</h2>
      <p>${say('empty.text')}</p>
      <div class="command"><code tabindex="0" data-scrolls>${command_of(door, location.hostname)}</code><button class="btn" type="button" @click=${this.#copy}>${icon('copy')}<span>${say('empty.copy')}</span></button></div>
      <p class="told" role="status">${this.told ? say(this.told) : ''}</p>
      ${door.keyed ? html`<p>${say('empty.keyed')}</p>` : nothing}
      <p class="to">${say('empty.gateway')}</p>
      <dl class="ways">${door.paths.map(path => html`<dt>${name_of(path)}</dt><dd>${base_of(door, location.hostname)}${path}</dd>`)}</dl>
      ${is_local(door) ? html`<p class="end">${say('empty.local')}</p>` : nothing}
      <p class="end">${say('empty.wait')}</p>`
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(command_of(this.door, location.hostname))
      this.told = 'empty.copied'
    } catch { // plain http on another machine, or not allowed: then the text is selected for them
      getSelection().selectAllChildren(this.querySelector('code'))
      this.told = 'empty.select'
    }
  }
}

/** What speaks there; a path that a newer server has is its own name. */
const name_of = path => (`gate.${path.slice(1)}` in words ? say(`gate.${path.slice(1)}`) : path.slice(1))

customElements.define('ew-empty', Empty)
