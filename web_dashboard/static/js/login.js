// The sign-in page: a plain form. It says what went wrong beside the button, and goes back to the
// page that was asked for.
import { get, post } from './api.js'
import { long_span } from './format.js'
import { language, on_language, say } from './language.js'
import { home_of } from './home.js'
import './ew-controls.js'

const form = document.querySelector('form')
const told = document.querySelector('[data-told]')
const button = form.querySelector('button')
const sso = form.querySelector('[data-sso]')
const asked = new URLSearchParams(location.search)
const failed = asked.get('failed')

// Why the identity provider's answer was no use: see the server's log for more.
const FAILED = new Set(['denied', 'away', 'stale', 'wrong', 'no_role'])

function show_words() {
  document.title = say('page.login')
  for (const node of document.querySelectorAll('[data-say]')) node.textContent = say(node.dataset.say)
  sso.textContent = say('login.sso', sso.dataset.sso)
  told.textContent = FAILED.has(failed) ? say(`login.failed.${failed}`) : ''
}

async function sign_in() {
  const { name, password } = Object.fromEntries(new FormData(form))
  if (!name.trim() || !password) return tell(say('login.empty'), name.trim() ? 'password' : 'name')
  button.disabled = true
  told.textContent = say('login.going')
  try {
    const me = await post('/api/v1/login', { name: name.trim(), password })
    location.assign(home_of(me, asked.get('next')))
  } catch (refused) {
    const wait = refused.status === 429 && refused.retry_after
    tell(wait ? say('login.wait', long_span(refused.retry_after, language())) : refused.message, 'password')
  } finally {
    button.disabled = false
  }
}

function tell(message, field) {
  told.textContent = message
  form.elements[field].focus()
  form.elements[field].select()
}

form.addEventListener('submit', event => {
  event.preventDefault()
  sign_in()
})
/** A second way in, if the server has one. */
async function show_sso() {
  const { oidc } = await get('/api/v1/sign-in-ways')
  if (!oidc) return
  sso.dataset.sso = oidc
  sso.textContent = say('login.sso', oidc)
  sso.href = `/api/v1/oidc/start?next=${encodeURIComponent(asked.get('next') || '/')}`
  sso.hidden = false
}

on_language(show_words)
show_words()
show_sso().catch(() => {}) // without it there is still the form
form.elements.name.focus()
