import * as v from 'valibot'
import { DEFAULT_OPTIONS } from './decide/options'
import type { Mode, Options } from './decide/options'

const whole = (fallback: number) =>
  v.pipe(v.optional(v.string(), String(fallback)), v.transform(Number), v.safeInteger(), v.minValue(1))
const text = v.optional(v.string(), '')

/** The stack's parameters, as environment variables of the functions. */
const ENVIRONMENT = v.object({
  TABLE: v.string(),
  INSTANCE_ID: text,
  INSTANCE_ALIAS: v.pipe(v.string(), v.minLength(1)),
  OFFLINE_STATUS_ID: text,
  SECRET_HASHES: v.string(),
  HASH_KEY: text,
  TOPIC: text,
  INGEST_URL: text,
  MODE: v.optional(v.picklist(['observe', 'act']), 'observe'),
  MISSES: v.optional(v.picklist(['2', '3']), '3'),
  WORK_LIMIT_MINUTES: whole(DEFAULT_OPTIONS.workLimitMs / 60_000),
  BRAKE_SITE: whole(DEFAULT_OPTIONS.brakeSite),
  BRAKE_FLEET: whole(DEFAULT_OPTIONS.brakeFleet),
  BRAKE_PERCENT: whole(DEFAULT_OPTIONS.brakePercent),
  ROUTING_PROFILES: text,
  TAG: text,
})

export type Environment = v.InferOutput<typeof ENVIRONMENT>

/** Reads the environment. Throws where a variable is missing or invalid, rather than act with a default. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return v.parse(ENVIRONMENT, env)
}

/** Splits a comma-separated list; empty items are dropped. */
export const listOf = (value: string): string[] => value.split(',').flatMap((item) => item.trim() || [])

/** The options of the deployment. What the stack has no parameter for keeps its default. */
export function optionsOf(env: Environment): Options {
  return {
    ...DEFAULT_OPTIONS,
    misses: env.MISSES === '2' ? 2 : 3,
    workLimitMs: env.WORK_LIMIT_MINUTES * 60_000,
    brakeSite: env.BRAKE_SITE,
    brakeFleet: env.BRAKE_FLEET,
    brakePercent: env.BRAKE_PERCENT,
    routingProfiles: listOf(env.ROUTING_PROFILES),
  }
}

/** The mode of the deployment. */
export const modeOf = ({ MODE }: Environment): Mode => MODE
