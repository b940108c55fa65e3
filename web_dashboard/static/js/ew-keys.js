// All keys of the board, and the switch for the single letters.
import { html } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { icon } from './icons.js'
import { BOARD_KEYS, letters_on, switch_letters } from './keys.js'
import { say } from './language.js'

class Keys extends LightElement {
  show() {
    this.querySelector('dialog').showModal()
  }

  render() {
    return html`<dialog class="keys" aria-labelledby="keys-title">
      <header><h2 id="keys-title">${say('keys.title')}</h2>
        <form method="dialog"><button class="btn btn-icon" aria-label=${say('keys.close')}>${icon('close')}</button></form></header>
      <dl>${BOARD_KEYS.map(([keys, word]) => html`<div><dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${say(word)}</dd></div>`)}</dl>
      <label><input type="checkbox" .checked=${letters_on()} @change=${event => switch_letters(event.target.checked)}> ${say('keys.letters')}</label>
    </dialog>`
  }
}

customElements.define('ew-keys', Keys)
