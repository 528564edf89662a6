/**
 * Where the stock CCP lives. The manifest says the same (a test holds the two equal): these hosts and paths, no others.
 * `*.awsapps.com` serves sign-in pages of other AWS services too, so its paths begin with `/connect/`.
 */
export const CCP_MATCH_PATTERNS = [
  'https://*.awsapps.com/connect/ccp*',
  'https://*.awsapps.com/connect/agent-app-v2*',
  'https://*.my.connect.aws/ccp*',
  'https://*.my.connect.aws/agent-app-v2*',
  'https://*.my.connect.aws/connect/ccp*',
  'https://*.my.connect.aws/connect/agent-app-v2*',
  'https://*.govcloud.connect.aws/ccp-v2*',
  'https://*.govcloud.connect.aws/agent-app-v2*',
  'https://*.govcloud.connect.aws/connect/ccp-v2*',
] as const

const CCP_URL = [
  /^https:\/\/[\w-]+\.awsapps\.com(:\d+)?\/connect\/(ccp|agent-app-v2)/,
  /^https:\/\/[\w-]+\.my\.connect\.aws(:\d+)?\/(connect\/)?(ccp|agent-app-v2)/,
  /^https:\/\/[\w-]+\.govcloud\.connect\.aws(:\d+)?\/(agent-app-v2|(connect\/)?ccp-v2)/,
]

/** Whether an address is that of a stock CCP document. */
export function isCcpUrl(url: string): boolean {
  return CCP_URL.some((pattern) => pattern.test(url))
}
