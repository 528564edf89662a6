import * as cdk from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as logs from 'aws-cdk-lib/aws-logs'
import * as scheduler from 'aws-cdk-lib/aws-scheduler'
import * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { addDashboard } from './dashboard'
import { addParameters } from './parameters'
import type { Parameters } from './parameters'

const RUNTIME = lambda.Runtime.NODEJS_24_X

/** All resources of the watchdog in an AWS account. Deleting the stack deletes all of them. */
export class WatchdogStack extends cdk.Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Signoff for Amazon Connect: sets agents Offline whose machines have fallen silent',
      // Needs no CDK bootstrap: the zip is uploaded to a bucket of the account.
      synthesizer: new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as cdk.IStackSynthesizer,
      analyticsReporting: false,
    })
    const parameters = addParameters(this)
    const table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    })
    const topic = new sns.Topic(this, 'Notices', { enforceSSL: true })
    const email = new sns.CfnSubscription(this, 'Email', {
      topicArn: topic.topicArn,
      protocol: 'email',
      endpoint: parameters.email.valueAsString,
    })
    email.cfnOptions.condition = this.condition(
      'HasEmail',
      cdk.Fn.conditionNot(cdk.Fn.conditionEquals(parameters.email, '')),
    )
    const ingest = this.function('Ingest', parameters, cdk.Duration.seconds(10), { TABLE: table.tableName })
    const url = this.ingress(ingest, parameters)
    const sweep = this.function('Sweep', parameters, cdk.Duration.seconds(120), {
      TABLE: table.tableName,
      TOPIC: topic.topicArn,
      INGEST_URL: url,
      ...parameters.ofSweep,
    })
    const items = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem']
    allow(ingest, items, [table.tableArn])
    allow(sweep, [...items, 'dynamodb:PutItem'], [table.tableArn])
    allow(sweep, ['sns:Publish'], [topic.topicArn])
    this.allowConnect(sweep, parameters)
    this.schedule(sweep)
    this.alarms(sweep, ingest, topic)
    addDashboard(this, sweep, ingest)
    new cdk.CfnOutput(this, 'Address', { value: url, description: 'The setting watchdogEndpoint' })
    new cdk.CfnOutput(this, 'SweepFunction', { value: sweep.functionName, description: 'Takes commands' })
    new cdk.CfnOutput(this, 'NoticesTopic', { value: topic.topicArn })
  }

  private condition(id: string, expression: cdk.ICfnConditionExpression): cdk.CfnCondition {
    return new cdk.CfnCondition(this, id, { expression })
  }

  private function(id: string, parameters: Parameters, timeout: cdk.Duration, own: Record<string, string>) {
    const logGroup = new logs.LogGroup(this, `${id}Log`, {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    })
    const role = new iam.Role(this, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    return new lambda.Function(this, id, {
      runtime: RUNTIME,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout,
      handler: `${id.toLowerCase()}.handler`,
      code: lambda.Code.fromCfnParameters({ bucketNameParam: parameters.bucket, objectKeyParam: parameters.key }),
      role,
      logGroup,
      // Lambda's own log lines for each call would cost more than the table: see docs/watchdog.md.
      loggingFormat: lambda.LoggingFormat.JSON,
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      // A failed sweep is not repeated, since the next minute's sweep looks at everything again.
      retryAttempts: 0,
      environment: { ...parameters.ofBoth, ...own },
    })
  }

  /** A function URL, or an HTTP API for organizations that forbid public function URLs. @returns its address */
  private ingress(ingest: lambda.Function, { ingress }: Parameters): string {
    const isApi = this.condition('IsHttpApi', cdk.Fn.conditionEquals(ingress, 'HttpApi'))
    const isUrl = this.condition('IsFunctionUrl', cdk.Fn.conditionEquals(ingress, 'FunctionUrl'))
    const url = new lambda.CfnUrl(this, 'IngestUrl', { targetFunctionArn: ingest.functionArn, authType: 'NONE' })
    const byUrl = new lambda.CfnPermission(this, 'MayInvokeUrl', {
      action: 'lambda:InvokeFunctionUrl',
      functionName: ingest.functionName,
      principal: '*',
      functionUrlAuthType: 'NONE',
    })
    const byUrlToo = new lambda.CfnPermission(this, 'MayInvokeByUrl', {
      action: 'lambda:InvokeFunction',
      functionName: ingest.functionName,
      principal: '*',
      invokedViaFunctionUrl: true,
    })
    const api = new apigateway.CfnApi(this, 'IngestApi', {
      name: `${cdk.Aws.STACK_NAME}-ingest`,
      protocolType: 'HTTP',
      target: ingest.functionArn,
    })
    const byApi = new lambda.CfnPermission(this, 'MayInvokeByApi', {
      action: 'lambda:InvokeFunction',
      functionName: ingest.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${cdk.Aws.PARTITION}:execute-api:${cdk.Aws.REGION}:${cdk.Aws.ACCOUNT_ID}:${api.ref}/*/*`,
    })
    for (const part of [url, byUrl, byUrlToo]) part.cfnOptions.condition = isUrl
    for (const part of [api, byApi]) part.cfnOptions.condition = isApi
    return cdk.Token.asString(cdk.Fn.conditionIf(isApi.logicalId, api.attrApiEndpoint, url.attrFunctionUrl))
  }

  /** The sweep may set one status for agents of this instance. Everything else that it may do is read. */
  private allowConnect(sweep: lambda.Function, { instanceId, offlineStatusId }: Parameters): void {
    const instance = `arn:${cdk.Aws.PARTITION}:connect:${cdk.Aws.REGION}:${cdk.Aws.ACCOUNT_ID}:instance/${instanceId.valueAsString}`
    allow(
      sweep,
      ['connect:PutUserStatus'],
      [instance, `${instance}/agent/*`, `${instance}/agent-state/${offlineStatusId.valueAsString}`],
    )
    allow(
      sweep,
      [
        'connect:GetCurrentUserData',
        'connect:ListAgentStatuses',
        'connect:ListUsers',
        'connect:SearchUsers',
        'connect:DescribeUser',
      ],
      [instance, `${instance}/*`],
    )
  }

  private schedule(sweep: lambda.Function): void {
    const role = new iam.Role(this, 'ScheduleRole', { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') })
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sweep.functionArn] }))
    new scheduler.CfnSchedule(this, 'EachMinute', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: sweep.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    })
  }

  /**
   * Alarms about the watchdog itself: people are notified within about two minutes if it does not run or keeps failing.
   */
  private alarms(sweep: lambda.Function, ingest: lambda.Function, topic: sns.Topic): void {
    const period = cdk.Duration.minutes(1)
    const every = { evaluationPeriods: 2, period }
    const add = (id: string, metric: cloudwatch.Metric, props: Partial<cloudwatch.CreateAlarmOptions>): void => {
      const alarm = metric.createAlarm(this, id, { threshold: 1, evaluationPeriods: every.evaluationPeriods, ...props })
      alarm.addAlarmAction(new SnsAction(topic))
      alarm.addOkAction(new SnsAction(topic))
    }
    add('SweepMissing', sweep.metricInvocations({ period }), {
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      alarmDescription: 'The watchdog is not running: agents who fall silent stay Available.',
    })
    for (const [id, of] of [
      ['SweepFails', sweep],
      ['IngestFails', ingest],
    ] as const) {
      add(id, of.metricErrors({ period }), {
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        alarmDescription: `${id}: see the function's log group.`,
      })
    }
  }
}

function allow(to: lambda.Function, actions: string[], resources: string[]): void {
  to.role?.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources }))
}
