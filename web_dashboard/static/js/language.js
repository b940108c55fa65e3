// The language of the interface: taken from the browser, switched by hand, remembered.
// Which key has which words is words.js' business.
import { words } from './words.js'

const listeners = new Set()

export function language() {
  return document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
}

/** The words of `key` in the current language; {0}, {1} are replaced by `values`. */
export function say(key, ...values) {
  return fill(words[key][language() === 'zh' ? 0 : 1], values)
}

export function fill(text, values) {
  return text.replace(/\{(\d)\}/g, (_, index) => values[index])
}

/** One of the server's texts {zh, en} in the current language. */
export function pick(text) {
  return text[language()] || text.zh || text.en || ''
}

/** Remembers a choice, where the browser lets us: in a frame of another page it may not. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch { /* this page still knows */ }
}

export function switch_language() {
  const next = language() === 'zh' ? 'en' : 'zh-CN'
  keep('ew.language', next)
  document.documentElement.lang = next
  for (const listener of listeners) listener()
}

/** Calls back after each switch; returns what stops it. */
export function on_language(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
