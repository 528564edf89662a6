import { TokenStore } from '../../../src/storage/token-store'
import { fake, renewBrowser } from '../background/browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

const lent = (token: string, expiresAt: number | null = null) => ({
  url: 'https://acme.awsapps.com/api',
  token,
  expiresAt,
})
const kept = (): string[] => [...fake.session.items.keys()]

test('the first token that has not expired is returned', async () => {
  const tokens = new TokenStore()
  await tokens.keep('old', lent('a', 1_000))
  await tokens.keep('new', lent('b', 2_000))
  expect((await tokens.of(['none', 'old', 'new'], 1_000))?.token).toBe('b')
  expect(await tokens.of(['old', 'new'], 2_000)).toBeNull()
})

test('a token that is lent during clean-up is not forgotten', async () => {
  const tokens = new TokenStore()
  await tokens.keep('before', lent('a'))
  const documents = new Set<string>()
  const forgetting = tokens.keepOnly(async () => {
    await Promise.resolve()
    return new Set(documents)
  })
  documents.add('since')
  const keeping = tokens.keep('since', lent('b'))
  await Promise.all([forgetting, keeping])
  expect(kept()).toEqual(['token:since'])
})

test('an empty store is not searched again until something is lent', async () => {
  const tokens = new TokenStore()
  expect(tokens.isEmpty()).toBe(false)
  await tokens.keepOnly(() => Promise.resolve(new Set()))
  expect(tokens.isEmpty()).toBe(true)
  await tokens.keep('one', lent('a'))
  expect(tokens.isEmpty()).toBe(false)
})

test('a damaged record is not a token', async () => {
  fake.session.items.set('token:one', { token: 7 })
  expect(await new TokenStore().of(['one'], 0)).toBeNull()
})
