/** What a release is, for its page: the changelog's section and the ids that policies name. */
export interface Release {
  readonly version: string
  /** The version of the code: another one where older code is released under a higher number. */
  readonly codeVersion: string
  readonly commit: string
  readonly chromiumId: string
  readonly firefoxId: string
}

/**
 * The release's notes in Markdown. The same for the same commit.
 * @throws Error where the changelog has nothing under that version.
 */
export function releaseNotes(changelog: string, release: Release): string {
  const { version, codeVersion, commit, chromiumId, firefoxId } = release
  const section = sectionOf(changelog, codeVersion)
  if (section === '') throw new Error(`CHANGELOG.md says nothing under "## [${codeVersion}]": write it first.`)
  const again = version === codeVersion ? '' : `The code of ${codeVersion}, under a higher number.\n\n`
  return `# Signoff for Amazon Connect ${version}

${again}${section}

## Ids

- Chrome and Edge: \`${chromiumId}\`
- Firefox: \`${firefoxId}\`

The policies of this release name both. Made from commit ${commit}; the same commit and key give the same files, but for
Mozilla's signature. Check what you have downloaded: \`sha256sum --check --ignore-missing SHA256SUMS\`.
`
}

/** The text under a version's heading, up to the next version's. */
function sectionOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m)
  const own = sections.find((section) => section.startsWith(`[${version}]`))
  return own?.split('\n').slice(1).join('\n').trim() ?? ''
}
