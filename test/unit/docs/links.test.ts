import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DOCUMENTED } from '../../../scripts/pictures/documented'
import { all, DOCUMENTS, read, ROOT } from './documents'
import { brokenLinks } from './links'

const REPOSITORY = {
  exists: (path: string): boolean => existsSync(join(ROOT, path)),
  read: (path: string): string | null => (path.endsWith('.md') ? read(path) : null),
}

describe.each(DOCUMENTS)('%s', (path) => {
  it('has no broken links, anchors or pictures', () => {
    expect(brokenLinks(path, read(path), REPOSITORY)).toEqual([])
  })

  it('names no missing document', () => {
    const named = all(read(path), /`((?:docs\/)?[\w-]+\.md)`/g)
    const isThere = (name: string): boolean => existsSync(join(ROOT, name)) || existsSync(join(ROOT, 'docs', name))
    expect(named.filter((name) => !isThere(name))).toEqual([])
  })
})

it('every document can be reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const path of reached) {
    if (!path.endsWith('.md')) continue
    const folder = path.includes('/') ? path.replace(/[^/]*$/, '') : ''
    for (const target of all(read(path), /\]\(([^)#\s]+\.md)/g)) {
      if (!target.startsWith('http')) reached.add(join(folder, target))
    }
  }
  expect(DOCUMENTS.filter((path) => !reached.has(path))).toEqual([])
})

it('every picture is made by the script, and shown by a document', () => {
  const kept = readdirSync(join(ROOT, 'docs/pictures')).sort()
  expect(kept).toEqual(Object.keys(DOCUMENTED).sort())
  const shown = DOCUMENTS.flatMap((path) => all(read(path), /pictures\/([\w-]+\.png)/g))
  expect(kept.filter((picture) => !shown.includes(picture))).toEqual([])
})

describe('brokenLinks', () => {
  const files: Readonly<Record<string, string>> = {
    'docs/guide.md': '# Guide\n\n## See `it` work!\n\n## Again\n\n## Again\n\n```sh\n# no heading\n```\n',
    'docs/pictures/one.png': '',
  }
  const place = {
    exists: (path: string): boolean => path in files,
    read: (path: string): string | null => (path.endsWith('.md') ? (files[path] ?? null) : null),
  }
  const broken = (text: string): string[] => brokenLinks('docs/guide.md', `${files['docs/guide.md']}${text}`, place)

  it.each([
    '[a](guide.md#see-it-work)',
    '[a](#again-1)',
    '[a](../docs/guide.md)',
    '![a](pictures/one.png)',
    '<img src="pictures/one.png">',
    '[a](https://example.com/nothing#here)',
    '[a](mailto:nobody@example.com)',
    '`[a](missing.md)`',
    '```\n[a](missing.md)\n```\n',
  ])('accepts %s', (text) => {
    expect(broken(text)).toEqual([])
  })

  it.each([
    ['[a](missing.md)', 'missing.md'],
    ['[a](guide.md#see-it)', 'guide.md#see-it'],
    ['[a](#again-2)', '#again-2'],
    ['[a](#no-heading)', '#no-heading'],
    ['[a](pictures/one.png#top)', 'pictures/one.png#top'],
    ['[a][b]\n\n[b]: missing.md\n', 'missing.md'],
    ['<source srcset="pictures/two.png">', 'pictures/two.png'],
  ])('reports %s', (text, target) => {
    expect(broken(text)).toEqual([target])
  })
})
