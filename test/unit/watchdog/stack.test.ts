import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { ACKNOWLEDGED } from '../../../watchdog/infra/app'
import { makeWatchdog, synthesized } from '../../../scripts/package/watchdog'
import { unzipSync } from 'fflate'
import { recordOf } from '../../../watchdog/src/record'
import type { LocalDynamo } from '../../watchdog/local-dynamo'
import { startLocalDynamo } from '../../watchdog/local-dynamo'
import { aCase, heartbeat, T0 } from './build'

jest.setTimeout(180_000)

/** Throws if cdk-nag or CloudFormation finds something. Made once, because it takes most of the time here. */
const made = synthesized()
const template = Template.fromJSON(made)

it('is refused if cdk-nag finds something that is not acknowledged, even a warning', () => {
  const others = Object.entries(ACKNOWLEDGED).filter(([id]) => !id.includes('DDB3'))
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(() => synthesized(Object.fromEntries(others))).toThrow('AwsSolutions-DDB3')
  jest.restoreAllMocks()
})

it('may set only the one status, for the agents of the one instance', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'))
  const statements = policies.flatMap(
    ({ Properties }) =>
      (Properties as { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }).PolicyDocument
        .Statement,
  )
  const setting = statements.filter(({ Action }) => JSON.stringify(Action).includes('PutUserStatus'))
  expect(setting).toHaveLength(1)
  const resources = JSON.stringify(setting[0]?.Resource)
  expect(resources).toContain('{"Ref":"OfflineStatusId"}')
  expect(resources).not.toContain('agent-state/*')
  expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([])
})

it('observes unless set to act, and stores only hashes of secrets', () => {
  template.hasParameter('Mode', { Default: 'observe' })
  template.hasParameter('SecretHash', { AllowedPattern: '^[0-9a-fA-F]{64}$', NoEcho: true })
})

it('has one table without an index, and leaves nothing behind', () => {
  template.resourceCountIs('AWS::DynamoDB::Table', 1)
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Delete',
    Properties: { GlobalSecondaryIndexes: Match.absent(), LocalSecondaryIndexes: Match.absent() },
  })
  template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' })
})

it('has two functions, a sweep each minute, and both kinds of endpoint', () => {
  template.resourceCountIs('AWS::Lambda::Function', 2)
  template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)' })
  template.hasResource('AWS::Lambda::Url', { Condition: 'IsFunctionUrl' })
  template.hasResource('AWS::ApiGatewayV2::Api', { Condition: 'IsHttpApi' })
  for (const Action of ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']) {
    template.hasResource('AWS::Lambda::Permission', {
      Condition: 'IsFunctionUrl',
      Properties: Match.objectLike({ Action }),
    })
  }
})

it('has a dashboard with the recorded fields, and an alarm if no sweep runs', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'))
  const shown = JSON.stringify(dashboard)
  const record = JSON.stringify(recordOf(aCase({ outcome: 'set_offline' }), 'set_offline', 'acme', T0))
  const columns = [...shown.matchAll(/`(?:attributes\.)?([\w.]+)`/g)].map(([, name = '']) => name)
  expect(columns).toContain('ccp_signoff.exposure.at_most_ms')
  for (const column of columns) expect(record).toContain(`"${column}"`)
  for (const metric of ['Cases', 'SecondsToOffline']) {
    expect(shown).toContain(metric)
    expect(record).toContain(`"${metric}"`)
  }
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Invocations',
    TreatMissingData: 'breaching',
    AlarmActions: Match.anyValue(),
  })
})

it('is built for accounts without a bootstrap', async () => {
  const first = await makeWatchdog('1.2.3', made)
  expect(Object.keys(first)).toEqual(['ccp-signoff-watchdog-1.2.3.zip', 'ccp-signoff-watchdog-1.2.3.template.json'])
  const [zip, json] = Object.values(first)
  expect(Buffer.from(json ?? []).toString()).not.toMatch(/bootstrap|cdk-hnb659fds/i)
  expect(Object.keys(unzipSync(zip ?? new Uint8Array()))).toEqual(['ingest.js', 'sweep.js'])
})

