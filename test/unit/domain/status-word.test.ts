import type { AgentStateType, ContactFacts } from '../../../src/domain/agent'
import type { StatusWord } from '../../../src/domain/status-word'
import { statusWord } from '../../../src/domain/status-word'

const contact = (channel: string, state: string): ContactFacts => ({ channel, state })

test.each<[string, AgentStateType, ContactFacts[], StatusWord | null]>([
  ['PendingBusy', 'system', [], 'statusIncoming'],
  ['Pending', 'not_routable', [], null],
  ['Pending', 'unknown', [], 'statusIncoming'],
  ['Busy', 'system', [], 'statusOnContact'],
  ['Busy', 'system', [contact('chat', 'connected')], 'statusOnChat'],
  ['Busy', 'system', [contact('voice', 'connected')], 'statusOnCall'],
  ['Busy', 'system', [contact('queue_callback', 'connected')], 'statusOnCall'],
  ['Busy', 'system', [contact('task', 'paused')], 'statusOnTask'],
  ['Busy', 'system', [contact('chat', 'connected'), contact('voice', 'connected')], 'statusOnContact'],
  ['Busy', 'system', [contact('chat', 'connected'), contact('voice', 'incoming')], 'statusOnChat'],
  ['Busy', 'system', [contact('chat', 'ended')], 'statusAfterContact'],
  ['CallingCustomer', 'system', [contact('voice', 'connecting')], 'statusDialing'],
  ['AfterCallWork', 'system', [], 'statusAfterContact'],
  ['SomethingNew', 'system', [], 'statusOnContact'],
  ['MissedCallAgent', 'error', [], 'statusMissed'],
  ['FailedConnectCustomer', 'error', [], 'statusError'],
  ['Default', 'error', [], 'statusError'],
  ['Available', 'routable', [contact('chat', 'connected')], null],
  ['Busy', 'not_routable', [], null],
  ['constructor', 'unknown', [], null],
])('%s of type %s with %j is %s', (name, type, contacts, word) => {
  expect(statusWord({ name, type }, contacts)).toBe(word)
})
