// Plays the few seconds of voice that raised an alert. Nothing is fetched before someone presses play:
// who listens to a customer is on record. The bars are drawn from the clip itself; the slider over them
// is a real one, so that keys and screen readers can move in it.
import { html, svg } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { sound } from './api.js'
import { span, age } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'
import { waveform } from './waveform.js'

const TRIES = 20 // the sound is kept when the other party's sentence is over: at most so many seconds
const SHORT = 0.3 // a clip fetched before its last second was spoken is fetched again
const [WIDE, HIGH] = [224, 28]
const UNHEARD = Array(40).fill(0)

class ClipPlayer extends LightElement {
  static properties = {
    src: {}, of: {}, consent: { type: Boolean }, clip: { state: true }, fault: { state: true }, at: { state: true }, playing: { state: true },
  }

  #audio = new Audio()
  #wanted = ''

  constructor() {
    super()
    Object.assign(this, { src: '', of: '', consent: true, clip: null, fault: '', at: 0, playing: false })
    this.#audio.addEventListener('timeupdate', () => { this.at = this.#audio.currentTime })
    for (const event of ['play', 'pause', 'ended']) {
      this.#audio.addEventListener(event, () => { this.playing = !this.#audio.paused && !this.#audio.ended })
    }
  }

  willUpdate(changed) {
    // A new revision of the same alert may bring a newer clip: that must not cut off who is listening.
    if (changed.has('of') || (changed.has('src') && !this.playing)) this.#forget()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#forget()
  }

  async toggle() {
    if (this.playing) return this.#audio.pause()
    if (this.clip?.src !== this.src || this.clip.seconds < this.#expected() - SHORT) await this.#load()
    if (!this.clip) return
    try {
      await this.#audio.play()
    } catch {
      this.fault = say('clip.failed', say('clip.broken'))
    }
  }

  render() {
    if (!this.src) return html`<p class="clip dim">${say(this.consent ? 'clip.none' : 'clip.no_consent')}</p>`
    const length = span(Math.round(this.clip?.seconds ?? this.#expected()), language())
    const word = this.playing ? say('clip.pause') : say('clip.play', length)
    return html`<div class="clip">
      <button class="play" type="button" aria-label=${word} title=${word} @click=${this.toggle}>${icon(this.playing ? 'pause' : 'play')}</button>
      ${this.fault ? html`<span role="status">${this.fault}</span>` : html`${this.#wave()}<span class="num">${this.at ? age(this.at) : length}</span>`}
    </div>`
  }

  #wave() {
    const { peaks, seconds } = this.clip || { peaks: UNHEARD, seconds: 1 }
    const step = WIDE / peaks.length
    const bars = peaks.map((peak, index) => {
      const tall = Math.max(2, peak * HIGH)
      const played = this.clip && (index + 0.5) / peaks.length <= this.at / seconds
      return svg`<rect class=${played ? 'played' : ''} x=${(index * step).toFixed(1)} y=${((HIGH - tall) / 2).toFixed(1)} width=${(step * 0.55).toFixed(1)} height=${tall.toFixed(1)} rx=".8"/>`
    })
    return html`<span class="wave-box"><svg class="wave" viewBox=${`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none"  aria-hidden="true">${bars}</svg>
      <input type="range" ?disabled=${!this.clip} min="0" max=${seconds} step="0.1" .value=${String(this.at)} aria-label=${say('clip.seek')}
        aria-valuetext=${`${age(this.at)} / ${age(seconds)}`} @input=${this.#seek}></span>`
  }

  #seek({ target }) {
    this.#audio.currentTime = Number(target.value)
    this.at = Number(target.value)
  }

  /** Seconds that the address asks for. */
  #expected() {
    const asked = new URL(this.src, location.href).searchParams
    return Number(asked.get('to')) - Number(asked.get('from')) || 0
  }

  /** Pressed while it is on its way, nothing happens: it plays when it is there. */
  async #load() {
    const src = this.src
    if (this.#wanted === src) return
    this.#wanted = src
    for (let left = TRIES; left && this.#wanted === src; left--) {
      const wait = await this.#fetch(src, left > 1)
      if (!wait) break
      await new Promise(resolve => setTimeout(resolve, 1000 * wait))
    }
    if (this.#wanted === src) this.#wanted = ''
  }

  /** Seconds after which to try again; 0 if it is here, or never will be. */
  async #fetch(src, again) {
    try {
      const bytes = await sound(src)
      const clip = await waveform(bytes).catch(() => { throw new Error(say('clip.broken')) })
      if (this.#wanted !== src) return 0
      URL.revokeObjectURL(this.#audio.src)
      this.#audio.src = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }))
      Object.assign(this, { clip: { ...clip, src }, fault: '' })
    } catch (error) {
      const wait = again && error.retry_after || 0
      if (this.#wanted === src) this.fault = say(wait ? 'clip.waiting' : 'clip.failed', error.message)
      return wait
    }
    return 0
  }

  #forget() {
    this.#wanted = ''
    this.#audio.pause()
    URL.revokeObjectURL(this.#audio.src)
    this.#audio.removeAttribute('src')
    Object.assign(this, { clip: null, fault: '', at: 0, playing: false })
  }
}

customElements.define('ew-clip-player', ClipPlayer)
