/** The steps of each part of the field check, in order. */
import type { CallBy, ChangeTo, CloseKind } from './observations'

/** `read` changes nothing. Each of the other parts is started separately. */
export const PARTS = ['read', 'statuses', 'closes', 'kill'] as const
export type Part = (typeof PARTS)[number]

export type Step =
  /** Opens a CCP with the probe in it, reads the probe's findings, and closes the CCP. */
  | { readonly do: 'page' }
  /** Asks whose session it is. Another agent's session ends the check. */
  | { readonly do: 'who' }
  /** Asks for the queues of the routing profile. A queue that can bring contacts ends the check. */
  | { readonly do: 'queues' }
  | { readonly do: 'states' }
  | { readonly do: 'look' }
  | { readonly do: 'headers' }
  /** One round of the background's own calls. */
  | { readonly do: 'background' }
  /** Remembers the present status, to restore it at the end. */
  | { readonly do: 'remember' }
  | { readonly do: 'change'; readonly by: CallBy; readonly to: ChangeTo }
  /** The four steps of a guided close: Available, the person's close, its outcome, and the agent's return. */
  | { readonly do: 'available' }
  | { readonly do: 'await_close'; readonly kind: CloseKind }
  | { readonly do: 'outcome'; readonly kind: CloseKind }
  | { readonly do: 'await_return'; readonly kind: CloseKind }

export interface TimedStep {
  readonly step: Step
  /** The earliest time of the step, in ms since the part began. */
  readonly from: number
  /** The shortest time since the previous step ended, in ms. */
  readonly gap: number
}

/** The time between two looks, in ms. Not whole seconds, so that a moving start can be seen to move. */
const LOOK_GAP_MS = 1_400
/** The time between two rounds of the background, in ms: three rounds take two minutes. */
const ROUND_MS = 60_000

const step = (what: Step, from = 0, gap = 0): TimedStep => ({ step: what, from, gap })
const change = (by: CallBy, to: ChangeTo): TimedStep => step({ do: 'change', by, to })
const close = (kind: CloseKind): TimedStep[] => [
  step({ do: 'available' }),
  step({ do: 'await_close', kind }),
  step({ do: 'outcome', kind }),
  step({ do: 'await_return', kind }),
]

export const STEPS: Readonly<Record<Part, readonly TimedStep[]>> = {
  read: [
    step({ do: 'who' }),
    step({ do: 'queues' }),
    step({ do: 'states' }),
    step({ do: 'page' }),
    step({ do: 'look' }),
    step({ do: 'look' }, 0, LOOK_GAP_MS),
    step({ do: 'look' }, 0, LOOK_GAP_MS),
    step({ do: 'headers' }),
    step({ do: 'background' }),
    step({ do: 'background' }, ROUND_MS),
    step({ do: 'background' }, 2 * ROUND_MS),
  ],
  statuses: [
    step({ do: 'who' }),
    step({ do: 'queues' }),
    step({ do: 'states' }),
    step({ do: 'remember' }),
    change('page', 'lunch'),
    change('page', 'available'),
    change('page', 'offline'),
    change('page', 'offline_again'),
    change('background', 'available'),
    change('background', 'offline'),
  ],
  closes: [
    step({ do: 'who' }),
    step({ do: 'queues' }),
    step({ do: 'states' }),
    step({ do: 'remember' }),
    ...close('tab'),
    ...close('last_window'),
    ...close('reload'),
    ...close('log_out'),
  ],
  kill: [
    step({ do: 'who' }),
    step({ do: 'queues' }),
    step({ do: 'states' }),
    step({ do: 'remember' }),
    ...close('kill'),
  ],
}

/** Roughly how long each part takes, in minutes. Guided closes take as long as the person does. */
export const PART_MINUTES: Readonly<Record<Part, number>> = { read: 2, statuses: 1, closes: 5, kill: 2 }
