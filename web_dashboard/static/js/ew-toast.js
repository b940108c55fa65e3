// "陈洁已接手赵磊 8022 的告警": someone else took an alert. Six seconds, polite, never in the way.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { icon } from './icons.js'
import { say } from './language.js'
import { is_mine, who } from './alert-words.js'
import { waits } from './risk.js'

const SHOWN_MS = 6000

class Toast extends LightElement {
  static properties = { taken: { state: true } }

  #timer = 0

  /** Looks through messages of the feed for alerts that someone other than `me` has just taken. */
  hear(messages, me) {
    const taken = messages.findLast(one => one.type === 'alert' && one.state === 'acknowledged' && one.owner && !waits(one) && !is_mine(one.owner, me))
    if (!taken || this.taken?.id === taken.id) return
    this.taken = taken
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.taken = null }, SHOWN_MS)
  }

  render() {
    const { taken } = this
    const open = () => this.dispatchEvent(new CustomEvent('open_call', { detail: taken.call_id, bubbles: true }))
    return html`<div role="status">${taken ? html`<div class="toast">${icon('check')}<span>${say('alert.taken', taken.owner, who(taken))}</span>
      <button class="btn btn-bare" type="button" @click=${open}>${say('act.open')}</button></div>` : nothing}</div>`
  }
}

customElements.define('ew-toast', Toast)
