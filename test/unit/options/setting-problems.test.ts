/** @jest-environment jsdom */
import { settingProblems } from '../../../src/options/settings/problem-list'
import type { Ask } from '../../../src/ui/ask'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const PROBLEMS = [
  { source: 'policy', key: 'holdMs', value: 'long', allowed: '0..5000' },
  { source: 'user', key: 'colour', value: 'red', allowed: null },
]

test('each problem is listed with its value and the allowed values, policy first, and disappears once fixed', async () => {
  const place = document.createElement('div')
  let problems: unknown = PROBLEMS
  const look = settingProblems(place, (() => Promise.resolve({ problems })) as unknown as Ask)
  await look()
  const texts = [...place.querySelectorAll('li')].map(({ textContent }) => textContent)
  expect(texts).toEqual([
    '“holdMs” is set to "long" by policy. Allowed: 0..5000. The default is in force.',
    '“colour” is not a setting of this version, and is ignored.',
  ])
  problems = []
  await look()
  expect(place.children).toHaveLength(0)
})

test('nothing is shown if the background does not answer', async () => {
  const place = document.createElement('div')
  await settingProblems(place, () => Promise.reject(new Error('gone')))()
  expect(place.children).toHaveLength(0)
})
