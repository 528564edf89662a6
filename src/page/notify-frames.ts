/**
 * Notifies every document of this site in this tab, this one included: a key that is pressed in the agent workspace, or in a
 * frame inside the CCP, reaches that document alone, yet concerns the CCP.
 */
export function notifyFrames(type: string): void {
  let top: Window = window
  try {
    // Reading any property of a parent of another site throws: no CCP of this instance is around it.
    while (top !== top.parent && 'body' in top.parent.document) top = top.parent
  } catch {
    // This is the outermost one.
  }
  tell(top, type)
}

function tell(frame: Window, type: string): void {
  try {
    frame.dispatchEvent(new Event(type))
    for (let nth = 0; nth < frame.length; nth += 1) {
      const inner = frame[nth]
      if (inner !== undefined) tell(inner, type)
    }
  } catch {
    // Of another site.
  }
}
