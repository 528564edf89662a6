/** Parts of documents that are made from code and figures. */

/** A document with a text between the marks of its place. Throws where they are missing. @param text ends with a new line. */
export function withPart(document: string, name: string, text: string): string {
  const mark = new RegExp(`(<!-- ${name}: .* -->\\n)[^]*?(<!-- /${name} -->)`)
  if (!mark.test(document)) throw new Error(`The document has no place for ${name}.`)
  return document.replace(mark, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`)
}

/** Markdown, as Prettier has it: columns of one width. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), cell.length),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('')
}
