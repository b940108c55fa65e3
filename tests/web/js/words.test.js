import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { words } from '../../../web_dashboard/static/js/words.js'

const folder = new URL('../../../web_dashboard/static/', import.meta.url)
const names = (await readdir(new URL('js/', folder))).filter(name => name !== 'words.js').map(name => `js/${name}`)
const text = (await Promise.all([...names, 'login.html'].map(name => readFile(new URL(name, folder), 'utf8')))).join('\n')

test('every word is there in both languages, with the same blanks', () => {
  for (const [key, [zh, en]] of Object.entries(words)) {
    assert.ok(zh && en, key)
    const blanks = word => [...new Set(word.match(/\{\d\}/g) || [])].sort().join()
    assert.equal(blanks(zh), blanks(en), key)
  }
})

test('every word that is said exists', () => {
  for (const [, key] of text.matchAll(/(?<![#\w])say\('([^']+)'/g)) assert.ok(key in words, key)
  for (const [, key] of text.matchAll(/data-say="([^"]+)"/g)) assert.ok(key in words, key)
})

test('every word is said somewhere', () => {
  const stems = [...text.matchAll(/[`'"]([a-z_]+\.)\$\{|[`']([a-z_]+\.[a-z_]+\.)\$\{/g)].map(match => match[1] || match[2])
  for (const key of Object.keys(words)) {
    const said = text.includes(`'${key}'`) || text.includes(`"${key}"`) || stems.some(stem => key.startsWith(stem))
    assert.ok(said || /\.more$/.test(key), key)
  }
})
