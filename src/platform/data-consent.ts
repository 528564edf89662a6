import { browser } from './browser'

/** The kinds of data for which the manifest asks people's consent: none where the browser has no such consents. */
function askable(): readonly string[] {
  const { browser_specific_settings: own } = browser.runtime.getManifest() as {
    browser_specific_settings?: { gecko?: { data_collection_permissions?: { optional?: string[] } } }
  }
  return own?.gecko?.data_collection_permissions?.optional ?? []
}

/** Which of these kinds of data people have not consented to. In Chrome and Edge none: they keep no such consents. */
export async function withheld<K extends string>(kinds: readonly K[]): Promise<K[]> {
  const asked = kinds.filter((kind) => askable().includes(kind))
  if (asked.length === 0) return []
  const { data_collection: given = [] } = await browser.permissions.getAll()
  return asked.filter((kind) => !given.some((one) => one === kind))
}
