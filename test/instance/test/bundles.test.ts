import { ApiClient, ask } from '../client'
import { startInstance, type Instance, type StreamsVersion } from '../instance'
import { CONVENIENT, RECORDED, type World } from '../world/axes'
import { openPage, type VmBrowser } from './vm-browser'

let instance: Instance
let browser: VmBrowser | undefined

afterEach(async () => {
  browser?.close()
  await instance.close()
})

/** Worlds that differ in what the page passes to Streams, and in what the API answers to Streams. */
const WORLDS: readonly (readonly [string, Partial<World>])[] = [
  ['recorded', RECORDED],
  ['recorded, with a page that passes little', { ...RECORDED, endpoint: 'missing', expiration: 'missing' }],
  [
    'recorded, pushed, with unknown fields and types',
    { ...RECORDED, polling: 'websocket', unknownFields: 'some', stateArns: 'none', workType: 'after_call_work' },
  ],
  ['convenient', CONVENIENT],
]

/** Loads the scripts of the CCP page, and starts Streams with the page's settings. */
async function boot(streams: StreamsVersion, world: Partial<World>): Promise<VmBrowser> {
  instance = await startInstance({ world })
  const { cookie } = await ApiClient.signIn(instance.port, 'alice')
  const address = instance.url.ccp('v1', { streams })
  const { origin } = new URL(address)
  const get = async (url: string): Promise<string> =>
    (await ask(instance.port, url, { headers: { Cookie: cookie } })).text
  const settings = /id="settings">(.*?)<\/script>/.exec(await get(address))?.[1] ?? '{}'
  const pushed = world.polling === 'websocket' ? 'pushed-' : ''
  const asset = (name: string): Promise<string> => get(`${origin}/connect/ccp-assets/${name}-${streams}.js`)
  const page = openPage(instance.port, address, await asset('streams'), await asset(`${pushed}worker`))
  page.run(`connect.core.initSharedWorker(${settings}.init)`)
  return page
}

describe.each(['1.4', '1.8', '2.28'] as const)('Streams %s in page and worker', (streams) => {
  it.each(WORLDS)('finds its agent, sets a state and shows contacts: %s', async (_what, world) => {
    const seen = (state: string): Promise<unknown> =>
      new Promise((resolve) => {
        const { page } = browser ?? {}
        if (page) page['seen'] = (name: string) => name === state && resolve(name)
      })
    browser = await boot(streams, world)
    const offline = seen('Offline')
    browser.run('connect.agent((agent) => { theAgent = agent; agent.onRefresh(() => seen(agent.getState().name)) })')
    await offline
    const available = seen('Available')
    browser.run(`theAgent.setState(theAgent.getAgentStates().find(({ type }) => type === 'routable'), {})`)
    const entry = await instance.journal.waitForState({ agent: 'alice', type: 'routable', by: 'api' })
    expect(entry.cause).toMatchObject({ request: { details: { origin: 'https://acme.awsapps.com' } } })
    await available
    const ringing = seen('PendingBusy')
    instance.agent('alice').ring()
    await ringing
    expect(browser.run('theAgent.getContacts()[0].getStatus().type')).toBe('connecting')
  })
})
