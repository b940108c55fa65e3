// No calls yet: how to connect a gateway, and a command that plays one.
import { html } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { icon } from './icons.js'
import { say } from './language.js'

const COMMAND = 'python run_server.py send --demo 1'

class Empty extends LightElement {
  static properties = { told: { state: true } }

  render() {
    return html`<h2>${say('empty.title')}</h2>
      <p>${say('empty.text')}</p>
      <div class="command"><code tabindex="0" data-scrolls>${COMMAND}</code><button class="btn" type="button" @click=${this.#copy}>${icon('copy')}<span>${say('empty.copy')}</span></button></div>
      <p class="told" role="status">${this.told ? say(this.told) : ''}</p>
      <dl class="ways"><dt>${say('empty.gateway')}</dt><dd>ws://${location.hostname}:9090/raw</dd></dl>
      <p class="end">${say('empty.wait')}</p>`
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(COMMAND)
      this.told = 'empty.copied'
    } catch { // plain http on another machine, or not allowed: then the text is selected for them
      getSelection().selectAllChildren(this.querySelector('code'))
      this.told = 'empty.select'
    }
  }
}

customElements.define('ew-empty', Empty)
