import { CCP_MATCH_PATTERNS, isCcpUrl } from '../../../src/protocol/ccp-urls'
import manifest from '../../../manifest.json'

test('the manifest puts both scripts into all frames at CCP addresses, from the start, and nowhere else', () => {
  const scripts = manifest.content_scripts
  expect(scripts.map(({ js }) => js)).toEqual([['content.js'], ['page.js']])
  for (const script of scripts) {
    expect(script.matches).toEqual([...CCP_MATCH_PATTERNS])
    expect(script).toMatchObject({ all_frames: true, run_at: 'document_start' })
  }
})

/** As in browsers: `*.` matches any subdomain or none, `*` in the path anything, and fragments are ignored. */
function isMatched(url: string): boolean {
  const { protocol, hostname, pathname, search } = new URL(url)
  return CCP_MATCH_PATTERNS.some((pattern) => {
    const [, domain = '', path = ''] = /^https:\/\/\*\.([^/]+)(\/.*)$/.exec(pattern) ?? []
    const isHost = hostname === domain || hostname.endsWith(`.${domain}`)
    return protocol === 'https:' && isHost && (pathname + search).startsWith(path.slice(0, -1))
  })
}

test.each([
  'https://acme.awsapps.com/connect/ccp',
  'https://acme.awsapps.com/connect/ccp#/',
  'https://acme.awsapps.com/connect/ccp-v2/',
  'https://acme.awsapps.com/connect/agent-app-v2/',
  'https://acme.my.connect.aws/ccp',
  'https://acme.my.connect.aws/ccp#/',
  'https://acme.my.connect.aws/ccp-v2/',
  'https://acme.my.connect.aws/ccp-v2/softphone?visual=1',
  'https://acme.my.connect.aws/ccp-v2/channel-view#x',
  'https://acme.my.connect.aws/agent-app-v2/',
  'https://acme.my.connect.aws/connect/ccp-v2/',
  'https://acme.my.connect.aws/connect/agent-app-v2/',
  'https://acme-1.govcloud.connect.aws/ccp-v2',
  'https://acme-1.govcloud.connect.aws/agent-app-v2/',
  'https://acme-1.govcloud.connect.aws/connect/ccp-v2/task-list',
])('%s is a CCP', (url) => {
  expect(isCcpUrl(url)).toBe(true)
  expect(isMatched(url)).toBe(true)
})

test.each([
  'https://acme.awsapps.com/start',
  'https://acme.awsapps.com/ccp-v2/',
  'https://acme.awsapps.com/connect/home',
  'https://acme.my.connect.aws/',
  'https://acme.my.connect.aws/home#/ccp-v2/',
  'https://acme.my.connect.aws/reports/ccp-v2',
  'https://acme.govcloud.connect.aws/ccp',
  'https://acme.govcloud.connect.aws/connect/agent-app-v2/',
  'https://acme.my.connect.aws/connect/home',
  'http://acme.my.connect.aws/ccp-v2/',
  'https://my.connect.aws.evil.example/ccp-v2/',
  'https://acme.my.connect.aws.evil.example/ccp-v2/',
  'https://evil.example/?https://acme.my.connect.aws/ccp-v2/',
  'https://evil.example/acme.my.connect.aws/ccp-v2/',
  'https://d-90671234ab.awsapps.com/login',
])('%s is not a CCP', (url) => {
  expect(isCcpUrl(url)).toBe(false)
  expect(isMatched(url)).toBe(false)
})

test.each([
  '',
  'no address',
  'https://user@acme.my.connect.aws/ccp-v2/',
  'https://evil.example#.my.connect.aws/ccp-v2/',
])('an address that only looks like a CCP (%p) is refused', (url) => {
  expect(isCcpUrl(url)).toBe(false)
})
