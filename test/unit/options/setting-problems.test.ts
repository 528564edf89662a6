/** @jest-environment jsdom */
import { settingProblems } from '../../../src/options/settings/problem-list'
import type { Ask } from '../../../src/ui/ask'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const PROBLEMS = [
  { source: 'policy', key: 'holdMs', value: 'long', allowed: '0..5000' },
  { source: 'user', key: 'colour', value: 'red', allowed: null },
]

test('each is named with its value and what is allowed, the organization’s first; and gone when it is mended', async () => {
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

test('a background that does not answer leaves nothing there', async () => {
  const place = document.createElement('div')
  await settingProblems(place, () => Promise.reject(new Error('gone')))()
  expect(place.children).toHaveLength(0)
})
