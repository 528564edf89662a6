import { ask } from '../ui/ask'
import { byId } from '../ui/dom'
import { localise } from '../ui/i18n'
import { liveSteps } from './live'
import { factItems } from './view'

localise(document)
byId('facts', HTMLElement).replaceChildren(...factItems())
void liveSteps(byId('steps', HTMLElement), ask)()
