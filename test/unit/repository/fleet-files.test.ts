/** @jest-environment jsdom */
/**
 * The files for Loki, Grafana, Alertmanager and Teams: checked by their own grammars, and by the names that they use.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { NO_CLOSE } from '../../../src/domain/pilot-report'
import { all, read, ROOT, tableRows } from '../docs/documents'

interface Logql {
  readonly parser: { parse(text: string): { iterate(spec: { enter(node: LogqlNode): void }): void } }
}
interface LogqlNode {
  readonly type: { readonly isError: boolean }
  readonly name: string
  readonly from: number
  readonly to: number
}
const { parser } = jest.requireActual<Logql>('@grafana/lezer-logql')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<string, string>>
}
const { groups } = parse(read('docs/fleet/alerts.yaml')) as { groups: { interval: string; rules: Rule[] }[] }
const RULES = groups.flatMap(({ rules }) => rules)

interface Panel {
  readonly title: string
  readonly description: string
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>
  readonly targets: readonly { readonly expr: string }[]
}
interface Dashboard {
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] }
}
const DASHBOARD = JSON.parse(read('docs/fleet/dashboard.json')) as Dashboard

const QUERIES: readonly (readonly [string, string])[] = [
  ...RULES.map(({ alert, expr }) => [alert, expr] as const),
  ...DASHBOARD.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

/** A query as Loki receives it from Grafana. */
const filledIn = (query: string): string =>
  query
    .replace(/\$__(range|interval)/g, '5m')
    .replace(/\$(site|routing_profile)/g, '.*')
    .trim()

/** The parts of a query that Loki's own grammar rejects. */
function mistakesIn(query: string): string[] {
  const found: string[] = []
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push(query.slice(Math.max(0, from - 20), to + 20))
    },
  })
  return found
}

/** The labels of records in Loki: those of the dictionary, with _ for each dot. */
const LABELS = new Set([
  ...[...tableRows(read('docs/fleet.md'), 'attribute'), ...tableRows(read('docs/fleet.md'), 'resource attribute')].map(
    ([name = '']) => name.replaceAll('`', '').replaceAll('.', '_'),
  ),
  // From `otlpResource`, as in the guide.
  'site',
])

/** Every label name in a query. */
function labelsIn(query: string): string[] {
  const names: string[] = []
  parser.parse(query).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'Identifier') names.push(query.slice(from, to))
    },
  })
  return names.filter((name) => name !== 'up')
}

it.each(QUERIES)('%s: Loki’s grammar accepts the query, and its labels are those of records', (_, query) => {
  const text = filledIn(query)
  expect(mistakesIn(text)).toEqual([])
  const labels = labelsIn(text)
  expect(labels.length).toBeGreaterThan(0)
  expect(labels.filter((label) => !LABELS.has(label))).toEqual([])
})

it('a mistake in a query is found', () => {
  expect(mistakesIn('sum by (a (count_over_time({b="c"}[1h])))')).not.toEqual([])
  expect(labelsIn('sum by (nowhere) (count_over_time({b="c"}[1h]))')).toEqual(['nowhere', 'b'])
})

describe('the alert about an agent who may be left Available', () => {
  const rule = RULES.find(({ alert }) => alert === 'AgentLeftAvailable')

  it('fires within a minute: the rules run twice a minute, without a delay', () => {
    expect(groups.map(({ interval }) => interval)).toEqual(['30s'])
    expect(rule?.for).toBeUndefined()
    const { route } = parse(read('docs/fleet/alertmanager.yaml')) as {
      route: { routes: { matchers: string[]; group_wait: string; receiver: string }[] }
    }
    expect(route.routes).toMatchObject([{ matchers: [`severity="${rule?.labels.severity}"`], group_wait: '0s' }])
  })

  it('names agent, site, since when and why', () => {
    const said = Object.values(rule?.annotations ?? {}).join(' ')
    for (const label of ['user_name', 'user_hash', 'site', 'ccp_signoff_flag_since', 'ccp_signoff_flag_why']) {
      expect(said).toContain(`$labels.${label}`)
    }
  })
})

it.each(RULES)('$alert: uses only labels that its query keeps', ({ expr, annotations }) => {
  const kept = all(expr, /by \(([^)]*)\)/g).flatMap((list) => list.split(/,\s*/))
  const named = Object.values(annotations).flatMap((text) => all(text, /\$labels\.(\w+)/g))
  expect(named.filter((label) => !kept.includes(label))).toEqual([])
})

