import type { DocumentHeader, NavigationType } from '../domain/closes/ccp-document'
import type { Surface } from '../domain/log-entry'

function surfaceOf(path: string): Surface {
  if (/^\/(connect\/)?agent-app-v2/.test(path)) return 'agent-workspace'
  return /^\/(connect\/)?ccp-v2/.test(path) ? 'ccp-v2' : 'ccp-v1'
}

function navigationTypeOf(entries: PerformanceEntryList): NavigationType {
  const [entry] = entries as PerformanceNavigationTiming[]
  return entry?.type ?? 'navigate'
}

/** What is fixed about this document for one life of it. */
export function describeDocument(late: boolean): DocumentHeader {
  return {
    docId: crypto.randomUUID(),
    instance: location.hostname,
    // The query and the fragment may hold private data.
    url: location.origin + location.pathname,
    surface: surfaceOf(location.pathname),
    framed: window.top !== window,
    navigationType: navigationTypeOf(performance.getEntriesByType('navigation')),
    late,
    openedAt: Date.now(),
  }
}
