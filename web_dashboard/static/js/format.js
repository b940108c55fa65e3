// Numbers, times and names as people read them (design: tabular figures, a no-break space between
// number and unit). Pure: the language is an argument, 'zh' or 'en'.
export const NBSP = '\u00a0'

const two = number => String(number).padStart(2, '0')

/** Length of a call: 06:42, 1:06:42. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  return hours ? `${hours}:${rest}` : rest
}

/** How long something has been waiting: 0:18, 2:05, 1:06:42. */
export function age(seconds) {
  return duration(seconds).replace(/^0(?=\d:)/, '')
}

/** A span with its unit: 11 秒, 11 s; with `digits` 1 it is 1.6 秒. */
export function span(seconds, language, digits = 0) {
  const value = digits ? seconds.toFixed(digits) : String(Math.max(0, Math.floor(seconds)))
  return `${value}${NBSP}${language === 'zh' ? '秒' : 's'}`
}

/** A longer span in words: 38 秒, 1 分 42 秒, 2 小时 5 分. */
export function long_span(seconds, language) {
  const whole = Math.max(0, Math.floor(seconds))
  const units = language === 'zh' ? ['小时', '分', '秒'] : ['h', 'min', 's']
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const first = parts.findIndex(part => part > 0)
  if (first < 0) return `0${NBSP}${units[2]}`
  return parts
    .map((part, index) => `${part}${NBSP}${units[index]}`)
    .filter((_, index) => index >= first && index <= first + 1 && parts[index] > 0)
    .join(' ')
}

/** 18 秒前, 3 分钟前; from one hour on, the clock. `then` and `now` in milliseconds. */
export function ago(then, now, language) {
  const seconds = Math.max(0, Math.floor((now - then) / 1000))
  const zh = language === 'zh'
  if (seconds < 60) return zh ? `${seconds}${NBSP}秒前` : `${seconds}${NBSP}s ago`
  if (seconds < 3600) {
    const minutes = Math.floor(seconds / 60)
    return zh ? `${minutes}${NBSP}分钟前` : `${minutes}${NBSP}min ago`
  }
  return clock(then)
}

/** 14:31:52 in the browser's time zone. */
export function clock(milliseconds) {
  const date = new Date(milliseconds)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** 9,800; in Chinese whole ten-thousands as 2 万. */
export function number(value, language) {
  if (language === 'zh' && value >= 10_000 && value % 10_000 === 0) return `${value / 10_000}${NBSP}万`
  return value.toLocaleString('en-US')
}

/** 2026年11月24日 16:03 in the reader's time zone, and in their own kind of the language. */
export function moment(milliseconds, language, locales = navigator.languages) {
  const locale = locales.find(one => one.startsWith(language)) || (language === 'zh' ? 'zh-CN' : 'en')
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds)
}

/** A wall time of the wire (RFC 3339) in milliseconds; NaN if there is none. */
export const wall_ms = wall => Date.parse(wall)
