import { hasHosts, onHostsChanged } from '../platform/hosts'
import { h } from '../ui/dom'
import { requestHosts } from '../ui/request-host'
import { t } from '../ui/i18n'
import { hostsNotice } from '../ui/notices'

/** Says above every section that the browser denies access to the CCP's sites, while it does. */
export async function accessBanner(place: HTMLElement): Promise<void> {
  const show = async (): Promise<void> => {
    const isGranted = await hasHosts()
    const title = h('h2', { class: 'visually-hidden' }, t('popupAttentionTitle'))
    place.replaceChildren(...(isGranted ? [] : [title, hostsNotice(requestHosts, () => void show())]))
  }
  onHostsChanged(() => void show())
  await show()
}
