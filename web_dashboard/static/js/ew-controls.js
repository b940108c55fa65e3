// Theme and language: the two switches every page has.
import { html } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { icon } from './icons.js'
import { keep, say, switch_language } from './language.js'

export function switch_theme() {
  const root = document.documentElement
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark'
  keep('ew.theme', root.dataset.theme)
}

class Controls extends LightElement {
  render() {
    return html`<button class="btn btn-icon" type="button" data-do="theme" aria-label=${say('theme')} title=${say('theme')} @click=${switch_theme}>${icon('moon')}</button>
      <button class="btn btn-bare" type="button" data-do="language" title=${say('language')} @click=${switch_language}><span class="hidden">${say('language')}</span> ${say('language.other')}</button>`
  }
}

customElements.define('ew-controls', Controls)
