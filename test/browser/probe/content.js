/* global addEventListener, location */
// Says hello and goodbye in every way there is; each key of the storage is one fact, so that no two writes compete.
const api = globalThis.browser ?? globalThis.chrome
const visit = crypto.randomUUID()

const tell = (what) => {
  api.runtime.sendMessage({ what, visit }).catch(() => undefined)
  void api.storage.local.set({ [`page:${what}:${visit}`]: { at: Date.now(), url: location.href } })
}

tell('hello')
api.runtime.connect({ name: visit })
addEventListener('beforeunload', () => tell('beforeunload'))
addEventListener('pagehide', () => tell('pagehide'))
