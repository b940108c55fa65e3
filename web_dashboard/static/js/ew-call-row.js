// One live call in the list. The element itself is the row; it draws itself anew only when its call,
// its alerts or the second has changed.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { length, media_now } from './board-state.js'
import { duration } from './format.js'
import { icon, mark } from './icons.js'
import { say } from './language.js'
import { mood_of } from './mood.js'
import { agent_of, mood_for, now_of, queue_of, sentence, severity_of, state_of } from './alert-words.js'
import { waits } from './risk.js'
import './ew-mood-curve.js'

const LONG_SILENCE = 10
const MARKS = 3

const differ = (next, before) => !before || next.length !== before.length || next.some((value, index) => value !== before[index])

class CallRow extends LightElement {
  static properties = {
    call: { attribute: false }, alerts: { attribute: false, hasChanged: differ }, now: { type: Number },
    open: { type: Boolean }, me: { attribute: false },
  }

  updated() {
    const [first] = this.alerts
    this.className = [
      'row', first ? '' : 'is-calm', this.open ? 'is-open' : '', first?.severity === 'critical' && waits(first) ? 'is-critical' : '',
    ].join(' ')
    if (this.open) this.setAttribute('aria-current', 'true')
    else this.removeAttribute('aria-current')
  }

  render() {
    const { call } = this
    return html`<div class="c-alerts" role="cell">${this.#alerts()}</div>
      <div class="c-agent" role="cell"><span class="top1">${agent_of(call)}</span><span class="sub">${this.#place()}</span></div>
      <div class="c-customer" role="cell"><span class="num cust">${call.from || say('who.hidden')}</span><span class="sub num">${duration(length(call, this.now))}</span></div>
      <div class="c-now" role="cell">${this.#now()}</div>
      <div class="c-feel feel" role="cell">${this.#feel()}</div>
      <div class="c-words" role="cell">${call.last ? html`<div class="words">${sentence(call.last, call.activity === 'silent')}</div>` : nothing}</div>`
  }

  #alerts() {
    const [first, ...others] = this.alerts
    if (!first) return nothing
    const more = this.alerts.length - MARKS
    return html`<span class="sevs"><span class="hidden">${say(`sev.${first.severity}`)}</span>${severity_of(first, `kind.${first.kind}`)}
        ${others.slice(0, MARKS - 1).map(other_mark)}
        ${more > 0 ? html`<span class="dim">+${more}</span>` : nothing}</span>
      <span class=${`sub ${waits(first) ? 'waiting' : ''}`}>${state_of(first, this.now, this.me)}</span>`
  }

  #place() {
    const { agent_id, agent_name } = this.call
    const facts = [agent_name && agent_id, queue_of(this.call)].filter(Boolean)
    return facts.map((fact, index) => html`${index ? html`<i class="sep"></i>` : nothing}<span>${fact}</span>`)
  }

  #now() {
    const { call } = this
    const [name, words] = now_of(call, this.now)
    const long = call.activity === 'silent' && !call.ended && media_now(call, this.now) - call.since >= LONG_SILENCE
    return html`<span class=${`now ${long ? 'is-silent' : ''}`}>${icon(name)}<span>${words}</span></span>`
  }

  #feel() {
    const mood = mood_of(this.call, this.alerts)
    const lasting = mood_for(mood, this.call, this.now)
    return html`<div><span class=${`mood mood-${mood.tone}`}>${say(mood.word)}</span>${lasting ? html`<span class="sub">${lasting}</span>` : nothing}</div>
      <ew-mood-curve .mood=${this.call.mood} .alerts=${this.alerts} .now=${Math.round(media_now(this.call, this.now))}></ew-mood-curve>`
  }
}

/** One of the alerts beside the gravest: its mark alone, its word for those who cannot see it. */
function other_mark(alert) {
  const word = say(`kind.${alert.kind}`)
  const classes = `sev sev-${alert.severity} ${waits(alert) ? '' : 'is-taken'}`
  return html`<span class=${classes} title=${word}>${mark(alert.severity, !waits(alert))}<span class="hidden">${word}</span></span>`
}

customElements.define('ew-call-row', CallRow)
