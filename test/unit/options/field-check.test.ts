/** @jest-environment jsdom */
import { begin, stepDone, stop } from '../../../src/domain/field-check/check'
import type { FieldCheck } from '../../../src/domain/field-check/check'
import { fieldCheckFile } from '../../../src/domain/field-check/field-check-file'
import { STEPS } from '../../../src/domain/field-check/steps'
import { fieldCheckSection } from '../../../src/options/health/field-check-section'
import type { FieldCheckRequest, FieldCheckView } from '../../../src/protocol/field-check-messages'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { uuid } from '../uuid'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const DOC = uuid('doc')
const SUBJECT = {
  instance: 'acme.my.connect.aws',
  username: 'tess',
  docId: DOC,
  url: 'https://acme.my.connect.aws/ccp-v2/',
}
const CANDIDATE: FieldCheckView['candidates'][number] = {
  docId: DOC,
  instance: SUBJECT.instance,
  name: 'Tess',
  refusal: null,
}
const asked: Partial<FieldCheckRequest>[] = []
const saved: { name: string; content: Blob }[] = []
let view: FieldCheckView
let connected = 0
const ask = ((_type: string, request: Partial<FieldCheckRequest>) => {
  asked.push(request)
  return Promise.resolve(view)
}) as unknown as Ask

const place = () => byId('field-check', HTMLElement)
const results = () => place().querySelector('.field-results')?.textContent ?? ''
const settle = async () => {
  for (let turns = 0; turns < 50; turns += 1) await Promise.resolve()
}
const start = (part: string) => byId(`field-start-${part}`, HTMLButtonElement)
const isOffered = (part: string) => start(part).getAttribute('aria-disabled') === null
const shown = (check: FieldCheck | null): void => {
  const about = { extensionVersion: '1.2.3', browser: 'Chromium 156' }
  const { original = null, ...rest } = check ?? {}
  view = {
    ...view,
    check: check && ({ ...rest, isRestoreDue: original !== null } as FieldCheckView['check']),
    file: check && fieldCheckFile(check, about),
  }
}

/** A check whose read-only part is done. */
function readDone(): FieldCheck {
  let check = begin(SUBJECT, 'run', Date.parse('2026-11-29T09:00:00Z'))
  for (let left = STEPS.read.length; left > 0; left -= 1) check = stepDone(check, {}, check.stepAt + 1_000)
  return check
}

async function open(): Promise<void> {
  loadOptionsPage()
  const section = fieldCheckSection(place(), {
    ask,
    saveFile: (name, content) => saved.push({ name, content }),
    print: () => undefined,
    connect: () => (connected += 1),
  })
  section.show(true)
  await settle()
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })
  asked.length = saved.length = connected = 0
  view = { access: 'named', candidates: [CANDIDATE], refusal: null, check: null, file: null }
})
afterEach(() => {
  jest.useRealTimers()
})

test('explains what it does and what may happen before it begins, and offers only the read-only part', async () => {
  await open()
  expect(place().textContent).toContain('Being Available may bring a contact.')
  expect(place().textContent).toContain('About 2 min')
  expect(['read', 'statuses', 'closes', 'kill'].map(isOffered)).toEqual([true, false, false, false])
  expect(asked.map(({ act }) => act)).toEqual(['look'])
})

test('is off if policy names no agents, and names the setting', async () => {
  view = { ...view, access: 'off', candidates: [{ ...CANDIDATE, refusal: 'off' }] }
  await open()
  expect(place().textContent).toContain('fieldCheckAgents')
  expect(place().textContent).toContain('Read only')
  expect(place().querySelector('button')).toBeNull()
})

test('installed by hand, it needs a person’s confirmation', async () => {
  view = { ...view, access: 'confirm', candidates: [{ ...CANDIDATE, refusal: 'unconfirmed' }] }
  await open()
  expect(isOffered('read')).toBe(false)
  view = { ...view, candidates: [{ ...CANDIDATE, refusal: null }] }
  byId('field-confirm', HTMLInputElement).click()
  await settle()
  expect(asked.at(-1)).toEqual({ act: 'look', isConfirmed: true, docId: DOC })
  expect(isOffered('read')).toBe(true)
})

