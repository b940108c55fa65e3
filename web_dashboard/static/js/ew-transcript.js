// A call, sentence by sentence: the customer on the left, the agent on the right, and in between what
// was raised. Stays at the newest line until someone scrolls up; of a long call the newest is drawn, and
// earlier steps as somebody goes back: by scrolling, by the button, or to a place that is pointed at.
import { html, nothing, repeat } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { lasted } from './board-state.js'
import { duration, span } from './format.js'
import { icon } from './icons.js'
import { language, say } from './language.js'
import { in_order } from './call-story.js'
import { first_drawn, reaching, since_of, step_back } from './lookback.js'
import { sentence, severity_of, title_of } from './alert-words.js'
import { spoken_in } from './richtext.js'
import { mark_words, prompt_words } from './story-words.js'
import { clip_at } from './time-line.js'

const AWAY = 80 // pixels from the newest line that mean somebody reads
const NEAR_TOP = 40

class Transcript extends LightElement {
  static properties = {
    story: { attribute: false }, call: { attribute: false }, evidence: { attribute: false }, clips: { attribute: false },
    now: { type: Number }, pointed: {}, anchors: { type: Boolean },
    away: { state: true }, since: { state: true },
  }

  #entries = []
  #first = 0

  constructor() {
    super()
    Object.assign(this, { story: new Map(), call: null, evidence: [], clips: [], now: 0, pointed: '', anchors: false, away: false, since: null })
  }

  /** The clock alone changes nothing but a silence that goes on. */
  shouldUpdate(changed) {
    return !changed.size || [...changed.keys()].some(name => !['now', 'call'].includes(name)) || this.call?.activity === 'silent'
  }

  willUpdate(changed) {
    if (changed.has('story')) this.#entries = in_order(this.story)
    this.#first = first_drawn(this.#entries, this.since)
    if (!changed.has('pointed')) return
    this.since = reaching(this.#entries, this.#first, this.pointed) ?? this.since
    this.#first = first_drawn(this.#entries, this.since)
  }

  updated(changed) {
    if (changed.has('pointed') && this.pointed) this.querySelector('.is-pointed')?.scrollIntoView({ block: 'nearest' })
  }

  render() {
    const entries = this.#entries.slice(this.#first)
    return html`<div class="lanes"><span>${say('party.customer')}</span><span>${say('party.agent')}</span></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${say('transcript')} data-scrolls @scroll=${this.#scrolled}><div class="turns">
        ${this.#first ? html`<button class="btn btn-bare earlier" type="button" @click=${this.#press_earlier}>${say('transcript.earlier')}</button>` : nothing}
        ${entries.length ? repeat(entries, entry => entry.key, entry => this.#entry(entry, entry.key === this.pointed ? 'is-pointed' : '')) : html`<p class="dim">${say('transcript.empty')}</p>`}
      </div></div>
      ${this.away ? html`<button class="btn newest" type="button" @click=${this.#to_newest}>${say('transcript.newest')}</button>` : nothing}`
  }

  #entry(entry, pointed) {
    switch (entry.kind) {
      case 'sentence': return this.#sentence(entry, pointed)
      case 'draft': return this.#draft(entry)
      case 'pause': return html`<div class=${`pause ${pointed}`}><span>${say('story.silence', span(this.#lasted(entry), language(), 1))}</span></div>`
      case 'alert': return html`<div class=${`event ${pointed}`}>${severity_of(entry)}<span>${duration(entry.at)} ${title_of(entry.alert_kind, entry.severity)}</span></div>`
      case 'prompt': return html`<div class=${`event ${pointed}`}>${icon('prompt')}<span>${duration(entry.at)} ${prompt_words(entry)}</span></div>`
      case 'whisper': return this.#whisper(entry, pointed)
      default: return html`<div class=${`event ${pointed}`}>${icon(entry.by === undefined ? 'hold' : 'swap')}<span>${duration(entry.at)} ${mark_words(entry)}</span></div>`
    }
  }

  #sentence(entry, pointed) {
    const heard = this.evidence.some(one => Math.abs(one.start - entry.at) < 0.05 && one.party === entry.party)
    const angry = entry.party !== 'agent' && entry.emotion === 'ANGRY'
    return html`<div class=${`say ${entry.party} ${angry ? 'angry' : ''} ${heard ? 'is-evidence' : ''} ${pointed}`}>${this.#time(entry)}
      <p><span class="hidden">${say(`party.${entry.party}`)}: </span>${sentence(entry, entry.paused)}</p></div>`
  }

  /** A button where there is sound of it, else a link to it where `anchors` are wanted. */
  #time({ key, at }) {
    const clip = clip_at(this.clips, at)
    if (!clip && this.anchors) return html`<a href=${`#${key}`} title=${say('archived.anchor', duration(at))}><time>${duration(at)}</time></a>`
    if (!clip) return html`<time>${duration(at)}</time>`
    const listen = () => this.dispatchEvent(new CustomEvent('listen', { detail: { at, clip }, bubbles: true }))
    return html`<button class="from-here" type="button" aria-label=${say('story.hear', duration(at))} title=${say('story.hear', duration(at))} @click=${listen}>${icon('play', 'i-12')}<time>${duration(at)}</time></button>`
  }

  /** Grey, and without tags: what is heard of a sentence before it is over is no evidence of anything. */
  #draft({ at, party, text }) {
    return html`<div class=${`say ${party} draft`}><time>${duration(at)}</time>
      <p><span class="hidden">${say(`party.${party}`)}, ${say('story.draft')}: </span><span lang=${spoken_in(text)}>${text}……</span></p></div>`
  }

  #whisper({ at, from, text, seen }, pointed) {
    return html`<div class=${`event ${pointed}`}>${icon('whisper')}<span>${duration(at)} ${say('story.whisper', from)}<span lang=${spoken_in(text)}>${text}</span>${say(seen ? 'story.seen' : 'story.unseen')}</span></div>`
  }

  /** A silence that still goes on grows with the clock. */
  #lasted(entry) {
    const now = entry.open && this.call?.activity === 'silent' && Math.abs(this.call.since - entry.at) < 0.05
    return now ? lasted(this.call, this.now) : entry.lasted
  }

  /** Reversed, 0 is the newest line: what is drawn at the top moves nothing that is in sight. Whoever reads keeps what is drawn. */
  #scrolled({ target }) {
    const was = this.away
    this.away = target.scrollTop < -AWAY
    if (this.away) this.since ??= since_of(this.#entries, this.#first)
    else if (was) this.since = null
    const top = target.scrollHeight - target.clientHeight + target.scrollTop
    if (this.away && top < NEAR_TOP && !target.querySelector('.earlier:focus')) this.#earlier()
  }

  #earlier() {
    if (this.#first) this.since = step_back(this.#entries, this.#first)
  }

  /** The keys go on from where the reader was: the button is far above now, or gone. */
  #press_earlier() {
    this.#earlier()
    this.querySelector('.scroll').focus({ preventScroll: true })
  }

  #to_newest() {
    this.querySelector('.scroll').scrollTop = 0
  }
}

customElements.define('ew-transcript', Transcript)
