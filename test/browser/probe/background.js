// Writes down every event that reaches it, with the life it happened in: a new life means that it had been stopped.
const api = globalThis.browser ?? globalThis.chrome
const life = crypto.randomUUID()
globalThis.life = life

const note = (event, detail = '') =>
  api.storage.local.set({ [`background:${event}:${detail}:${life}`]: { at: Date.now() } })

void note('alive')
api.runtime.onInstalled.addListener(({ reason }) => void note('onInstalled', reason))
api.runtime.onStartup.addListener(() => void note('onStartup'))
api.runtime.onMessage.addListener(({ what, visit }) => void note('message', `${what}:${visit}`))
api.runtime.onConnect.addListener((port) => {
  void note('connect', port.name)
  port.onDisconnect.addListener(() => void note('disconnect', port.name))
})
api.tabs.onRemoved.addListener((tab) => void note('tabRemoved', String(tab)))
api.storage.onChanged.addListener((changes) => {
  for (const key of Object.keys(changes)) if (key.startsWith('page:')) void note('changed', key)
})
