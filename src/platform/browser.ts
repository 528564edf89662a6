/** The one place that knows where the browser's API comes from: promises and the same names in every browser. */
import browser from 'webextension-polyfill'

export { browser }
export type { Alarms, Notifications, Runtime, Storage, Tabs } from 'webextension-polyfill'
