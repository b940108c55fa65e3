// One call as people read it: sentences, pauses, and what was raised in between, in the order of the
// call's own time. Pure; told the same message twice, it says it once.
import { upset } from './board-state.js'
import { PAUSE_SECONDS } from './richtext.js'

export const NO_STORY = new Map()

/** The story after `messages`: a Map of key -> entry {key, at, kind, ...}. */
export function tell(story, messages) {
  const next = new Map(story)
  for (const message of messages) {
    const entry = entry_of(message, next)
    if (entry) next.set(entry.key, entry)
    if (message.type === 'call_ended') for (const { key, kind } of [...next.values()]) if (kind === 'draft') next.delete(key)
  }
  return next
}

/** `fetched` with what was told meanwhile over it, but for drafts of sentences that it knows. */
export function tell_over(fetched, meanwhile) {
  const newer = [...meanwhile].filter(([key, { kind }]) => kind !== 'draft' || !fetched.has(key))
  return new Map([...fetched, ...newer])
}

/** Entries in reading order, each sentence knowing whether a pause follows. */
export function in_order(story) {
  const entries = [...story.values()].sort((one, other) => one.at - other.at || rank(one) - rank(other))
  let next = ''
  return entries.reverse().map(entry => {
    const follows = next
    if (HEARD.has(entry.kind)) next = entry.kind
    return entry.kind === 'sentence' ? { ...entry, paused: follows === 'pause' } : entry
  }).reverse()
}

const HEARD = new Set(['sentence', 'draft', 'pause'])
const ORDER = ['sentence', 'draft', 'pause', 'mark', 'alert', 'prompt', 'whisper']
const rank = entry => ORDER.indexOf(entry.kind)

function entry_of(message, story) {
  switch (message.type) {
    case 'transcript': {
      const { utterance, party, start, end, text, emotion, events } = message
      return { key: `u${utterance}`, kind: 'sentence', at: start, end, party, text, emotion, events, upset: upset(message) }
    }
    case 'draft': return draft(message, story)
    case 'silence': return pause(message)
    case 'unheard': return { key: `u${message.utterance}`, kind: 'mark', at: message.start, word: 'story.unheard', reason: message.reason }
    case 'alert': return alert(message, story)
    case 'prompt': return { key: message.id, kind: 'prompt', at: message.at, title: message.title, state: message.state }
    case 'message': return whisper(message, story)
    case 'hold': case 'unhold': return mark(message, `story.${message.type}`)
    case 'swapped': return { ...mark(message, message.swapped ? 'story.swapped' : 'story.as_told'), by: message.by }
    case 'stalled': return mark(message, message.ended ? 'story.resumed' : 'story.stalled')
    case 'call_ended': return mark(message, message.reason === 'lost' ? 'story.lost' : 'story.ended')
    default: return null
  }
}

const mark = (message, word) => ({ key: `${word}@${message.at}`, kind: 'mark', at: message.at, word })

/** What was seen stays seen, whatever comes late. */
function whisper({ id, at, from, text, seen }, story) {
  return { key: id, kind: 'whisper', at, from, text, seen: seen || Boolean(story.get(id)?.seen) }
}

/** The newest whisper of a story, null where there is none. */
export function last_whisper(story) {
  return [...story.values()].filter(entry => entry.kind === 'whisper').at(-1) || null
}

/** A draft has the number of the sentence that will take its place, and never takes one's. */
function draft({ utterance, party, start, end, text }, story) {
  const key = `u${utterance}`
  const known = story.get(key)
  if (known && (known.kind !== 'draft' || known.end > end)) return null
  return { key, kind: 'draft', at: start, end, party, text }
}

function pause({ since, lasted, ended }) {
  if (lasted < PAUSE_SECONDS) return null
  return { key: `s${since}`, kind: 'pause', at: since, lasted, open: !ended }
}

/** An alert stands where it was raised, and once more where its severity rose. */
function alert(message, story) {
  const { id, severity, state } = message
  const key = `${id}:${severity}`
  const known = story.get(key)
  return { key, kind: 'alert', at: known?.at ?? message.at, severity, state, alert_kind: message.kind, clips: clips(message, known?.clips) }
}

/** Where an alert can be heard: {src, from, to}; what an earlier revision had stays. */
function clips({ evidence = [] }, known = []) {
  const found = evidence.filter(one => one.clip).map(({ clip }) => {
    const asked = new URLSearchParams(clip.split('?')[1])
    return { src: clip, from: Number(asked.get('from')), to: Number(asked.get('to')) }
  })
  return [...known.filter(one => found.every(({ src }) => src !== one.src)), ...found]
}
