/** What each part of the field check does, in order. */
import type { CallBy, ChangeTo, CloseKind } from './observations'

/** `read` changes nothing; each of the others is asked for separately. */
export const PARTS = ['read', 'statuses', 'closes', 'kill'] as const
export type Part = (typeof PARTS)[number]

export type Step =
  /** Opens a CCP with the probe in it, reads what it has seen, and closes it. */
  | { readonly do: 'page' }
  /** Asks whose session it is; another agent's ends the check. */
  | { readonly do: 'who' }
  /** Asks for the queues of the routing profile; one that brings contacts ends the check. */
  | { readonly do: 'queues' }
  | { readonly do: 'states' }
  | { readonly do: 'look' }
  | { readonly do: 'headers' }
  /** One round of the background's own calls. */
  | { readonly do: 'background' }
  /** Remembers the status that is to be restored. */
  | { readonly do: 'remember' }
  | { readonly do: 'change'; readonly by: CallBy; readonly to: ChangeTo }
  /** Makes the agent Available, asks the person for a close, waits for it, and looks at what came of it. */
  | { readonly do: 'available' }
  | { readonly do: 'await_close'; readonly kind: CloseKind }
  | { readonly do: 'outcome'; readonly kind: CloseKind }
  | { readonly do: 'await_return'; readonly kind: CloseKind }

export interface TimedStep {
  readonly step: Step
  /** Not before so many ms since the part began. */
  readonly from: number
  /** Not before so many ms after the step before. */
  readonly gap: number
}

/** Between two looks at rest: not a whole second, so that a start that moves is seen to move. */
const LOOK_GAP_MS = 1_400
/** Between two rounds of the background: three of them take two minutes. */
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

/** About how long a part takes, in minutes: of the guided closes, as long as a person takes. */
export const PART_MINUTES: Readonly<Record<Part, number>> = { read: 2, statuses: 1, closes: 5, kill: 2 }
