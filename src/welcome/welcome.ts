import { ask } from '../ui/ask'
import { byId } from '../ui/dom'
import { localise } from '../ui/i18n'
import { liveSteps } from './live-steps'
import { factItems } from './welcome-view'

localise(document)
byId('facts', HTMLElement).replaceChildren(...factItems())
void liveSteps(byId('steps', HTMLElement), ask)()
