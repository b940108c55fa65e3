// What stands at one place of a call, in one line.
import { duration, span } from './format.js'
import { language, pick, say } from './language.js'
import { written } from './richtext.js'
import { title_of } from './alert-words.js'

/** "06:35 客户：这衣服尺码根本不对！[ANGRY]", "05:44 沉默 1.6 秒". */
export const words_of = entry => `${duration(entry.at)} ${told(entry)}`

function told(entry) {
  switch (entry.kind) {
    case 'sentence': return `${say('story.said', say(`party.${entry.party}`))}${written(entry, entry.paused)}`
    case 'pause': return say('story.silence', span(entry.lasted, language(), 1))
    case 'alert': return `${say(`sev.${entry.severity}`)} · ${title_of(entry.alert_kind, entry.severity)}`
    case 'prompt': return prompt_words(entry)
    case 'whisper': return `${say('story.whisper', entry.from)}${entry.text}${say(entry.seen ? 'story.seen' : 'story.unseen')}`
    default: return mark_words(entry)
  }
}

/** "林岚把客户和坐席互换了", "这句没有听清（声音太短）". */
export function mark_words({ word, reason, by }) {
  if (by !== undefined) return say(word, by === null ? say('swap.somebody') : by || say('swap.gateway'))
  return say(word, reason ? say(`unheard.${reason}`) : '')
}

/** "提示坐席：客户已沉默 2 秒，已采纳". */
export function prompt_words({ title, state }) {
  const text = pick(title).replace(/[:：]$/, '')
  return state === 'shown' ? say('story.prompt', text) : say('story.prompt.answered', text, say(`prompt.state.${state}`))
}
