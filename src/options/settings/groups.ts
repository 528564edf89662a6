/** The settings as the page shows them: in groups of what belongs together, each with a sentence of its own. */
import type { SettingKey } from '../../domain/settings'
import type { MessageKey } from '../../ui/i18n'

export interface SettingGroup {
  readonly id: string
  readonly title: MessageKey
  readonly help: MessageKey
  readonly keys: readonly SettingKey[]
}

/** Every setting is in one of them: a test looks. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    id: 'close',
    title: 'groupClose',
    help: 'groupCloseHelp',
    keys: ['mode', 'targetState', 'logOut', 'leaveDialog'],
  },
  { id: 'reloads', title: 'groupReloads', help: 'groupReloadsHelp', keys: ['reload', 'graceSeconds'] },
  {
    id: 'contacts',
    title: 'groupContacts',
    help: 'groupContactsHelp',
    keys: ['onContact', 'acwLimitMinutes', 'deskPhone'],
  },
  {
    id: 'scope',
    title: 'groupScope',
    help: 'groupScopeHelp',
    keys: ['fromStates', 'routingProfiles', 'instances', 'surfaces'],
  },
  { id: 'away', title: 'groupAway', help: 'groupAwayHelp', keys: ['onLock', 'onIdle', 'idleMinutes', 'onSleep'] },
  {
    id: 'paths',
    title: 'groupPaths',
    help: 'groupPathsHelp',
    keys: ['directPath', 'renewToken', 'holdMs', 'deadMansSwitch', 'recovery'],
  },
  {
    id: 'log',
    title: 'groupLog',
    help: 'groupLogHelp',
    keys: ['popupOffline', 'notify', 'retentionDays', 'retentionEntries'],
  },
  {
    id: 'fleet',
    title: 'groupFleet',
    help: 'groupFleetHelp',
    keys: [
      'otlpEndpoint',
      'otlpProtocol',
      'otlpHeaders',
      'otlpResource',
      'agentIdentity',
      'agentHashKey',
      'coverageMinutes',
    ],
  },
]
