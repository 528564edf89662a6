/** The settings as the page shows them: in groups of what belongs together, each with a sentence of its own. */
import type { SettingKey } from '../../domain/settings'
import type { MessageKey } from '../../ui/i18n'

export interface SettingGroup {
  readonly id: string
  readonly title: MessageKey
  readonly help: MessageKey
  readonly keys: readonly SettingKey[]
  /** Folded at first: few organizations change these settings. */
  readonly isAdvanced?: true
}

/** A test checks that every setting is in one of them. */
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
    id: 'log',
    title: 'groupLog',
    help: 'groupLogHelp',
    keys: ['popupOffline', 'notify', 'retentionDays', 'retentionEntries'],
  },
  {
    id: 'paths',
    title: 'groupPaths',
    help: 'groupPathsHelp',
    isAdvanced: true,
    keys: ['directPath', 'renewToken', 'holdMs', 'deadMansSwitch', 'recovery', 'fieldCheckAgents'],
  },
  {
    id: 'fleet',
    title: 'groupFleet',
    help: 'groupFleetHelp',
    isAdvanced: true,
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
  {
    id: 'watchdog',
    title: 'groupWatchdog',
    help: 'groupWatchdogHelp',
    isAdvanced: true,
    keys: ['watchdogEndpoint', 'watchdogSecret', 'heartbeatSeconds'],
  },
]
