/** Writes generated parts of Markdown documents. */

/**
 * Returns the document with `text` between its marks, which are `<!-- NAME: ... -->` and `<!-- /NAME -->`.
 * Throws where they are missing.
 * @param text ends with a line break
 */
export function withPart(document: string, name: string, text: string): string {
  const mark = new RegExp(`(<!-- ${name}: .* -->\\n)[^]*?(<!-- /${name} -->)`)
  if (!mark.test(document)) throw new Error(`The document has no place for ${name}.`)
  return document.replace(mark, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`)
}

/** A Markdown table with padded columns, as Prettier formats it. It ends with a line break. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), cell.length),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('')
}
