// What the agent should say in this call, ticked off by what the agent has said. It is looked at, never
// announced: a tick must not interrupt who is speaking.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { icon } from './icons.js'
import { pick, say } from './language.js'

class Checklist extends LightElement {
  static properties = { items: { attribute: false } }

  constructor() {
    super()
    this.items = []
  }

  render() {
    const { items } = this
    if (!items.length) return nothing
    const done = items.filter(item => item.done).length
    return html`<section class="checklist"><h2>${say('checklist.title')} <span class="num">${say('checklist.done_of', done, items.length)}</span></h2>
      <ul>${items.map(item => html`<li class=${item.done ? 'is-done' : ''}>${item.done ? icon('check') : html`<i aria-hidden="true"></i>`}
        <span>${pick(item.label)}</span><span class="hidden">${say(item.done ? 'checklist.done' : 'checklist.open')}</span></li>`)}</ul></section>`
  }
}

customElements.define('ew-checklist', Checklist)
