// A second OpenID provider for the journeys: npm's oidc-provider with a sign-in form of its own.
// Usage: node provider.mjs SEED.json   (port, client_id, client_secret, initial_token, people; see tests/factories/providers.py)
// POST /control/redirect-uris {"redirect_uri": …} makes a redirect URI good, as an administrator would.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'
import Provider from 'oidc-provider'

const seed = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const issuer = `http://localhost:${seed.port}`
const redirectUris = new Set()
const byLogin = new Map(seed.people.flatMap((person) => [[person.user_name, person], [person.email, person]]))
const bySubject = new Map(seed.people.map((person) => [person.subject, person]))

const provider = new Provider(issuer, {
  clients: [{
    client_id: seed.client_id,
    client_secret: seed.client_secret,
    redirect_uris: [`${issuer}/nowhere`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  }],
  cookies: { keys: [randomBytes(24).toString('base64url')], names: { session: 'second_session', interaction: 'second_interaction', resume: 'second_resume' } },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name', 'locale'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
    registration: { enabled: true, initialAccessToken: seed.initial_token },
  },
  // Word of an end goes to this machine, which the provider's own guard would refuse.
  fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
  interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_context, subject) => account(bySubject.get(subject)),
  loadExistingGrant: grantAll,
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 3600, Grant: 3600 },
})
provider.Client.prototype.redirectUriAllowed = function (uri) {
  return redirectUris.has(uri) || this.redirectUris.includes(uri)
}

function account (person) {
  if (!person) return undefined
  const claims = {
    sub: person.subject,
    email: person.email,
    email_verified: true,
    name: `${person.given_name} ${person.family_name}`,
    given_name: person.given_name,
    family_name: person.family_name,
    locale: person.language,
  }
  return { accountId: person.subject, claims: async () => claims }
}

// Nobody is asked for consent: the organisation decided that for its people.
async function grantAll (context) {
  const { client, session } = context.oidc
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid email profile')
  await grant.save()
  return grant
}

function escape (text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)
}

function page (uid, message = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Second provider</title></head><body><main>
<h1>Second provider</h1><p role="alert">${escape(message)}</p>
<form method="post" action="/sign-in/${encodeURIComponent(uid)}">
<p><label>Login <input name="login" autocomplete="username"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button>Sign in</button></p></form></main></body></html>`
}

async function body (request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function answer (response, status, text) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(text)
}

async function signIn (request, response, uid) {
  if (request.method !== 'POST') return answer(response, 200, page(uid))
  const form = new URLSearchParams(await body(request))
  const person = byLogin.get(form.get('login') ?? '')
  if (!person || person.password !== form.get('password')) return answer(response, 422, page(uid, 'Login or password is wrong.'))
  return provider.interactionFinished(request, response, { login: { accountId: person.subject } })
}

const handle = provider.callback()
const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, issuer)
    if (pathname === '/control/redirect-uris' && request.method === 'POST') {
      redirectUris.add(JSON.parse(await body(request)).redirect_uri)
      return response.writeHead(204).end()
    }
    if (pathname.startsWith('/sign-in/')) return await signIn(request, response, pathname.slice('/sign-in/'.length))
    return await handle(request, response)
  } catch (error) {
    console.error(error)
    return answer(response, 400, page('', 'This sign-in has ended. Start again.'))
  }
})
server.listen(seed.port, '127.0.0.1', () => console.log(`second provider on ${issuer}`))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
