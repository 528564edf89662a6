import { createHmac } from 'node:crypto'
import { identified, keyedHash } from '../../../../src/background/fleet/identify'
import type { Draft } from '../../../../src/domain/fleet/record'
import { T0 } from './build'

const DRAFT: Draft = {
  id: 'close-1',
  at: T0,
  event: 'ccp_signoff.close',
  severity: 'INFO',
  body: 'tab_closed: failed',
  attributes: { 'exception.message': 'No such user: ada.l', count: 3 },
  about: { instance: 'acme.my.connect.aws', username: 'ada.l' },
  isUrgent: false,
}
const as = (agentIdentity: 'nothing' | 'hash' | 'user_name', agentHashKey = '') =>
  identified(DRAFT, { agentIdentity, agentHashKey }, 'machine-1', T0 + 7)

test('without an identity setting nobody is named, not even in an error', async () => {
  const record = await as('nothing')
  expect(JSON.stringify(record)).not.toContain('ada')
  expect(record).toMatchObject({
    id: 'machine-1/close-1',
    observedAt: T0 + 7,
    attributes: { 'exception.message': 'No such user: (agent)', count: 3 },
  })
  expect(record).not.toHaveProperty('about')
})

test('a user name that is part of other words does not change those', async () => {
  const draft = { ...DRAFT, about: { instance: 'acme.my.connect.aws', username: 'a' } }
  const attributes = { 'server.address': 'acme.my.connect.aws', 'ccp_signoff.close.cause': 'tab_closed' }
  const identity = { agentIdentity: 'nothing', agentHashKey: '' } as const
  const record = await identified({ ...draft, attributes }, identity, 'machine-1', T0)
  expect(record.attributes).toEqual(attributes)
  expect(record.body).toBe(DRAFT.body)
})

test('a keyed hash replaces the agent, the same for every host of the instance', async () => {
  const { attributes } = await as('hash', 'k3y')
  const expected = createHmac('sha256', 'k3y').update('acme/ada.l').digest('hex')
  expect(attributes['user.hash']).toBe(expected)
  expect(JSON.stringify(attributes)).not.toContain('ada')
  expect(await keyedHash('k3y', 'ACME.awsapps.com', 'Ada.L')).toBe(expected)
  expect(await keyedHash('other', 'acme.awsapps.com', 'ada.l')).not.toBe(expected)
})

test('without a key there is no hash, since anybody could try all names', async () => {
  expect((await as('hash')).attributes).not.toHaveProperty(['user.hash'])
})

test('the user name is sent if the settings say so', async () => {
  expect((await as('user_name')).attributes).toMatchObject({
    'user.name': 'ada.l',
    'exception.message': 'No such user: ada.l',
  })
})