const SECRET = 'a secret of the fleet'
const HASH = createHash('sha256').update(SECRET).digest('hex')
/** The values of a deployment's parameters, by name; there is no second secret. */
const VALUES: Readonly<Record<string, string>> = {
  INSTANCE_ALIAS: 'acme',
  SECRET_HASHES: `${HASH},`,
  INSTANCE_ID: '11111111-2222-3333-4444-555555555555',
  OFFLINE_STATUS_ID: '66666666-7777-8888-9999-000000000000',
  HASH_KEY: '',
  TOPIC: 'arn:aws:sns:us-east-1:000000000000:notices',
  // Nothing listens there, so no canary arrives.
  INGEST_URL: 'http://127.0.0.1:9/',
  MODE: 'observe',
  MISSES: '3',
  WORK_LIMIT_MINUTES: '10',
  BRAKE_SITE: '10',
  BRAKE_FLEET: '25',
  BRAKE_PERCENT: '25',
  ROUTING_PROFILES: '',
  TAG: '',
}
/** Passes events to a handler, one after the other, and prints its answers. */
const RUNNER = `
  const { handler } = require(process.argv[1])
  const answers = []
  const next = async () => {
    for (const event of JSON.parse(process.argv[2])) answers.push(await handler(event))
    console.log(JSON.stringify(answers))
  }
  next().catch((error) => { console.error(error); process.exit(1) })
`

describe('the upload as AWS runs it: the code of the zip, with the environment of the template', () => {
  let local: LocalDynamo
  let folder: string
  beforeAll(async () => {
    local = await startLocalDynamo()
    folder = mkdtempSync(join(tmpdir(), 'watchdog-zip-'))
    const [zip = new Uint8Array()] = Object.values(await makeWatchdog('1.2.3', made))
    for (const [name, bytes] of Object.entries(unzipSync(zip))) writeFileSync(join(folder, name), bytes)
  })
  afterAll(async () => {
    await local.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** @param name of the function in the template, and of its file in the zip. */
  async function run(name: 'ingest' | 'sweep', events: readonly object[]): Promise<unknown[]> {
    const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties as { Handler: string; Environment: { Variables: Record<string, unknown> } },
    )
    const found = functions.find(({ Handler }) => Handler === `${name}.handler`)
    const variables = Object.keys(found?.Environment.Variables ?? {}).map((variable) => {
      const value = variable === 'TABLE' ? local.tableName : VALUES[variable]
      if (value === undefined) throw new Error(`No value for ${variable}.`)
      return [variable, value]
    })
    const env: NodeJS.ProcessEnv = {
      ...(Object.fromEntries(variables) as Record<string, string>),
      PATH: process.env['PATH'],
      NODE_PATH: join(__dirname, '../../../node_modules'),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL_DYNAMODB: local.endpoint,
    }
    const args = ['-e', RUNNER, join(folder, `${name}.js`), JSON.stringify(events)]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    return JSON.parse(stdout) as unknown[]
  }

  /** As a function URL and an HTTP API pass it on. */
  const request = (method: string, headers: Record<string, string>, body = '') => ({
    version: '2.0',
    requestContext: { http: { method, path: '/' } },
    headers,
    body,
    isBase64Encoded: false,
  })

  it('sweeps until nobody is watched, and executes commands', async () => {
    await local.table.hear(heartbeat({ agent: 'n:bob', isAvailable: false }), Date.now())
    const answers = await run('sweep', [
      {},
      { command: 'mode', mode: 'off' },
      { command: 'release', scope: 'Lisboa' },
      { command: 'status' },
    ])
    const fleet = { mode: 'off', releases: { Lisboa: expect.any(Number) as number } }
    expect(answers[0]).toBe(0)
    expect(answers[3]).toMatchObject({ fleet, open: [] })
  })

  it('accepts heartbeats, and answers the preflight of both extensions', async () => {
    const authorization = `Bearer ${SECRET}`
    const body = JSON.stringify(heartbeat())
    const encoded = Buffer.from(JSON.stringify(heartbeat({ seq: 2 }))).toString('base64')
    const origins = ['chrome-extension://abcdefghijklmnop', 'moz-extension://0a1b2c3d-0000-4000-8000-000000000000']
    const answers = await run('ingest', [
      request('POST', { authorization }, body),
      { ...request('POST', { authorization }, encoded), isBase64Encoded: true },
      request('POST', { authorization: 'Bearer something else' }, body),
      ...origins.map((origin) => request('OPTIONS', { origin, 'access-control-request-method': 'POST' })),
    ])
    const allowed = (origin: string) => ({ statusCode: 204, headers: { 'access-control-allow-origin': origin } })
    expect(answers).toMatchObject([
      { statusCode: 200 },
      { statusCode: 200 },
      { statusCode: 401 },
      ...origins.map(allowed),
    ])
    const { machines } = await local.table.ofAgent('n:alice', Date.now())
    expect(machines).toMatchObject([{ heartbeat: heartbeat({ seq: 2 }) }])
  })
})
