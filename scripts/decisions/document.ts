/** docs/decisions.md, from `decideClose` itself. */
import messages from '../../_locales/en/messages.json'
import type { CloseDecision } from '../../src/domain/decide-close'
import { decideClose } from '../../src/domain/decide-close'
import type { Case } from './cases'
import { DIMENSIONS, PLAIN } from './cases'
import type { Dimension, Rule } from './fold'
import { fold } from './fold'

const TEXTS: Readonly<Record<string, { readonly message: string }>> = messages

/** The log's own words for a reason. */
function reasonWords(reason: string): string {
  const key = `reason${reason.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
  const text = TEXTS[key]?.message
  if (text === undefined) throw new Error(`The log has no words for ${reason}`)
  return text.replace(/^(The|Another|Waits)\b/, (word) => word.toLowerCase())
}

/** What is done, in words. */
function decisionWords(decision: CloseDecision): string {
  switch (decision.action) {
    case 'set_offline':
      return '**the state is set**'
    case 'leave':
      return `left to the background: ${reasonWords(decision.reason)}`
    case 'none':
      return `not needed: ${reasonWords(decision.reason)}`
    case 'cannot':
      return `failed: ${reasonWords(decision.reason)}`
  }
}

const decide = ({ agent, rules, moment }: Case): CloseDecision => decideClose(agent, rules, moment)
/** In words, what a mode makes of a case. */
const MODES: Readonly<Record<string, (one: Case) => string>> = {
  '`act`': () => 'what the table says',
  '`observe`': (one) => {
    const act = decide(one)
    const observed = decideClose(one.agent, { ...one.rules, mode: 'observe' }, one.moment)
    const would = act.action === 'set_offline' ? act.action : act.reason
    const isTold =
      act.action === 'none' ? observed.action === 'none' && observed.reason === would : isWould(observed, would)
    if (!isTold) throw new Error('Mode observe does not say what act would do')
    return 'nothing; the log has what the table says'
  },
  '`off`': (one) => decisionWords(decideClose(one.agent, { ...one.rules, mode: 'off' }, one.moment)),
  'not known to the page yet': (one) => decisionWords(decideClose(one.agent, null, one.moment)),
}

const isWould = (decision: CloseDecision, would: string): boolean =>
  decision.action === 'none' && decision.reason === 'mode_observe' && decision.would === would

function modeRows(): readonly (readonly string[])[] {
  return Object.entries(MODES).map(([mode, outcomeOf]) => {
    const outcomes = new Set(fold(DIMENSIONS, PLAIN, outcomeOf).map(({ outcome }) => outcome))
    return [mode, [...outcomes].sort().reverse().join('; or ')]
  })
}

function conditions({ values }: Rule): string {
  const said = values.flatMap((words, column) =>
    words === null ? [] : [`${DIMENSIONS[column]?.title ?? ''}: ${list(words)}`],
  )
  return said.length === 0 ? 'in all other cases' : said.join('; ')
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`

/** A Markdown table, as Prettier lays it out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[column] ?? '')].map((text) => text.length)),
  )
  const line = (cells: readonly string[], filler = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(' | ')} |`
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n')
}

const valuesOf = ({ title, values }: Dimension<Case>): string =>
  `- **${title}**: ${list(values.map(({ words }) => words))}`

/** The whole document. */
export function decisionsDocument(): string {
  const rules = fold(DIMENSIONS, PLAIN, (one) => decisionWords(decide(one)))
  const rows = rules.map((rule, nth) => [String(nth + 1), conditions(rule), rule.outcome])
  return `# What a close does

Made from the code by \`npm run docs\`, and held equal to it by a test: every combination of what stands below was asked of
\`src/domain/decide-close.ts\`, ${count().toLocaleString('en')} in all, and folded into the rows of the table.

## The modes

${table(['mode', 'what a close does'], modeRows())}

## The table

Read it from the top: the first row that fits counts. What a row does not name may be as it likes. “The state is set” is
the one that \`targetState\` names, or else the one of type offline. What is left to the background is asked about when
the page is gone (see [Verification](architecture.md#verification)); what is not needed is logged with these words.

${table(['', 'where', 'what is done'], rows)}

## What it turns on

${DIMENSIONS.map(valuesOf).join('\n')}

A close in which the page said nothing, since its process was killed, is judged by the same table as “the page dies”. A
state that \`fromStates\` names, and that takes no contacts, is changed afterwards in the very same stay alone.
`
}

const count = (): number => DIMENSIONS.reduce((product, { values }) => product * values.length, 1)
