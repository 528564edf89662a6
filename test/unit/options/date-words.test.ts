import fc from 'fast-check'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)
jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

test.each(['en', 'en-US', 'en-AU', 'de', 'es', 'fr', 'ja', 'pt-BR'])(
  'words are found in the dates and times of entries: %s',
  async (language) => {
    await jest.isolateModulesAsync(async () => {
      const { browser } = await import('../ui/fake-browser')
      const getMessage = browser.i18n.getMessage
      jest.spyOn(browser.i18n, 'getMessage').mockImplementation((key, values) => {
        return key === 'langTag' ? language : getMessage(key, values)
      })
      browser.i18n.getUILanguage.mockReturnValue(language)
      const { dateTest } = await import('../../../src/options/log/date-words')
      const { dateText } = await import('../../../src/options/log/entry-text')
      const times = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2060, 0, 1) })
      const part = fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 9 }))
      fc.assert(
        fc.property(times, times, fc.nat(3 * 3_600_000), part, (at, other, later, [nth, from, length]) => {
          const words = dateText(other).split(/\s+/)
          const word = (words[nth % words.length] ?? '').slice(from).slice(0, length) || 'nobody'
          for (const each of [at, other, other + later]) {
            expect(dateTest(word)?.(each) ?? false).toBe(dateText(each).includes(word))
          }
        }),
        { numRuns: 500 },
      )
      expect(dateTest('agent.17')).toBeNull()
      expect(dateTest('nobody')).toBeNull()
    })
  },
)
