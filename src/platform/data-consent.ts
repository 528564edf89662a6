import { browser } from './browser'

/** The kinds of data that the manifest says may be sent where people consent to it: none where the browser knows no such consent. */
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
