const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text made safe for HTML, attributes included. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)

/** A block of data for a page's scripts. It is not run, so that the strictest policy lets it be. */
export function dataBlock(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

export interface PageParts {
  readonly title: string
  /** Where the assets are. */
  readonly assets: string
  readonly styles: readonly string[]
  readonly scripts?: readonly string[]
  readonly modules?: readonly string[]
  readonly body: string
  readonly bodyClass?: string
}

/** A whole HTML document. */
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
