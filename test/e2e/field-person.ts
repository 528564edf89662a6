import type { Part } from '../../src/domain/field-check/steps'
import { PARTS } from '../../src/domain/field-check/steps'
import type { Page } from '../browser'
import { until } from '../browser'
import type { Stage } from './stage'

export const RESTORED = 'The agent’s status is restored: Amazon Connect shows it.'

/** The longest time for a part. Most of the read-only one, two minutes, is waiting. */
const PART_MS = 240_000

/** A person at "Check against this instance" in the options page, who may close and reopen it. */
export class FieldPerson {
  #options: Page | null = null

  constructor(private readonly stage: Pick<Stage, 'browser'>) {}

  /** The options page, which must be open. */
  get page(): Page {
    if (this.#options === null) throw new Error('The options page is not open.')
    return this.#options
  }

  async open(): Promise<void> {
    this.#options = await this.stage.browser.extension.openPage('options.html#health')
  }

  async leave(): Promise<void> {
    await this.#options?.discard()
    this.#options = null
  }

  /** Waits until the section shows a text. */
  says(text: string, timeout = 60_000): Promise<unknown> {
    const told = (): string => document.getElementById('field-check')?.textContent ?? ''
    return until(
      `the page to say "${text}"`,
      async () => {
        const all = await this.page.evaluate(told)
        if (!all.includes(text)) throw new Error(`It says ${all}`)
        return true
      },
      { timeout, every: 500 },
    )
  }

  /** Confirms that it is a test agent, if asked, and begins a part once it is offered. */
  async begin(part: Part): Promise<void> {
    await until(`${part} to be offered`, async () => {
      await this.page.evaluate(() => {
        const box = document.getElementById('field-confirm') as HTMLInputElement | null
        if (box?.checked === false) box.click()
      })
      return this.page.evaluate((id: string) => {
        const button = document.getElementById(id)
        return button !== null && button.getAttribute('aria-disabled') === null
      }, `field-start-${part}`)
    })
    await this.press(`field-start-${part}`)
    await this.says('Step')
  }

  /** Presses a button of the section, which may be redrawn at any moment. */
  async press(id: string): Promise<void> {
    await until(id, () =>
      this.page.evaluate((wanted: string) => {
        const button = document.getElementById(wanted)
        button?.click()
        return button !== null
      }, id),
    )
  }

  /** Waits until a running part has finished. */
  async isDone(part: Part): Promise<void> {
    const done = (nth: number): boolean =>
      document.querySelectorAll('.field-parts > li')[nth]?.querySelector('.pill') !== null
    await until(`${part} to be done`, () => this.page.evaluate(done, PARTS.indexOf(part)), {
      timeout: PART_MS,
      every: 1_000,
    })
  }

  async play(part: Part): Promise<void> {
    await this.begin(part)
    await this.isDone(part)
  }

  /** The file as the page shows it in full. */
  file(): Promise<string> {
    return this.page.evaluate(() => document.querySelector('.field-file pre')?.textContent ?? '')
  }
}
