import { runDay } from '../../watchdog/day'

jest.setTimeout(120_000)

it('meets the goal on a small day, with a tenth of all calls failing', async () => {
  const figures = await runDay({
    agents: 200,
    sites: 5,
    hours: 2,
    seed: 3,
    killed: 0.2,
    failing: 0.1,
    intervalMs: 30_000,
  })
  expect(figures.wronged).toEqual([])
  expect(figures.touchedWithoutNetwork).toBe(0)
  expect(figures.mostCallsInASecond).toBe(1)
  expect(figures.judged).toBeGreaterThan(5)
  expect(figures.setOffline).toBe(figures.judged)
  expect(figures.maxMs).toBeLessThanOrEqual(180_000)
  expect(figures.lookToPutMs).toBeLessThanOrEqual(1_000)
  expect(figures.leftAvailable).toBe(0)
  expect(figures.stormOffline).toBe(figures.stormKilled)
  expect(figures.stormNoticeMs).toBeLessThanOrEqual(120_000)
  expect(figures.returnedAndTold).toBe(figures.returned)
})
