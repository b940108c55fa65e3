// The sign-in page: a plain form. It says what went wrong beside the button, and goes back to the
// page that was asked for.
import { post } from './api.js'
import { long_span } from './format.js'
import { language, on_language, say } from './language.js'
import { home_of } from './home.js'
import './ew-controls.js'

const form = document.querySelector('form')
const told = document.querySelector('[data-told]')
const button = form.querySelector('button')

function show_words() {
  document.title = say('page.login')
  for (const node of document.querySelectorAll('[data-say]')) node.textContent = say(node.dataset.say)
  told.textContent = ''
}

async function sign_in() {
  const { name, password } = Object.fromEntries(new FormData(form))
  if (!name.trim() || !password) return tell(say('login.empty'), name.trim() ? 'password' : 'name')
  button.disabled = true
  told.textContent = say('login.going')
  try {
    const me = await post('/api/v1/login', { name: name.trim(), password })
    location.assign(home_of(me, new URLSearchParams(location.search).get('next')))
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
on_language(show_words)
show_words()
form.elements.name.focus()
