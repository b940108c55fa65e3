// A sentence and its tags, in the written form of docs/contracts.md: 这衣服尺码根本不对！[ANGRY]
// NEUTRAL and EMO_UNKNOWN are no tag, and neither is anything of the agent's own emotion.
const FEELINGS = new Set(['HAPPY', 'SAD', 'ANGRY', 'FEARFUL', 'DISGUSTED', 'SURPRISED'])

const EVENTS = {
  BGM: 'BGM', Laughter: 'LAUGHTER', Applause: 'APPLAUSE', Cry: 'CRY', Cough: 'COUGH', Sneeze: 'SNEEZE', Breath: 'BREATH',
}

/** A silence shorter than this is part of speaking. */
export const PAUSE_SECONDS = 1.2

/** The tags of a sentence {party, emotion, events}, `paused` where a silence follows it. */
export function tags({ party, emotion, events = [] }, paused = false) {
  const found = []
  if (party !== 'agent' && FEELINGS.has(emotion)) found.push(emotion)
  for (const event of events) if (EVENTS[event]) found.push(EVENTS[event])
  if (paused) found.push('SILENCE')
  return found
}

/** The sentence as one string, for search, titles and screen readers' names. */
export function written(sentence, paused = false) {
  return sentence.text + tags(sentence, paused).map(tag => `[${tag}]`).join('')
}

/** The language a quote was spoken in, for its `lang`: Chinese if it holds any Chinese. */
export function spoken_in(text) {
  return /[\u3400-\u9fff]/.test(text) ? 'zh-CN' : 'en'
}
