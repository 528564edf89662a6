import { Stop } from '../../../../src/background/field-check/calls'
import { probeCcp } from '../../../../src/background/field-check/probe-tab'
import { fake, renewBrowser } from '../browser'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))
jest.mock('../../../../src/storage/own-store', () => jest.requireActual<object>('../browser'))

const URL = 'https://acme.my.connect.aws/ccp-v2/'
const FOUND = {
  globals: ['connect'],
  members: ['agent'],
  coreMembers: [],
  parameters: [{ name: 'region', kind: 'string' }],
}
const opened = () => [...fake.tabs.values()].filter(({ url }) => url === URL)
/** What each look into the tab finds. */
const shows = (result: string): Promise<void> => {
  for (const { id } of opened()) fake.frames.set(id, [{ frameId: 0, result }])
  return Promise.resolve()
}

beforeEach(() => {
  renewBrowser()
})

it('opens its own CCP with the probe, reads its findings, and leaves nothing behind', async () => {
  let waited = 0
  const found = await probeCcp(URL, (ms) => {
    expect(fake.registered.has('field-probe')).toBe(true)
    waited += ms
    return shows(JSON.stringify(waited < 1_400 ? { globals: [] } : FOUND))
  })
  expect(found).toMatchObject({ ...FOUND, endpoint: null, pushes: false })
  expect(fake.opened).toEqual([URL])
  expect(opened()).toEqual([])
  expect(fake.registered.size).toBe(0)
  expect([...fake.session.items.keys()]).toEqual([])
})

it('forged parts are left out one by one, and text that is no findings counts as nothing', async () => {
  const forged = { ...FOUND, streamsVersion: 'Alice Smith', protocol: 'x'.repeat(99), members: ['agent', 'a b', 7] }
  expect(await probeCcp(URL, () => shows(JSON.stringify(forged)))).toMatchObject({
    streamsVersion: null,
    protocol: null,
    members: ['agent', '[other]', '[other]'],
  })
  for (const text of ['', '[]', '{', 'null', `"${'x'.repeat(200_000)}"`])
    expect(await probeCcp(URL, () => shows(text))).toBeNull()
})

it('ending the check closes the tab at once', async () => {
  await expect(probeCcp(URL, () => Promise.reject(new Stop('asked')))).rejects.toThrow('asked')
  expect(opened()).toEqual([])
  expect(fake.registered.size).toBe(0)
})

it('a tab that a dead worker left open is closed by the next one', async () => {
  const left = fake.addTab(7, URL)
  fake.session.set({ fieldCheckTab: left.id })
  fake.registered.add('field-probe')
  await probeCcp(URL, () => shows(JSON.stringify(FOUND)))
  expect(opened()).toEqual([])
  expect(fake.registered.size).toBe(0)
})
