/** Makes docs/decisions.md by asking `decideClose` about every case. */
import messages from '../../_locales/en/messages.json'
import type { CloseDecision } from '../../src/domain/decide-close'
import { decideClose } from '../../src/domain/decide-close'
import type { Case } from './cases'
import { DIMENSIONS, PLAIN } from './cases'
import type { Dimension, Rule } from './fold'
import { fold } from './fold'

const TEXTS: Readonly<Record<string, { readonly message: string }>> = messages

/** A reason in the words that the log shows. Throws where there is no text for it. */
function reasonWords(reason: string): string {
  const key = `reason${reason.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
  const text = TEXTS[key]?.message
  if (text === undefined) throw new Error(`The log has no words for ${reason}`)
  return text.replace(/^(The|Another|Waits)\b/, (word) => word.toLowerCase())
}

/** A decision as the table shows it. */
function decisionWords(decision: CloseDecision): string {
  switch (decision.action) {
    case 'set_offline':
      return '**the state is set**'
    case 'defer':
      return `left to the background: ${reasonWords(decision.reason)}`
    case 'none':
      return `not needed: ${reasonWords(decision.reason)}`
    case 'cannot':
      return `failed: ${reasonWords(decision.reason)}`
  }
}

const decide = ({ agent, rules, moment }: Case): CloseDecision => decideClose(agent, rules, moment)
/** By mode: what a close does in that mode. */
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

/** The text of docs/decisions.md. */
export function decisionsDocument(): string {
  const rules = fold(DIMENSIONS, PLAIN, (one) => decisionWords(decide(one)))
  const rows = rules.map((rule, nth) => [String(nth + 1), conditions(rule), rule.outcome])
  return `# What a close does

\`npm run docs\` makes this document from the code, and a test keeps the two equal. It asks \`src/domain/decide-close.ts\`
about all ${count().toLocaleString('en')} combinations of the values listed at the end, and folds the answers into the rows of the table.

## The modes

${table(['mode', 'what a close does'], modeRows())}

## The table

Read it from the top: the first row that fits applies. Conditions that a row does not name may have any value. “The state
is set” means the state that \`targetState\` names, or the state of type offline where it names none. When a close is left
to the background, the background asks the instance once the page is gone (see
[The check](architecture.md#the-check)). When nothing is needed, the log entry gives the reason in these words.

${table(['', 'where', 'what is done'], rows)}

## What the decision depends on

${DIMENSIONS.map(valuesOf).join('\n')}

A page whose process was killed reports nothing; such a close is judged as “the page’s process dies”. If a state takes no
contacts but \`fromStates\` names it, the background changes it after the close only while the agent is still in the same
state period.
`
}

const count = (): number => DIMENSIONS.reduce((product, { values }) => product * values.length, 1)
