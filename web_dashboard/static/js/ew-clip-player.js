// Plays the few seconds of voice that raised an alert. Nothing is fetched before someone presses play:
// who listens to a customer is on record. wavesurfer.js draws and plays it; the slider over its bars is
// a real one, so that keys and screen readers can move in it.
import { html } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { sound } from './api.js'
import { on_theme, token } from './colours.js'
import { span, age } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'

const TRIES = 20 // the sound is kept when the other party's sentence is over: at most so many seconds
const SHORT = 0.3 // a clip fetched before its last second was spoken is fetched again
const HIGH = 28

class ClipPlayer extends LightElement {
  /** `why`: what to say where there is no `src`. A `heard` event tells the second of the clip that plays. */
  static properties = {
    src: {}, of: {}, consent: { type: Boolean }, why: {}, seconds: { state: true }, fault: { state: true }, at: { state: true }, playing: { state: true },
  }

  #waves = null
  #loaded = ''
  #wanted = ''
  #from = 0
  #stop_theme = () => {}

  constructor() {
    super()
    Object.assign(this, { src: '', of: '', consent: true, why: '', seconds: 0, fault: '', at: 0, playing: false })
  }

  connectedCallback() {
    super.connectedCallback()
    this.#stop_theme = on_theme(() => this.#waves?.setOptions(colours()))
  }

  willUpdate(changed) {
    // A new revision of the same alert may bring a newer clip: that must not cut off who is listening.
    if (changed.has('of') || (changed.has('src') && !this.playing)) this.#forget()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#stop_theme()
    this.#forget()
  }

  async toggle() {
    if (this.playing) return this.#waves.pause()
    await this.#play()
  }

  /** Plays from `second` of the clip on. */
  async play_from(second) {
    this.#from = Math.max(0, second)
    await this.updateComplete
    if (this.#loaded === this.src) this.#seek(this.#from)
    await this.#play()
  }

  async #play() {
    if (this.#loaded !== this.src || this.seconds < this.#expected() - SHORT) await this.#load()
    if (!this.#waves || this.#loaded !== this.src) return
    try {
      await this.#waves.play()
    } catch {
      this.fault = say('clip.failed', say('clip.broken'))
    }
  }

  render() {
    if (!this.src) return html`<p class="clip dim" role="status">${this.why || say(this.consent ? 'clip.none' : 'clip.no_consent')}</p>`
    const length = span(Math.round(this.seconds || this.#expected()), language())
    const word = this.playing ? say('clip.pause') : say('clip.play', length)
    return html`<div class="clip">
      <button class="play" type="button" aria-label=${word} title=${word} @click=${this.toggle}>${icon(this.playing ? 'pause' : 'play')}</button>
      <span class=${`wave-box ${this.fault ? 'is-away' : ''} ${this.seconds ? 'is-loaded' : ''}`}><span class="bars"></span>
        <input type="range" ?disabled=${!this.seconds} min="0" max=${this.seconds || 1} step="0.1" .value=${String(this.at)} aria-label=${say('clip.seek')}
          aria-valuetext=${`${age(this.at)} / ${age(this.seconds)}`} @input=${event => this.#seek(Number(event.target.value))}></span>
      ${this.fault ? html`<span role="status">${this.fault}</span>` : html`<span class="num">${this.at ? age(this.at) : length}</span>`}
    </div>`
  }

  #seek(second) {
    this.#waves.setTime(second)
    this.#heard(second)
  }

  #heard(second) {
    this.at = second
    this.dispatchEvent(new CustomEvent('heard', { detail: second, bubbles: true }))
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
      const { default: WaveSurfer } = await import('../vendor/wavesurfer.js')
      if (this.#wanted !== src) return 0
      await this.#show(WaveSurfer, new Blob([bytes], { type: 'audio/wav' }), src)
    } catch (error) {
      const wait = again && error.retry_after || 0
      if (this.#wanted === src) this.fault = say(wait ? 'clip.waiting' : 'clip.failed', error.message)
      return wait
    }
    return 0
  }

  /** Throws what people can read if the browser cannot decode it. */
  async #show(WaveSurfer, file, src) {
    this.#waves ||= this.#surfer(WaveSurfer)
    this.fault = ''
    await this.#waves.loadBlob(file).catch(() => { throw new Error(say('clip.broken')) })
    if (this.#wanted !== src) return
    this.#loaded = src
    this.seconds = this.#waves.getDuration()
    if (this.#from) this.#seek(Math.min(this.#from, this.seconds))
  }

  #surfer(WaveSurfer) {
    const waves = WaveSurfer.create({
      container: this.querySelector('.bars'), height: HIGH, barWidth: 2, barGap: 2, barRadius: 1, barMinHeight: 2, cursorWidth: 0, normalize: true,
      interact: false, hideScrollbar: true, ...colours(),
    })
    waves.on('timeupdate', second => this.#heard(second))
    waves.on('play', () => { this.playing = true })
    for (const event of ['pause', 'finish']) waves.on(event, () => { this.playing = false })
    return waves
  }

  #forget() {
    this.#wanted = this.#loaded = ''
    this.#from = 0
    this.#waves?.destroy()
    this.#waves = null
    Object.assign(this, { seconds: 0, fault: '', at: 0, playing: false })
  }
}

const colours = () => ({ waveColor: token('lane-customer'), progressColor: token('accent') })

customElements.define('ew-clip-player', ClipPlayer)
