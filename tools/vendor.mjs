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
const LIBRARIES = [
  { name: 'lit', packages: 'lit, lit-html, lit-element, @lit/reactive-element', licence: 'BSD-3-Clause', code: LIT },
  { name: 'uplot', packages: 'uplot', licence: 'MIT', code: `export { default } from 'uplot'` },
  { name: 'wavesurfer', package: 'wavesurfer.js', packages: 'wavesurfer.js', licence: 'BSD-3-Clause', code: `export { default } from 'wavesurfer.js/dist/wavesurfer.js'` },
]

/** wavesurfer.js writes a <style> element, which our CSP forbids: the same rules become a stylesheet object. */
const without_style_element = {
  name: 'without-style-element',
  setup: ({ onLoad }) => onLoad({ filter: /wavesurfer\.js[\\/]dist[\\/]renderer\.js$/ }, async ({ path }) => {
    const before = await readFile(path, 'utf8')
    const contents = before.replace(/shadow\.innerHTML = `\s*<style.*>\n([^]*?)<\/style>/, (_, rules) =>
      `const rules = new CSSStyleSheet(); rules.replaceSync(\`${rules}\`); shadow.adoptedStyleSheets = [rules]; shadow.innerHTML = \``)
    if (contents === before || contents.includes('<style')) throw new Error('wavesurfer.js no longer writes its style as it did: look at initHtml()')
    return { contents }
  }),
}

const of_package = (name, file) => `${root}node_modules/${name}/${file}`
const version = async name => JSON.parse(await readFile(of_package(name, 'package.json'))).version

await rm(vendor, { recursive: true, force: true })
await mkdir(vendor, { recursive: true })
for (const library of LIBRARIES) {
  const { name, code } = library
  const from = library.package || name
  await build({
    stdin: { contents: code, resolveDir: root, sourcefile: `${name}.js` },
    outfile: `${vendor}${name}.js`,
    bundle: true,
    format: 'esm',
    target: 'chrome100',
    conditions: ['production'],
    minifySyntax: name !== 'lit',
    legalComments: 'inline',
    plugins: [without_style_element],
    banner: { js: `/* ${from} ${await version(from)}, bundled by tools/vendor.mjs; licence: ${name}.LICENSE.txt */` },
  })
  await copyFile(of_package(from, 'LICENSE'), `${vendor}${name}.LICENSE.txt`)
}
await copyFile(of_package('uplot', 'dist/uPlot.min.css'), `${vendor}uplot.css`)

const rows = await Promise.all(LIBRARIES.map(async library =>
  `| ${library.name}.js | ${library.packages} | ${await version(library.package || library.name)} | ${library.licence} |`))
await writeFile(`${vendor}README.md`, `# Written by tools/vendor.mjs: do not edit

| file | package | version | licence |
|---|---|---|---|
${rows.join('\n')}
`)
