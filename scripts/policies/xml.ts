/**
 * An XML element with its attributes and children. Each child
 * gets its own lines; a lone text stays on the element's line.
 */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...children: string[]): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const open = `<${name}${said.join('')}`
  if (children.length === 0) return `${open} />`
  const [only] = children
  if (children.length === 1 && only !== undefined && !only.startsWith('<')) return `${open}>${only}</${name}>`
  return `${open}>\n${children.map(indented).join('\n')}\n</${name}>`
}

/** A text with the characters escaped that have a meaning in XML. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
