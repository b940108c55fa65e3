// Which command a key press means. Single letters rest inside inputs, and can be switched off.
const LETTERS = {
  j: 'next', k: 'previous', a: 'take', n: 'note', r: 'resolve', f: 'false', m: 'mute', w: 'whisper', '/': 'find', '?': 'keys', ' ': 'play',
  '[': 'earlier', ']': 'later',
}
const ALWAYS = { ArrowDown: 'next', ArrowUp: 'previous', Enter: 'open', Escape: 'escape' }
const TYPED_INTO = 'input, textarea, select, [contenteditable]'
const PRESSED = 'button, a, summary, input, textarea, select'

/** What the board shows in its foot and its list of keys: [keys, word]. */
export const BOARD_KEYS = [
  [['J', 'K'], 'key.move'], [['Enter'], 'key.open'], [['Esc'], 'key.escape'], [['A'], 'key.take'], [['N'], 'key.note'],
  [['R'], 'key.resolve'], [['F'], 'key.false'], [['Space'], 'key.play'], [['[', ']'], 'key.marks'], [['W'], 'key.whisper'], [['/'], 'key.find'], [['M'], 'key.mute'], [['?'], 'key.all'],
]

/** The command of a keydown, or '' for none of ours. `letters`: whether single letters are on. */
export function command_of(event, letters = true) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return ''
  const target = event.composedPath()[0]
  const typing = target.closest?.(TYPED_INTO)
  if (event.key === 'Escape') return 'escape'
  if (typing || target.closest?.('dialog')) return ''
  if (ALWAYS[event.key]) return target.closest?.(PRESSED) || scrolls(target) ? '' : ALWAYS[event.key]
  if (event.key === ' ' && target.closest?.(PRESSED)) return ''
  return letters ? LETTERS[event.key.toLowerCase()] || '' : ''
}

const scrolls = target => Boolean(target.closest?.('[data-scrolls]'))

export const letters_on = () => localStorage.getItem('ew.letters') !== 'off'
export const switch_letters = on => localStorage.setItem('ew.letters', on ? 'on' : 'off')
