/** @jest-environment jsdom */
import '../hooks'
import * as v from 'valibot'
import { probeFindingsSchema } from '../../../../src/protocol/field-check-messages'
import { FIELD_PROBE } from '../../../../src/protocol/field-probe'

const page = window as unknown as Record<string, unknown>
const PARAMS = {
  authToken: 'the-secret-token',
  refreshToken: 'NA',
  authTokenExpiration: 1_900_000_000_000,
  endpoint: `${location.host}/api`,
  longPollingOptions: { allowLongPollingWebsocketOnlyMode: true, allowLongPollingShadowMode: false },
}
let init: jest.Mock

function load(name: string): void {
  jest.isolateModules(() => {
    jest.requireActual<object>(`../../../../src/page/${name}`)
  })
}
const read = () => v.parse(probeFindingsSchema, JSON.parse((page[FIELD_PROBE] as () => string)()))

beforeEach(() => {
  init = jest.fn(() => 'what it returns')
  Object.defineProperty(performance, 'getEntriesByType', {
    configurable: true,
    value: () => [{ nextHopProtocol: 'h2' }],
  })
})
afterEach(() => {
  Reflect.deleteProperty(window, 'connect')
  Reflect.deleteProperty(window, FIELD_PROBE)
})

function start(): void {
  const connect: Record<string, unknown> = { version: '2.28.2' }
  page['connect'] = connect
  connect['core'] = { initSharedWorker: init, getEventBus: () => null }
  page['connect'] = connect
  expect((connect['core'] as { initSharedWorker: (params: unknown) => unknown }).initSharedWorker(PARAMS)).toBe(
    'what it returns',
  )
}

it('reports parameters by name and kind and the form of the endpoint, but no values', () => {
  load('field-probe/entry')
  start()
  expect(init).toHaveBeenCalledWith(PARAMS)
  const found = read()
  expect(found).toMatchObject({
    globals: ['connect'],
    streamsVersion: '2.28.2',
    expiration: 'number',
    pushes: true,
    protocol: 'h2',
  })
  expect(found.parameters).toEqual(
    expect.arrayContaining([
      { name: 'authToken', kind: 'string' },
      { name: 'longPollingOptions', kind: 'object' },
      { name: 'longPollingOptions.allowLongPollingWebsocketOnlyMode', kind: 'true' },
    ]),
  )
  expect(JSON.stringify(found)).not.toContain('secret')
})

it('a member that throws is reported, and the page notices nothing', () => {
  load('field-probe/entry')
  start()
  Object.defineProperty(page['connect'] as object, 'memberOfTomorrow', {
    enumerable: true,
    get: () => {
      throw new Error('No')
    },
  })
  expect(read()).toMatchObject({ throwingMembers: 1, members: expect.arrayContaining(['memberOfTomorrow']) as unknown })
})

it('a removed global is reported', () => {
  load('field-probe/entry')
  start()
  Reflect.deleteProperty(window, 'connect')
  expect(read()).toMatchObject({ globals: [], members: [] })
  expect(read().parameters).not.toBeNull()
})

it.each([
  ['the bridge first', ['shared-worker-params', 'field-probe/entry']],
  ['the probe first', ['field-probe/entry', 'shared-worker-params']],
])('beside the bridge, %s: the bridge sees the call as if alone', (_name, order) => {
  const seen: unknown[] = []
  for (const name of order) {
    jest.isolateModules(() => {
      const module = jest.requireActual<{ watchSharedWorkerParams?: (on: (params: unknown) => void) => void }>(
        `../../../../src/page/${name}`,
      )
      module.watchSharedWorkerParams?.((params) => seen.push(params))
    })
  }
  start()
  expect(seen).toEqual([PARAMS])
  expect(init).toHaveBeenCalledTimes(1)
  expect((page['connect'] as { version: string }).version).toBe('2.28.2')
})
