import { guard } from './guard'
import { natives } from './natives'
import { tellParents } from './tell-parents'

/** Told to the documents around this one: what happens in a frame happens in the CCP that it belongs to. */
const TOUCHED = 'ccp-signoff:touched'
const BY_PERSON = ['keydown', 'pointerdown'] as const

/** When a person last touched this CCP. */
export interface Touch {
  /** ms since the epoch; 0 where nobody has. */
  at(): number
  stop(): void
}

/** Watches keys and pointers, here and in the frames of this document that can tell. */
export function watchTouch(): Touch {
  let touchedAt = 0
  const onTold = guard(() => {
    touchedAt = natives.now()
  })
  const onTouch = guard((event: Event) => {
    if (!event.isTrusted) return
    touchedAt = natives.now()
    tellParents(TOUCHED)
  })
  const stops = [...BY_PERSON.map((type) => natives.listen(type, onTouch)), natives.listen(TOUCHED, onTold)]
  return {
    at: () => touchedAt,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}
