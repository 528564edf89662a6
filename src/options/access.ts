import { hasHosts, onHostsChanged } from '../platform/hosts'
import { h } from '../ui/dom'
import { requestHosts } from '../ui/host-access'
import { t } from '../ui/i18n'
import { hostsNotice } from '../ui/notices'

/** Says, over whatever section is shown, that the browser keeps us from the CCP's sites; nothing while it does not. */
export async function accessBanner(place: HTMLElement): Promise<void> {
  const show = async (): Promise<void> => {
    const isGranted = await hasHosts()
    const title = h('h2', { class: 'visually-hidden' }, t('popupAttentionTitle'))
    place.replaceChildren(...(isGranted ? [] : [title, hostsNotice(requestHosts, () => void show())]))
  }
  onHostsChanged(() => void show())
  await show()
}
