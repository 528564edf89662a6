import { COOKIE_NAME } from '../server/sessions'
import type { StreamsVersion } from '../api/tenant'
import type { World } from '../world/axes'
import { dataBlock, htmlPage } from './html'

export interface CcpPage {
  readonly host: string
  readonly base: string
  readonly generation: 'v1' | 'v2'
  readonly streams: StreamsVersion
  readonly token: string
  /** When the token expires, in the format of the world. */
  readonly expiration: number | string
  readonly world: World
  /** Whether `first.js` runs before all other scripts. */
  readonly hasFirstScript: boolean
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

const PAD = `
  <section class="pad" id="pad" hidden>
    <input id="number" type="text" inputmode="tel" placeholder="Enter a number" aria-label="Number to call" autocomplete="off">
    <div class="keys">${KEYS.map((key) => `<button type="button" class="key" data-key="${key}">${key}</button>`).join('')}</div>
    <button type="button" class="call" id="call">Call</button>
  </section>`

/** The panel: the agent's status with its menu, the contacts, a number pad, and “Log out”. */
function panel({ base, generation }: CcpPage): string {
  const leave =
    generation === 'v1'
      ? `<a id="logout" href="${base}/logout">Log out</a>`
      : '<button type="button" id="logout" class="link">Log out</button>'
  return `
  <header>
    <button type="button" class="status" id="status" aria-haspopup="listbox" aria-expanded="false" disabled>
      <span class="dot" id="dot"></span>
      <span class="names"><span class="name" id="state-name">Connecting…</span><span class="timer" id="timer"></span></span>
      <svg class="chevron" viewBox="0 0 12 12" aria-hidden="true"><path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>
    </button>
    <span class="avatar" id="avatar" aria-hidden="true"></span>
    <ul class="menu" id="menu" role="listbox" aria-label="Status" hidden></ul>
  </header>
  <p class="next" id="next" hidden></p>
  <p class="problem" id="problem" role="alert" hidden></p>
  <main>
    <section class="idle" id="idle">
      <svg viewBox="0 0 64 64" aria-hidden="true"><path d="M12 36v-4a20 20 0 0 1 40 0v4M12 36a5 5 0 0 1 5-5h2v16h-2a5 5 0 0 1-5-5zM52 36a5 5 0 0 0-5-5h-2v16h2a5 5 0 0 0 5-5zM47 47v2a6 6 0 0 1-6 6h-6" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/></svg>
      <h1>Welcome <span id="agent-name"></span></h1>
      <p id="hint">Waiting for the agent’s data.</p>
    </section>
    <ul class="contacts" id="contacts"></ul>
    ${PAD}
  </main>
  <nav>
    <button type="button" id="show-pad" aria-expanded="false">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01" stroke="currentColor" stroke-width="3" stroke-linecap="round"/></svg>
      Number pad
    </button>
    <button type="button" id="quick" disabled>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16M4 12h16M4 18h10" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>
      Quick connects
    </button>
  </nav>
  <footer>
    <a id="download" href="${base}/ccp-assets/call-log.csv">Download logs</a>
    <a id="tel" href="tel:+12065550100">Help desk</a>
    ${leave}
  </footer>`
}

/** The API's address, in the form that the world's page passes to Streams. */
function endpointOf({ host, base, world }: CcpPage): { endpoint?: string } {
  const path = `${base}/api`
  switch (world.endpoint) {
    case 'absolute':
      return { endpoint: `https://${host}${path}` }
    case 'path':
      return { endpoint: path }
    case 'no-scheme':
      return { endpoint: host + path }
    case 'missing':
      return {}
  }
}

const workerFor = ({ polling, endpoint }: World): string =>
  `${polling === 'websocket' ? 'pushed-' : ''}${endpoint === 'path' ? 'path-' : ''}worker`

/** The HTML of a CCP page. Its data block has what the stock page passes to `initSharedWorker`. */
export function ccpPage(page: CcpPage): string {
  const { host, base, generation, streams, token, expiration, world } = page
  const assets = `${base}/ccp-assets`
  const shared = {
    sharedWorkerUrl: `${assets}/${workerFor(world)}-${streams}.js`,
    authToken: token,
    // As in the recorded page.
    refreshToken: 'NA',
    authTokenExpiration: expiration,
    region: 'eu-central-1',
    ...endpointOf(page),
    authorizeEndpoint: `${base}/auth/authorize`,
  }
  // Streams 1.4 ignores these. Without the first two, the worker of 1.8 and later cannot configure itself.
  const newer = {
    authCookieName: COOKIE_NAME,
    agentAppEndpoint: `https://${host}${base}/agent-app/api`,
    taskTemplatesEndpoint: `https://${host}${base}/task-templates/api/ccp`,
    loginEndpoint: `${base}/login?landat=${base}/ccp-v2`,
    longPollingOptions: {
      allowLongPollingShadowMode: false,
      allowLongPollingWebsocketOnlyMode: world.polling === 'websocket',
    },
  }
  const settings = {
    generation,
    logoutUrl: `${base}/logout`,
    // Streams 1 reads the global itself.
    connectGlobal: world.connectGlobal === 'gone' && streams !== '2.28' ? 'there' : world.connectGlobal,
    init: { ...shared, ...newer },
  }
  return htmlPage({
    title: generation === 'v1' ? 'Amazon Connect Contact Control Panel' : 'Contact Control Panel',
    assets,
    styles: ['ccp'],
    scripts: [...(page.hasFirstScript ? ['first'] : []), `streams-${streams}`],
    modules: ['ccp'],
    bodyClass: `ccp ${generation}`,
    body: `${panel(page)}${dataBlock('settings', settings)}`,
  })
}
