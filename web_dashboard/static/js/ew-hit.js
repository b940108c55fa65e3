// One sentence that was found: what was said around it, whose call it was, its sound, the way to the call.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { queue_of, sentence, who } from './alert-words.js'
import { duration, moment, wall_ms } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'
import { PAUSE_SECONDS, spoken_in } from './richtext.js'
import './ew-clip-player.js'

class Hit extends LightElement {
  static properties = { hit: { attribute: false }, playing: { state: true } }

  constructor() {
    super()
    Object.assign(this, { hit: null, playing: false })
  }

  render() {
    const { hit } = this
    const said = hit.sentence
    return html`<p class="facts">${this.#facts().map((fact, index) => html`${index ? html`<i class="sep"></i>` : nothing}${fact}`)}</p>
      ${hit.before.map(around)}
      <p class="found"><span class="party">${say('story.said', say(`party.${said.party}`))}</span><q>${sentence(said, said.silence_after >= PAUSE_SECONDS)}</q></p>
      ${hit.after.map(around)}
      <div class="hit-foot">${this.#sound()}<a href=${`/insights/calls/${hit.call}#u${said.utterance}`}>${say('hit.open')}</a></div>`
  }

  #facts() {
    const { hit } = this
    const at = hit.sentence.start
    const when = wall_ms(hit.began) + at * 1000
    return [html`<b>${who(hit)}</b>`, queue_of(hit), hit.customer && say('call.customer', hit.customer), hit.order_id && say('call.order', hit.order_id),
      html`<time datetime=${new Date(when).toISOString()}>${moment(when, language())}</time>`, say('hit.at', duration(at))].filter(Boolean)
  }

  #sound() {
    const { hit } = this
    if (!hit.clip) return html`<span class="dim">${say(hit.record ? 'hit.silent' : 'clip.no_consent')}</span>`
    if (this.playing) return html`<ew-clip-player .of=${String(hit.id)} .src=${hit.clip}></ew-clip-player>`
    return html`<button class="btn" type="button" @click=${this.#play}>${icon('play', 'i-12')}<span>${say('hit.play')}</span></button>`
  }

  async #play() {
    this.playing = true
    await this.updateComplete
    const player = this.querySelector('ew-clip-player')
    const from = Number(new URLSearchParams(this.hit.clip.split('?')[1]).get('from'))
    await player.play_from(this.hit.sentence.start - from)
    player.querySelector('button')?.focus()
  }
}

const around = said => html`<p class="around"><span class="party">${say('story.said', say(`party.${said.party}`))}</span><span lang=${spoken_in(said.text)}>${said.text}</span></p>`

customElements.define('ew-hit', Hit)
