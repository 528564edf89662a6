import { guard } from './guard'
import { natives } from './natives'
import { tellFrames } from './tell-frames'

/** Told to the documents of this site: what happens in a frame, or around it, happens to the CCP that it belongs to. */
const TOUCHED = 'ccp-signoff:touched'
const BY_PERSON = ['keydown', 'pointerdown'] as const

/** When a person last touched this CCP. */
export interface Touch {
  /** ms since the epoch; 0 where nobody has. */
  at(): number
  stop(): void
}

/** Watches keys and pointers, here and in the documents of this tab that can tell. */
export function watchTouch(): Touch {
  let touchedAt = 0
  const onTold = guard(() => {
    touchedAt = natives.now()
  })
  const onTouch = guard((event: Event) => {
    if (!event.isTrusted) return
    touchedAt = natives.now()
    tellFrames(TOUCHED)
  })
  const stops = [...BY_PERSON.map((type) => natives.listen(type, onTouch)), natives.listen(TOUCHED, onTold)]
  return {
    at: () => touchedAt,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}
