import { POLICY_SPECS } from '../../src/domain/policy'

/** Who gets a version first, and who gets it later. Each channel has its own update address and set of policies. */
export const CHANNELS = ['pilot', 'broad'] as const
export type Channel = (typeof CHANNELS)[number]

export type SampleValue = string | number | boolean | readonly string[]
export type SampleValues = Readonly<Record<string, SampleValue>>

/** A pilot only observes: the organization first sees whose status would change. */
const MODES: Readonly<Record<Channel, string>> = { pilot: 'observe', broad: 'act' }

/** The values that an organization has to choose. Everything else keeps its default. */
export function minimalValues(channel: Channel): SampleValues {
  return { mode: MODES[channel] }
}

/** Every setting at its default, except the mode, for administrators to change or remove. */
export function allValues(channel: Channel): SampleValues {
  const defaults = Object.entries(POLICY_SPECS).map(([key, spec]) => [key, spec.default] as const)
  return { ...Object.fromEntries<SampleValue>(defaults), ...minimalValues(channel) }
}
