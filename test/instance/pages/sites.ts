import { dataBlock, escape, htmlPage } from './html'

/** The agent workspace, which frames CCP pages of its own instance. @param frames their paths */
export function agentAppPage(base: string, alias: string, frames: readonly string[]): string {
  const tags = frames.map(
    (src, at) =>
      `<iframe id="ccp-${at + 1}" title="CCP ${at + 1}" src="${escape(src)}" allow="microphone; autoplay"></iframe>`,
  )
  return htmlPage({
    title: 'Amazon Connect agent workspace',
    assets: `${base}/ccp-assets`,
    styles: ['site'],
    bodyClass: 'workspace',
    body: `<header><strong>Agent workspace</strong><span>${escape(alias)}</span></header>
    <div class="columns"><aside>${tags.join('')}</aside><main><h1>Customer profile</h1><p>No contact selected.</p></main></div>`,
  })
}

export interface CrmPage {
  readonly ccpUrl: string
  /** Whether the site frames the CCP by Streams' `initCCP` instead of a plain iframe. */
  readonly initCcp: boolean
  readonly host: string
}

/** A customer's CRM, which frames an instance's CCP and has a button that removes the frame. */
export function crmPage({ ccpUrl, initCcp, host }: CrmPage): string {
  const frame = initCcp
    ? ''
    : `<iframe id="ccp" title="CCP" src="${escape(ccpUrl)}" allow="microphone; autoplay"></iframe>`
  return htmlPage({
    title: 'Northwind CRM',
    assets: '/ccp-assets',
    styles: ['site'],
    scripts: initCcp ? ['streams-2.28'] : [],
    modules: ['crm'],
    bodyClass: 'crm',
    body: `<header><strong>Northwind CRM</strong><span>${escape(host)}</span></header>
    <div class="columns"><aside id="ccp-container">${frame}</aside>
    <main><h1>Accounts</h1>
      <table><tr><th>Customer</th><th>Open cases</th></tr><tr><td>Jordan Price</td><td>2</td></tr><tr><td>Sam Okafor</td><td>1</td></tr></table>
      <p><button type="button" id="remove">Remove the phone</button> <a id="away" href="https://www.example.test/">Leave for another site</a></p>
    </main></div>${dataBlock('settings', { ccpUrl, initCcp })}`,
  })
}

/** A page that has nothing to do with Amazon Connect. */
export function otherPage(host: string): string {
  return htmlPage({
    title: 'Another page',
    assets: '/ccp-assets',
    styles: ['site'],
    body: `<main><h1>Another page</h1><p>${escape(host)} has nothing to do with Amazon Connect.</p></main>`,
  })
}
