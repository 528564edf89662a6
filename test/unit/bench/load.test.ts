import { figuresOf } from '../../../bench/load/figures'

const load = (loadedMs: number, scriptMs: number | null) => ({ loadedMs, scriptMs })

it('a contender’s cost is the median of its differences from the load without an extension in each round', () => {
  const bare = [load(100, 20), load(300, 60), load(110, 20)]
  expect(figuresOf([load(140, 30), load(310, 90), load(130, 35)], bare)).toEqual({
    loadedMs: 140,
    addedMs: 20,
    scriptMs: 35,
    addedScriptMs: 15,
  })
})

it('script times are unknown if the browser does not report them', () => {
  const loads = [load(140, null)]
  expect(figuresOf(loads, loads)).toMatchObject({ addedMs: 0, scriptMs: null, addedScriptMs: null })
  expect(figuresOf([], [])).toEqual({ loadedMs: null, addedMs: null, scriptMs: null, addedScriptMs: null })
})
