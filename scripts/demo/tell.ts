/** Prints the demo: in colour to a terminal (unless NO_COLOR is set), otherwise as plain text. */
type Colour = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, green: 32, yellow: 33, red: 31, cyan: 36 }
const isColoured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined

const paint = (colour: Colour, text: string): string => (isColoured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text)

const say = (line = ''): void => console.log(line)

/** Who reports a line of the story. */
export type Teller = 'Signoff' | 'Connect' | 'log' | 'Watchdog'

const TELLERS: Readonly<Record<Teller, Colour>> = {
  Signoff: 'cyan',
  Connect: 'green',
  log: 'yellow',
  Watchdog: 'yellow',
}

export const tell = {
  title: (text: string): void => say(`\n${paint('bold', text)}`),
  heading: (text: string): void => say(`\n${paint('bold', text)}\n`),
  /** A name and its value, in columns. */
  pair: (name: string, value: string): void => say(`  ${paint('dim', name.padEnd(16))}${value}`),
  line: (text: string): void => say(`  ${text}`),
  /** @param at in ms since the close; null to print no time. */
  moment: (at: number | null, teller: Teller, text: string): void => {
    const time = at === null ? '' : `${at} ms`
    say(`  ${paint('dim', time.padStart(9))}  ${paint(TELLERS[teller], teller.padEnd(8))} ${text}`)
  },
  verdict: (isGood: boolean, text: string): void => {
    say(`\n${paint(isGood ? 'green' : 'red', isGood ? '✓' : '✗')} ${paint('bold', text)}\n`)
  },
  trouble: (text: string): void => console.error(`\n${paint('red', '✗')} ${text}`),
}
