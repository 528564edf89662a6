/** What the notes say about a release, apart from the changelog. */
export interface Release {
  readonly version: string
  /** The version in package.json. It differs from `version` where older code is released under a higher version. */
  readonly codeVersion: string
  readonly commit: string
  readonly chromiumId: string
  readonly firefoxId: string
}

/**
 * The release notes in Markdown.
 * @param changelog the text of CHANGELOG.md
 * @throws Error where the changelog has nothing under the version of the code.
 */
export function releaseNotes(changelog: string, release: Release): string {
  const { version, codeVersion, commit, chromiumId, firefoxId } = release
  const section = sectionOf(changelog, codeVersion)
  if (section === '') throw new Error(`CHANGELOG.md says nothing under "## [${codeVersion}]": write it first.`)
  const again = version === codeVersion ? '' : `The code of ${codeVersion}, under a higher version.\n\n`
  return `# Signoff for Amazon Connect ${version}

${again}${section}

## Ids

- Chrome and Edge: \`${chromiumId}\`
- Firefox: \`${firefoxId}\`

The policies of this release name both ids. Made from commit ${commit}; the same commit and key give the same files, except for
Mozilla's signature. Check your downloads: \`sha256sum --check --ignore-missing SHA256SUMS\`.
`
}

/** The text between a version's heading and the next; empty if the heading is missing. */
function sectionOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m)
  const own = sections.find((section) => section.startsWith(`[${version}]`))
  return own?.split('\n').slice(1).join('\n').trim() ?? ''
}
