// Copies what the pages need of node_modules into web_dashboard/static/vendor/, with the licences.
// Run it after `npm ci` whenever package-lock.json changes, and commit what it writes: neither
// running Earwitness nor installing it needs Node.
import { build } from 'esbuild'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const vendor = `${root}web_dashboard/static/vendor/`

// npm's lit is a dozen files that import each other by bare names, which a browser cannot
// resolve without an import map, and an import map is an inline script, which our CSP forbids.
const LIT = `
export { html, svg, nothing, LitElement } from 'lit'
export { repeat } from 'lit/directives/repeat.js'
export { guard } from 'lit/directives/guard.js'
export { live } from 'lit/directives/live.js'
`

const version = async name => JSON.parse(await readFile(`${root}node_modules/${name}/package.json`)).version

await rm(vendor, { recursive: true, force: true })
await mkdir(vendor, { recursive: true })
await build({
  stdin: { contents: LIT, resolveDir: root, sourcefile: 'lit.js' },
  outfile: `${vendor}lit.js`,
  bundle: true,
  format: 'esm',
  target: 'chrome100',
  conditions: ['production'],
  legalComments: 'inline',
  banner: { js: `/* lit ${await version('lit')}, bundled by tools/vendor.mjs; licence: lit.LICENSE.txt */` },
})
await copyFile(`${root}node_modules/lit/LICENSE`, `${vendor}lit.LICENSE.txt`)
await writeFile(`${vendor}README.md`, `# Written by tools/vendor.mjs: do not edit

| file | package | version | licence |
|---|---|---|---|
| lit.js | lit, lit-html, lit-element, @lit/reactive-element | ${await version('lit')} | BSD-3-Clause |
`)
