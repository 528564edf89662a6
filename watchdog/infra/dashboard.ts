import * as cdk from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type * as lambda from 'aws-cdk-lib/aws-lambda'

const NAMESPACE = 'CcpSignoff/Watchdog'
const OUTCOMES = [
  'set_offline',
  'unconfirmed',
  'refused',
  'state_changed',
  'not_needed',
  'back',
  'observed',
  'out_of_scope',
]
const QUERY = [
  'filter EventName like /^ccp_signoff.watchdog/',
  'display @timestamp, Body, `attributes.ccp_signoff.watchdog.since`, `attributes.ccp_signoff.watchdog.reason`, ' +
    '`attributes.ccp_signoff.watchdog.outcome`, `attributes.ccp_signoff.exposure.at_least_ms`, ' +
    '`attributes.ccp_signoff.exposure.at_most_ms`',
  'sort @timestamp desc',
  'limit 100',
]

/**
 * Adds a dashboard: who was set Offline, since when they were
 * silent, why, and the outcome; and the watchdog's own health.
 */
export function addDashboard(stack: cdk.Stack, sweep: lambda.Function, ingest: lambda.Function): void {
  const outcome = (name: string): cloudwatch.Metric =>
    new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName: 'Cases',
      dimensionsMap: { Outcome: name },
      statistic: 'Sum',
      label: name,
      period: cdk.Duration.minutes(5),
    })
  const seconds = (statistic: string): cloudwatch.Metric =>
    new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName: 'SecondsToOffline',
      dimensionsMap: { Outcome: 'set_offline' },
      statistic,
      period: cdk.Duration.hours(1),
    })
  const dashboard = new cloudwatch.Dashboard(stack, 'Dashboard')
  dashboard.addWidgets(
    new cloudwatch.LogQueryWidget({
      title: 'What was done',
      logGroupNames: [sweep.logGroup.logGroupName],
      queryLines: QUERY,
      width: 24,
      height: 8,
    }),
  )
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({ title: 'Cases by outcome', left: OUTCOMES.map(outcome), stacked: true, width: 8 }),
    new cloudwatch.GraphWidget({
      title: 'From the last heartbeat to Offline',
      left: ['p50', 'p99', 'Maximum'].map(seconds),
      width: 8,
    }),
    new cloudwatch.GraphWidget({
      title: 'Heartbeats and failures',
      left: [ingest.metricInvocations()],
      right: [ingest.metricErrors(), sweep.metricErrors()],
      width: 8,
    }),
  )
}