test('begins with the chosen agent, shows its progress, and can be stopped', async () => {
  await open()
  shown(begin(SUBJECT, 'run', 0))
  start('read').click()
  await settle()
  expect(asked.at(-1)).toEqual({ act: 'read', isConfirmed: false, docId: DOC })
  expect(connected).toBeGreaterThan(0)
  expect(place().querySelector('[role=status]')?.textContent).toBe(`Step 1 of ${STEPS.read.length}`)
  byId('field-stop', HTMLButtonElement).click()
  await settle()
  expect(asked.at(-1)?.act).toBe('stop')
  // It keeps polling while the check runs.
  const before = asked.length
  await jest.advanceTimersByTimeAsync(3_000)
  expect(asked.length).toBeGreaterThan(before)
})

test('a finished part shows a verdict for each axis and the whole file, and offers the next parts', async () => {
  shown(readDone())
  await open()
  expect(place().querySelectorAll('.field-results th[scope=row]')).toHaveLength(18)
  expect(place().querySelectorAll('.field-results th[scope=col]')).toHaveLength(4)
  expect(results()).toContain('0 passed, 0 failed, 18 not tried.')
  expect(['read', 'statuses', 'closes', 'kill'].map(isOffered)).toEqual([true, true, true, true])
  const text = place().querySelector('.field-file pre')?.textContent ?? ''
  expect(JSON.parse(text)).toEqual(view.file)
  byId('field-save', HTMLButtonElement).click()
  expect(saved[0]?.name).toBe('signoff-field-check-2026-11-29.json')
  expect(saved[0]?.content.size).toBe(new Blob([text]).size)
})

test('the printed page says what it is about; each close has a row with the log’s outcome', async () => {
  const closes = [
    { kind: 'tab', outcome: 'confirmed', cause: 'tab_closed', shown: 'offline', afterMs: 9 },
    { kind: 'log_out', outcome: 'confirmed', cause: 'tab_closed', shown: 'offline', afterMs: 9 },
    { kind: 'kill', outcome: 'accepted', cause: 'browser_ended', shown: 'routable', afterMs: 9 },
  ] as const
  const check = readDone()
  shown({ ...check, observed: { ...check.observed, closes } })
  await open()
  const printed = [...place().querySelectorAll('.printed')].map(({ textContent }) => textContent)
  expect(printed).toEqual([
    'Instance acme.my.connect.aws, 2026-11-29. Signoff 1.2.3 in Chromium 156.',
    'Parts completed: Read only.',
  ])
  const rows = [...place().querySelectorAll('.field-results tr')].slice(-3)
  expect(rows.map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ['Closing the tab', 'Confirmed', 'Pass', 'Amazon Connect shows Offline.'],
    [
      'Logging out',
      'Confirmed',
      'Not tried',
      'Amazon Connect shows Offline. The log shows another kind of close than the one asked for: begin this part again.',
    ],
    [
      'Killing the browser',
      'Accepted',
      'Fail',
      'Amazon Connect shows Available. The log says something else: please send us the file.',
    ],
  ])
  expect(results()).toContain('1 passed, 1 failed, 19 not tried.')
})

test('a status that is not restored yet is shown, and nothing else can begin', async () => {
  const original = { name: 'Training', type: 'not_routable', arn: null }
  const running = { ...readDone(), part: 'statuses', step: 6, status: 'running', original } as const
  shown({ ...stop(running, 'asked'), restored: 'failed' })
  await open()
  expect(place().textContent).toContain('The agent’s status is not restored yet.')
  expect(place().textContent).toContain('You stopped the check.')
  expect(isOffered('read')).toBe(false)
  expect(place().textContent).not.toContain('Training')
})

test('a person sees what to do for a guided close', async () => {
  const at = STEPS.closes.findIndex(({ step }) => step.do === 'await_close')
  shown({ ...readDone(), part: 'closes', step: at, status: 'running' })
  await open()
  expect(place().querySelector('[role=status]')?.textContent).toContain('Now close the CCP’s tab.')
})