describe('the dashboard', () => {
  it('counts in its running result what a browser counts in its own', () => {
    const counted = ['Closes', 'Set Offline', 'Left Available', 'Result by week', 'Result by cause', 'Result by agent']
    const queries = DASHBOARD.panels.filter(({ title }) => counted.includes(title)).flatMap(({ targets }) => targets)
    expect(queries.length).toBeGreaterThan(counted.length)
    for (const { expr } of queries) {
      expect(expr).toContain('ccp_signoff_close_would=""')
      expect(expr).toContain('ccp_signoff_close_outcome!~"not_needed|unprotected"')
      expect(expr).toContain(`ccp_signoff_close_cause!~"${[...NO_CLOSE].join('|')}"`)
    }
  })

  it.each(DASHBOARD.panels)('$title: describes what it shows', ({ title, description }) => {
    expect(description).toMatch(/\.$/)
    expect(description).not.toBe(title)
  })

  it('has variables for site and routing profile, and uses them', () => {
    const names = DASHBOARD.templating.list.map(({ name }) => name)
    expect(names).toEqual(['datasource', 'site', 'routing_profile'])
    const text = JSON.stringify(DASHBOARD.panels)
    for (const name of names) expect(text).toMatch(new RegExp(`\\$\\{?${name}\\b`))
  })

  it('has no overlapping panels, and none outside the grid', () => {
    const cells = DASHBOARD.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect([title, x + w <= 24]).toEqual([title, true])
      return Array.from({ length: w * h }, (_, nth) => `${x + (nth % w)}/${y + Math.floor(nth / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  it('names agent, site, since when and why for everybody who may be left Available', () => {
    const who = DASHBOARD.panels.find(({ title }) => title === 'Who may be left Available')
    const kept = all(who?.targets[0]?.expr ?? '', /by \(([^)]*)\)/g)[0]?.split(/,\s*/)
    expect(kept).toEqual(
      expect.arrayContaining(['user_name', 'user_hash', 'site', 'ccp_signoff_flag_since', 'ccp_signoff_flag_why']),
    )
  })
})

describe('messages to people', () => {
  it('Alertmanager: every route leads to a receiver, and the file contains no address', () => {
    const text = read('docs/fleet/alertmanager.yaml')
    const { receivers } = parse(text) as { receivers: { name: string }[] }
    const named = all(text, /^ +(?:- )?receiver: (\w+)$/gm)
    expect([...new Set(named)].sort()).toEqual(receivers.map(({ name }) => name).sort())
    expect(text).not.toMatch(/https?:/)
  })

  it('Teams: Microsoft’s own reader accepts the card, and the alert has its labels', () => {
    interface Reader {
      readonly AdaptiveCard: new () => {
        parse(card: object, context: object): void
        validateProperties(): { validationEvents: { message: string }[] }
      }
      readonly SerializationContext: new () => { eventCount: number; getEventAt(nth: number): { message: string } }
    }
    const { AdaptiveCard, SerializationContext } = jest.requireActual<Reader>('adaptivecards/dist/adaptivecards.js')
    const text = read('docs/fleet/teams-card.json')
    const { attachments } = JSON.parse(text) as { attachments: { contentType: string; content: object }[] }
    expect(attachments.map(({ contentType }) => contentType)).toEqual(['application/vnd.microsoft.card.adaptive'])
    const problemsOf = (content: object): string[] => {
      const [card, context] = [new AdaptiveCard(), new SerializationContext()]
      card.parse(content, context)
      const read = Array.from({ length: context.eventCount }, (_, nth) => context.getEventAt(nth).message)
      return [...read, ...card.validateProperties().validationEvents.map(({ message }) => message)]
    }
    expect(attachments.flatMap(({ content }) => problemsOf(content))).toEqual([])
    expect(problemsOf({ type: 'AdaptiveCard', version: '1.4', body: [{ type: 'Nonsense' }] })).not.toEqual([])
    const rule = RULES.find(({ alert }) => alert === 'AgentLeftAvailable')
    for (const label of all(text, /\.CommonLabels\.(\w+)/g)) expect(rule?.expr).toContain(label)
  })
})

it('every fleet file is named in its document', () => {
  const files = readdirSync(join(ROOT, 'docs/fleet'))
  expect(files.filter((name) => !read('docs/fleet.md').includes(`(fleet/${name})`))).toEqual([])
})
