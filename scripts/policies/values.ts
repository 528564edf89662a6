import { POLICY_SPECS } from '../../src/domain/policy'

/** Who gets a version first, and who gets it after that: an update address and a set of policies each. */
export const CHANNELS = ['pilot', 'broad'] as const
export type Channel = (typeof CHANNELS)[number]

export type SampleValue = string | number | boolean | readonly string[]
export type SampleValues = Readonly<Record<string, SampleValue>>

/** A pilot only observes: nobody's status changes before the organization has seen what would. */
const MODES: Readonly<Record<Channel, string>> = { pilot: 'observe', broad: 'act' }

/** What an organization has to decide; all else keeps its default. */
export function minimalValues(channel: Channel): SampleValues {
  return { mode: MODES[channel] }
}

/** Every setting at its default, except the mode: to be changed or left out by the administrator. */
export function allValues(channel: Channel): SampleValues {
  const defaults = Object.entries(POLICY_SPECS).map(([key, spec]) => [key, spec.default] as const)
  return { ...Object.fromEntries<SampleValue>(defaults), ...minimalValues(channel) }
}
