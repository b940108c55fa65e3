// How a call sounds: the customer's mood in words, the time line, and the player of what was kept.
// Only the seconds around alerts are: where there is no sound, it says why and where there is some.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { media_now } from './board-state.js'
import { duration } from './format.js'
import { say } from './language.js'
import { mood_of } from './mood.js'
import { mood_for } from './alert-words.js'
import { clips_of, nearest_clip } from './time-line.js'
import './ew-clip-player.js'
import './ew-time-line.js'

class CallSound extends LightElement {
  static properties = {
    story: { attribute: false }, call: { attribute: false }, alerts: { attribute: false }, now: { type: Number },
    whole: { type: Boolean }, chosen: { state: true }, why: { state: true }, heard: { state: true },
  }

  constructor() {
    super()
    Object.assign(this, { story: new Map(), call: null, alerts: [], now: 0, whole: false, chosen: '', why: '', heard: null })
  }

  willUpdate(changed) {
    if (changed.has('call') && changed.get('call')?.call_id !== this.call.call_id) Object.assign(this, { chosen: '', why: '', heard: null })
  }

  /** Plays or pauses what is chosen. */
  toggle() {
    this.#player.toggle()
  }

  /** Plays from `at` (seconds of the call) in `clip`; without one says why there is no sound. */
  listen({ at, clip }) {
    this.heard = null
    this.chosen = clip ? clip.src : ''
    this.why = clip ? '' : this.#why(at)
    if (clip) this.updateComplete.then(() => this.#player.play_from(at - clip.from))
  }

  /** To the alert or prompt before (-1) or after (1). */
  step(by) {
    this.querySelector('ew-time-line').step(by, true)
  }

  get #player() {
    return this.querySelector('ew-clip-player')
  }

  render() {
    const { call } = this
    const mood = mood_of(call, this.alerts)
    const clips = clips_of(this.story)
    const playing = this.#playing(clips)
    return html`<section class="story" aria-label=${say('line.label')} @listen=${event => { this.listen(event.detail); event.stopPropagation() }}>
      <p class="mood-line"><span class="dim">${say('call.mood')}</span><span class=${`mood mood-${mood.tone}`}>${say(mood.word)}</span><span class="dim">${mood_for(mood, call, this.now)}</span></p>
      <ew-time-line .story=${this.story} .alerts=${this.alerts} .now=${Math.round(media_now(call, this.now))} .clips=${clips} .playing=${playing} .whole=${this.whole}
        .heard=${playing && this.heard !== null ? playing.from + this.heard : null}></ew-time-line>
      <div class="sound"><ew-clip-player .of=${`${call.call_id} ${playing?.src || ''}`} .src=${playing?.src || ''} .consent=${call.record} .why=${this.why || this.#nothing(clips)}
          @heard=${event => { this.heard = event.detail }}></ew-clip-player>
        ${playing ? html`<span class="dim num">${duration(playing.from)}–${duration(playing.to)}</span>` : nothing}</div></section>`
  }

  /** What was chosen, else the latest that the gravest alert has, else the call's latest. */
  #playing(clips) {
    if (this.why) return null
    const wanted = this.chosen || this.alerts[0]?.evidence.at(-1)?.clip
    return clips.find(clip => clip.src === wanted) || clips.at(-1) || null
  }

  #nothing(clips) {
    return clips.length || !this.call.record ? '' : say('line.no_clips')
  }

  #why(at) {
    if (!this.call.record) return say('clip.no_consent')
    const clip = nearest_clip(clips_of(this.story), at)
    return clip ? say('line.no_sound', duration(at), `${duration(clip.from)}–${duration(clip.to)}`) : say('line.no_clips')
  }
}

customElements.define('ew-call-sound', CallSound)
