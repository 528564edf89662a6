/**
 * Tells every document of this site in this tab, this one included: a key that is pressed in the agent workspace, or in a
 * frame inside of the CCP, goes to that document alone, and what it means concerns the CCP.
 */
export function notifyFrames(type: string): void {
  let top: Window = window
  try {
    // Reading anything of a parent of another site throws: no CCP of this instance is around it that could hear.
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
