import { createHash } from 'node:crypto'

/** A UUID made from a seed: the same in every run, and so are the ARNs. */
export function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** The id of the instance with this alias. */
export function instanceId(alias: string): string {
  return uuid(`instance/${alias}`)
}

/** The ARN of a resource in an instance. Streams takes instance id and account from the routing profile's ARN. */
export function arn(alias: string, kind: string, id: string): string {
  return `arn:aws:connect:eu-central-1:123456789012:instance/${instanceId(alias)}/${kind}/${id}`
}
