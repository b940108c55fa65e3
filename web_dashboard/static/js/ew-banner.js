// The one place where the screen speaks about itself. Grey, never a severity colour: those belong to
// alerts. It says since when, and what still works.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { to_sign_in } from './api.js'
import { clock, number, wall_ms } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'
import { for_long } from './alert-words.js'

class Banner extends LightElement {
  static properties = { phase: { attribute: false }, status: { attribute: false }, now: { type: Number }, tick: { type: Number } }

  render() {
    const told = this.#broken() || this.#redis() || this.#overload() || this.#model() || this.#playbook()
    return told ? html`<div class="banner" role="status">${told}</div>` : nothing
  }

  #broken() {
    const { name, since } = this.phase
    if (name === 'forbidden') {
      return this.#say('cloud-off', say('forbidden.title'), say('forbidden.text'), [say('forbidden.go'), to_sign_in])
    }
    if (name !== 'broken') return null
    const title = since ? say('stale.title', clock(this.now), for_long(Date.now() - since)) : say('stale.never')
    const retry = [say('stale.now'), () => this.dispatchEvent(new CustomEvent('retry', { bubbles: true }))]
    return this.#say('cloud-off', title, this.#trying(), retry)
  }

  #trying() {
    const { attempt, next_at } = this.phase
    const wait = next_at - Date.now()
    return wait > 500 ? say('stale.retry', for_long(wait + 500), attempt) : say('stale.trying', attempt)
  }

  #redis() {
    const redis = this.status?.redis
    if (redis?.state !== 'away') return null
    const since = wall_ms(redis.since)
    const title = since ? say('redis.title', clock(since), for_long(this.now - since)) : say('redis.title.plain')
    return this.#say('store', title, this.#kept(redis))
  }

  /** How much room is left counts: once it is full, not everything comes later. */
  #kept({ kept, limit }) {
    return say(kept < limit ? 'redis.text' : 'redis.text.full', number(kept, language()), number(limit, language()))
  }

  #overload() {
    const load = this.status?.load
    if (!load?.overloaded) return null
    const since = wall_ms(load.since)
    const title = since ? say('load.title.since', clock(since), for_long(this.now - since)) : say('load.title')
    return this.#say('load', title, say('load.text', load.calls, load.limit, number(load.shed, language())))
  }

  #model() {
    const model = this.status?.model
    if (!model || model.state === 'ready') return null
    const detail = model.state === 'failed' ? model.detail : `${this.#step(model)}${say('model.loading.text')}`
    return this.#say('load', `${say(`model.${model.state}`)} (${model.name})`, detail)
  }

  #step({ step, percent }) {
    if (!step) return ''
    return percent ? say(`model.step.${step}.percent`, number(percent, language())) : say(`model.step.${step}`)
  }

  #playbook() {
    const rules = this.status?.playbook
    if (rules?.state !== 'wrong') return null
    const more = rules.faults > 1 ? say('rules.more', number(rules.faults, language())) : ''
    return this.#say('load', say('rules.title', rules.version), `${rules.fault}${more}`)
  }

  #say(name, title, text, button) {
    return html`${icon(name)}<div><b>${title}</b><span>${text}</span></div>
      ${button ? html`<button class="btn" type="button" @click=${button[1]}>${button[0]}</button>` : nothing}`
  }
}

customElements.define('ew-banner', Banner)
