import { onHostsChanged } from '../platform/hosts'
import { ask } from '../ui/ask'
import { onStored } from '../ui/changes'
import { byId } from '../ui/dom'
import { localise } from '../ui/i18n'
import { openLinksInTabs } from './actions'
import { livePopup } from './live-popup'

localise(document)
openLinksInTabs(document)
const refresh = livePopup(
  {
    main: byId('status', HTMLElement),
    version: byId('version', HTMLElement),
    announcement: byId('announcement', HTMLElement),
  },
  ask,
)
onHostsChanged(() => void refresh())
onStored(['sessions', 'settings', 'policy', 'log'], () => void refresh())
void refresh()
