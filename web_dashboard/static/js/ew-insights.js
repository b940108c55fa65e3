// The pages about calls of long ago: the search, or one call, by the address.
import { html } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { get } from './api.js'
import { on_language, say } from './language.js'
import { close_left_menus } from './menu.js'
import './ew-archived-call.js'
import './ew-header.js'
import './ew-search.js'

const CALL = /^\/insights\/calls\/(\d+)$/

class Insights extends LightElement {
  static properties = { me: { state: true } }

  constructor() {
    super()
    this.me = null
  }

  connectedCallback() {
    super.connectedCallback()
    close_left_menus()
    on_language(() => this.#title())
    this.#title()
    get('/api/v1/me').then(me => { this.me = me }, () => {}) // the search tells who may not be here
  }

  render() {
    const call = CALL.exec(location.pathname)?.[1]
    return html`<div class="insights"><ew-header class="top" role="banner" here=${call ? '' : 'insights'} .me=${this.me}></ew-header>
      <main class=${call ? 'archived' : 'searching'}><h1 class="hidden">${say('h1.insights')}</h1>
        ${call ? html`<ew-archived-call .number=${call}></ew-archived-call>` : html`<ew-search></ew-search>`}</main></div>`
  }

  #title() {
    document.title = say('page.insights')
  }
}

customElements.define('ew-insights', Insights)
