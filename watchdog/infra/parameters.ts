import * as cdk from 'aws-cdk-lib'
import type { CfnParameterProps } from 'aws-cdk-lib'

export interface Parameters {
  readonly bucket: cdk.CfnParameter
  readonly key: cdk.CfnParameter
  readonly instanceId: cdk.CfnParameter
  readonly offlineStatusId: cdk.CfnParameter
  readonly ingress: cdk.CfnParameter
  readonly email: cdk.CfnParameter
  /** The environment of both functions, and of the sweep alone. */
  readonly ofBoth: Readonly<Record<string, string>>
  readonly ofSweep: Readonly<Record<string, string>>
}

const HASH = { noEcho: true, allowedPattern: '^([0-9a-fA-F]{64})?$', constraintDescription: 'a SHA-256 in hex' }

/** What has to be said, and may be said, at a deployment. */
export function addParameters(stack: cdk.Stack): Parameters {
  const add = (id: string, description: string, props: CfnParameterProps = {}): cdk.CfnParameter =>
    new cdk.CfnParameter(stack, id, { type: 'String', description, ...props })
  const optional = (id: string, description: string, value = '', props: CfnParameterProps = {}): cdk.CfnParameter =>
    add(id, description, { default: value, ...props })
  const count = (id: string, description: string, value: number): cdk.CfnParameter =>
    add(id, description, { type: 'Number', default: value, minValue: 1 })
  const bucket = add('CodeBucket', 'The bucket that the zip was uploaded to')
  const key = add('CodeKey', 'The name of the zip in it')
  const instanceId = add('InstanceId', 'The id of the Amazon Connect instance', { allowedPattern: '^[0-9a-f-]{36}$' })
  const alias = add('InstanceAlias', 'Its alias: the first part of its host name', { allowedPattern: '^[\\w-]+$' })
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
  const nextSecret = optional('SecondSecretHash', 'The same of a second one, while one replaces the other', '', HASH)
  const hashKey = optional('HashKey', 'The setting agentHashKey, where heartbeats have hashes', '', { noEcho: true })
  const mode = optional('Mode', 'observe: nothing is set. act: silent agents are set Offline', 'observe', {
    allowedValues: ['observe', 'act'],
  })
  const misses = optional('Misses', 'How many missing heartbeats make an agent silent', '3', {
    allowedValues: ['3', '2'],
  })
  const work = count('WorkLimitMinutes', 'For how long after-contact work is waited for', 10)
  const brakeSite = count('BrakeSite', 'More silent agents of a site than this at once: nobody is set Offline', 10)
  const brakeFleet = count('BrakeFleet', 'The same of all sites', 25)
  const brakePercent = count('BrakePercent', 'The same in percent, from four agents on', 25)
  const profiles = optional('RoutingProfiles', 'Ids, with commas, of routing profiles that are opted in; empty: all')
  const tag = optional('Tag', 'key=value: only users with this tag are acted on; empty: all', '', {
    allowedPattern: '^([^=]+=.+)?$',
  })
  const ingress = optional('Ingress', 'What heartbeats come in by', 'FunctionUrl', {
    allowedValues: ['FunctionUrl', 'HttpApi'],
  })
  const email = optional('NoticeEmail', 'Who is notified by e-mail; empty: nobody')
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
