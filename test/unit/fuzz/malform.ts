/** Malformed values made from well-formed ones, as hostile and merely odd senders send them. */
import fc from 'fast-check'

/** A run is repeated by its seed: `FUZZ_SEED=1 npm run fuzz`. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
fc.configureGlobal({ seed })

/** `npm run fuzz` runs at full size; `npm test` at a hundredth of it. */
export const isFull = process.env['FUZZ'] === 'full'
export const runs = (full: number): number => (isFull ? full : Math.max(50, Math.round(full / 100)))

const ODD: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1e308,
  NaN,
  Infinity,
  '',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  'x'.repeat(2_000),
  true,
  [],
  {},
  [[]],
  { length: 1e9 },
  'routable',
  'offline',
  'https://evil.example/',
]

/** Every place in a value, as a path. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))]
}

function changed(value: unknown, path: readonly string[], to: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return to(value)
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as object) }
  Reflect.set(copy, key, changed((value as Record<string, unknown>)[key], rest, to))
  return copy
}

/** One of the samples with one to three places changed: to something odd, to anything, removed, or enlarged. */
export function malformed(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  const how = fc.oneof(
    fc.constantFrom(...ODD).map((odd) => () => odd),
    fc.jsonValue().map((odd) => () => odd),
    fc.constant((old: unknown) =>
      Array.isArray(old) ? Array.from({ length: 60 }, () => old[0] as unknown) : undefined,
    ),
    fc.constant((old: unknown) => (typeof old === 'object' && old !== null ? { ...old, extra: 1 } : [old])),
    fc.constantFrom(...samples).map((other) => () => other),
  )
  const change = fc.tuple(fc.nat(), how)
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([sample, changes]) =>
      changes.reduce<unknown>((value, [nth, to]) => {
        const all = places(value)
        return changed(value, all[nth % all.length] ?? [], to)
      }, sample),
    )
}

/** Prints what was run, in a full run. */
export function tell(what: string, figures: object): void {
  if (isFull) process.stdout.write(`${what}: ${JSON.stringify({ ...figures, seed })}\n`)
}
