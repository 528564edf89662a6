/** Whether the links between documents lead somewhere. */
import { dirname, join } from 'node:path'
import { all } from './documents'

/** Where a link may lead. */
export interface Place {
  /** The text of a document; null if the path is not a document. */
  readonly read: (path: string) => string | null
  readonly exists: (path: string) => boolean
}

const isElsewhere = (target: string): boolean => /^[a-z][a-z+.-]*:/i.test(target)

/** The targets of a document's links and pictures, except for those in code. */
function targetsOf(text: string): string[] {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]*`/g, '`code`')
  return [
    ...all(prose, /\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)/g),
    ...all(prose, /^\[[^\]]+\]:\s+(\S+)/gm),
    ...all(prose, /(?:src|srcset|href)="([^"]+)"/g),
  ]
}

/** The links of a document that lead to no file, or to no heading in it. */
export function brokenLinks(from: string, text: string, place: Place): string[] {
  return targetsOf(text).filter((target) => !isElsewhere(target) && !leadsSomewhere(from, target, place))
}

function leadsSomewhere(from: string, target: string, { read, exists }: Place): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : join(dirname(from), decodeURIComponent(file))
  if (!exists(path)) return false
  if (anchor === undefined) return true
  const text = read(path)
  return text !== null && anchorsOf(text).has(anchor)
}

/** The anchors of a document's headings, as GitHub makes them: a repeated one gets a number. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const heading of all(withoutCodeBlocks(text), /^#{1,6} (.*)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-')
    let unique = anchor
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`
    anchors.add(unique)
  }
  return anchors
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1\s*$/gm, '')
}
