import { guard } from './guard'
import { natives } from './natives'
import { notifyFrames } from './notify-frames'

/** Sent to the documents of this site: input in a frame, or around it, counts for the CCP that it belongs to. */
const USER_INPUT = 'ccp-signoff:touched'
const BY_PERSON = ['keydown', 'pointerdown'] as const

/** When a person last used this CCP. */
export interface UserInput {
  /** ms since the epoch; 0 where nobody has. */
  at(): number
  stop(): void
}

/** Watches keys and pointers, here and in the documents of this tab that can report them. */
export function watchUserInput(): UserInput {
  let lastInputAt = 0
  const onNotified = guard(() => {
    lastInputAt = natives.now()
  })
  const onInput = guard((event: Event) => {
    if (!event.isTrusted) return
    lastInputAt = natives.now()
    notifyFrames(USER_INPUT)
  })
  const stops = [...BY_PERSON.map((type) => natives.listen(type, onInput)), natives.listen(USER_INPUT, onNotified)]
  return {
    at: () => lastInputAt,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}
