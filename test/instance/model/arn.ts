import { createHash } from 'node:crypto'

/** The same UUID for the same seed, so that ARNs are stable between runs. */
export function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

export function instanceId(alias: string): string {
  return uuid(`instance/${alias}`)
}

/** An ARN of a thing in an instance. Streams reads the instance id and the account out of the routing profile's. */
export function arn(alias: string, kind: string, id: string): string {
  return `arn:aws:connect:eu-central-1:123456789012:instance/${instanceId(alias)}/${kind}/${id}`
}
