import * as cdk from 'aws-cdk-lib'
import type { CfnParameterProps } from 'aws-cdk-lib'

export interface Parameters {
  readonly bucket: cdk.CfnParameter
  readonly key: cdk.CfnParameter
  readonly instanceId: cdk.CfnParameter
  readonly offlineStatusId: cdk.CfnParameter
  readonly ingress: cdk.CfnParameter
  readonly email: cdk.CfnParameter
  /** Environment variables of both functions, and those of the sweep only. */
  readonly ofBoth: Readonly<Record<string, string>>
  readonly ofSweep: Readonly<Record<string, string>>
}

const HASH = { noEcho: true, allowedPattern: '^([0-9a-fA-F]{64})?$', constraintDescription: 'a SHA-256 in hex' }

/** Adds the required and optional parameters of a deployment. */
export function addParameters(stack: cdk.Stack): Parameters {
  const add = (id: string, description: string, props: CfnParameterProps = {}): cdk.CfnParameter =>
    new cdk.CfnParameter(stack, id, { type: 'String', description, ...props })
  const optional = (id: string, description: string, value = '', props: CfnParameterProps = {}): cdk.CfnParameter =>
    add(id, description, { default: value, ...props })
  const count = (id: string, description: string, value: number): cdk.CfnParameter =>
    add(id, description, { type: 'Number', default: value, minValue: 1 })
  const bucket = add('CodeBucket', 'The bucket that the zip was uploaded to')
  const key = add('CodeKey', 'The key of the zip in the bucket')
  const instanceId = add('InstanceId', 'The id of the Amazon Connect instance', { allowedPattern: '^[0-9a-f-]{36}$' })
  const alias = add('InstanceAlias', 'The alias of the instance: the first part of its host name', {
    allowedPattern: '^[\\w-]+$',
  })
  const offlineStatusId = add(
    'OfflineStatusId',
    'The id of the agent status that is set (aws connect list-agent-statuses)',
    {
      allowedPattern: '^[0-9a-f-]{36}$',
    },
  )
  const secret = add('SecretHash', 'SHA-256, in hex, of the secret that machines send', {
    ...HASH,
    allowedPattern: '^[0-9a-fA-F]{64}$',
  })
  const nextSecret = optional(
    'SecondSecretHash',
    'SHA-256, in hex, of a second secret, while one replaces the other',
    '',
    HASH,
  )
  const hashKey = optional(
    'HashKey',
    'The setting agentHashKey, where heartbeats contain hashes instead of user names',
    '',
    { noEcho: true },
  )
  const mode = optional('Mode', 'observe: nothing is set. act: silent agents are set Offline', 'observe', {
    allowedValues: ['observe', 'act'],
  })
  const misses = optional('Misses', 'How many missing heartbeats make an agent silent', '3', {
    allowedValues: ['3', '2'],
  })
  const work = count('WorkLimitMinutes', 'How long to wait for after-contact work, in minutes', 10)
  const brakeSite = count(
    'BrakeSite',
    'If more agents of a site than this fall silent at once, none of them is set Offline',
    10,
  )
  const brakeFleet = count('BrakeFleet', 'The same limit for all sites together', 25)
  const brakePercent = count(
    'BrakePercent',
    'The same limit in percent of a site or of all sites; applies from four agents on',
    25,
  )
  const profiles = optional(
    'RoutingProfiles',
    'Comma-separated ids of the routing profiles whose agents may be set Offline; empty: all',
  )
  const tag = optional('Tag', 'key=value: only users with this tag may be set Offline; empty: all', '', {
    allowedPattern: '^([^=]+=.+)?$',
  })
  const ingress = optional('Ingress', 'How heartbeats reach the watchdog', 'FunctionUrl', {
    allowedValues: ['FunctionUrl', 'HttpApi'],
  })
  const email = optional('NoticeEmail', 'E-mail address for notices; empty: none')
  const text = (parameter: cdk.CfnParameter): string => parameter.valueAsString
  return {
    bucket,
    key,
    instanceId,
    offlineStatusId,
    ingress,
    email,
    ofBoth: { INSTANCE_ALIAS: text(alias), SECRET_HASHES: `${text(secret)},${text(nextSecret)}` },
    ofSweep: {
      INSTANCE_ID: text(instanceId),
      OFFLINE_STATUS_ID: text(offlineStatusId),
      HASH_KEY: text(hashKey),
      MODE: text(mode),
      MISSES: text(misses),
      WORK_LIMIT_MINUTES: cdk.Token.asString(work.value),
      BRAKE_SITE: cdk.Token.asString(brakeSite.value),
      BRAKE_FLEET: cdk.Token.asString(brakeFleet.value),
      BRAKE_PERCENT: cdk.Token.asString(brakePercent.value),
      ROUTING_PROFILES: text(profiles),
      TAG: text(tag),
    },
  }
}
