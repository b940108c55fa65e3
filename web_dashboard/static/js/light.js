// Our components render into the light DOM: one set of stylesheets styles all of them, and labels can
// point across components (aria-labelledby does not reach through a shadow root).
import { LitElement } from '../vendor/lit.js'
import { on_language } from './language.js'

export class LightElement extends LitElement {
  #stop_language = () => {}

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#stop_language = on_language(() => this.requestUpdate())
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#stop_language()
  }
}
