// Which calls the list shows: words, and what is picked of queue, agent, severity and mood. Alerts pop
// up whatever is filtered: nothing may be missed because of a view.
import { html, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { agent_of, queue_names, queue_of, who } from './alert-words.js'
import { COLUMNS, MOODS, NO_FILTERS, SEVERITIES, conditions, offered, pick_in } from './find.js'
import { icon } from './icons.js'
import { say } from './language.js'
import { close_on_escape } from './menu.js'

class Filters extends LightElement {
  /** `shown` of the `calls` are in the list. */
  static properties = {
    calls: { attribute: false }, shown: { type: Number }, only: {}, query: {}, filters: { attribute: false },
    hide: { attribute: false },
  }

  constructor() {
    super()
    Object.assign(this, { calls: [], shown: 0, only: '', query: '', filters: NO_FILTERS, hide: [] })
  }

  focus() {
    this.querySelector('.search input').focus()
  }

  render() {
    const count = conditions(this)
    return html`<div class="filters" role="search" aria-label=${say('filter.label')}><label class="search">${icon('search')}<input class="input" type="search" .value=${this.query}
        placeholder=${say('find')} aria-label=${say('find.label')} @input=${event => this.#tell({ query: event.target.value })}><kbd aria-hidden="true">/</kbd></label>
      ${this.#menus()}
      ${count ? html`<span class="dim num">${say('filter.shown', this.shown, this.calls.length)}</span>
        <button class="btn btn-bare clear" type="button" @click=${this.#clear}>${icon('close')}<span>${say('filter.clear')}</span></button>` : nothing}
      ${this.#columns()}</div>`
  }

  #menus() {
    const { queue, agent } = offered(this.calls, this.filters, queue_names)
    const queues = [...queue.keys()].map(value => [value, queue_of({ queue: value })])
    const agents = [...agent].map(([value, call]) => [value, call ? who(call) : agent_of({ agent_id: value })])
    const moods = MOODS.map(value => [value, say(value === 'angry' ? 'filter.angry' : `mood.${value}`)])
    return [this.#menu('queue', by_name(queues)), this.#menu('agent', by_name(agents)),
      this.#menu('severity', SEVERITIES.map(value => [value, say(`sev.${value}`)])), this.#menu('mood', moods)]
  }

  #columns() {
    const hidden = (column, away) => COLUMNS.filter(one => (one === column ? away : this.hide.includes(one)))
    return html`<details class="menu columns" @keydown=${close_on_escape}>
      <summary class="btn btn-icon" aria-label=${say('columns')} title=${say('columns')}>${icon('columns')}</summary>
      <div class="menu-body" role="group" aria-label=${say('columns')}>${COLUMNS.map(column => html`<label><span>${say(`head.${column}`)}</span>
        <input type="checkbox" .checked=${!this.hide.includes(column)} @change=${event => this.#tell({ hide: hidden(column, !event.target.checked) })}></label>`)}</div></details>`
  }

  #menu(name, options) {
    const picked = this.filters[name]
    const word = say(`filter.${name}`)
    const names = value => (name === 'queue' ? queue_names(value) : [value])
    const [only] = options.filter(([value]) => names(value).includes(picked[0]))
    const told = picked.length === 1 && only ? say('filter.one', word, only[1]) : picked.length ? say('filter.many', word, picked.length) : word
    return html`<details class="menu filter" data-filter=${name} @keydown=${close_on_escape}>
      <summary class=${`btn ${picked.length ? 'is-on' : ''}`}><span>${told}</span>${icon('down', 'i-12')}</summary>
      <div class="menu-body" role="group" aria-label=${word}>${options.length ? options.map(([value, label]) => html`<label><span>${label}</span>
        <input type="checkbox" .checked=${names(value).some(one => picked.includes(one))} @change=${event => this.#tell({ filters: pick_in(this.filters, name, value, event.target.checked, names(value)) })}></label>`)
        : html`<p class="dim">${say('filter.none')}</p>`}</div></details>`
  }

  /** Everything is shown again; the cursor stays in the row of filters. */
  #clear() {
    this.#tell({ only: '', query: '', filters: NO_FILTERS })
    this.focus()
  }

  #tell(change) {
    this.dispatchEvent(new CustomEvent('filter', { detail: change, bubbles: true }))
  }
}

const by_name = options => options.sort((one, other) => one[1].localeCompare(other[1]))

customElements.define('ew-filters', Filters)
