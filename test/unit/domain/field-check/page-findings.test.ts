import {
  frameOf,
  headerKinds,
  keptNames,
  partsOf,
  unknownMembers,
} from '../../../../src/domain/field-check/page-findings'

const HIDDEN = partsOf(['alice.smith@acme.example', 'Alice Smith', 'acme'])

it('a name that contains part of the agent or of the instance is not stored', () => {
  expect(keptNames(['initWorker', 'forAlice', 'acmeSettings', 'smith', 'initWorker'], HIDDEN)).toEqual([
    'initWorker',
    '[other]',
  ])
})

it('members of a public Streams are not reported', () => {
  expect(unknownMembers(['agent', 'contact', 'memberOfTomorrow'], ['initSharedWorker', 'tomorrow', '[other]'])).toEqual(
    ['memberOfTomorrow', 'core.tomorrow', '[other]'],
  )
})

it.each([
  ['/ccp-v2/channel-view', '/ccp-v2/channel-view'],
  ['/connect/agent-app-v2/', '/connect/agent-app-v2/'],
  ['/acme/ccp', '/[other]/ccp'],
  ['/users/3f2b8c1e-0000-4444-8888-1234567890ab', '/users/[other]'],
  ['/Alice%20Smith', '/[other]'],
])('the path %s is stored as %s', (path, kept) => {
  expect(frameOf(1, path, HIDDEN)).toEqual({ depth: 1, path: kept })
})

it('headers are reduced to kinds, without addresses or values', () => {
  const kinds = headerKinds([
    [
      'Content-Security-Policy',
      "default-src 'none'; connect-src wss://acme.my.connect.aws; frame-ancestors https://crm.example",
    ],
    ['Permissions-Policy', 'unload=(), microphone=(self "https://acme.example")'],
    ['Cache-Control', 'no-store, secret=1'],
    ['Alt-Svc', 'h3=":443"; ma=86400'],
    ['Set-Cookie', 'lily-auth=secret'],
    ['Strict-Transport-Security', 'max-age=1'],
    ['X-Request-Id', 'abcdef'],
  ])
  expect(kinds).toEqual({
    'content-security-policy': ['connect-src', 'default-src', 'frame-ancestors'],
    'permissions-policy': ['microphone', 'no unload'],
    'cache-control': ['no-store', 'other'],
    'alt-svc': ['h3', 'other'],
    'strict-transport-security': ['there'],
  })
  expect(JSON.stringify(kinds)).not.toMatch(/acme|secret|443|crm/)
})
