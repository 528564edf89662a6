const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for HTML, including attributes. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)

/** A JSON data block for a page's scripts. Since it is not run, even a strict Content Security Policy allows it. */
export function dataBlock(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

export interface PageParts {
  readonly title: string
  /** The path of the assets, without a slash at the end. */
  readonly assets: string
  readonly styles: readonly string[]
  readonly scripts?: readonly string[]
  readonly modules?: readonly string[]
  readonly body: string
  readonly bodyClass?: string
}

/** A complete HTML document. */
export function htmlPage({
  title,
  assets,
  styles,
  scripts = [],
  modules = [],
  body,
  bodyClass = '',
}: PageParts): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(title)}</title>`,
    `<link rel="icon" href="${assets}/icon.svg">`,
    ...styles.map((name) => `<link rel="stylesheet" href="${assets}/${name}.css">`),
    ...scripts.map((name) => `<script src="${assets}/${name}.js"></script>`),
    ...modules.map((name) => `<script type="module" src="${assets}/${name}.js"></script>`),
    '</head>',
    `<body class="${bodyClass}">${body}</body>`,
    '</html>',
  ].join('\n')
}
