import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { WatchdogStack } from './stack'

const INSTANCE = 'arn:<AWS::Partition>:connect:<AWS::Region>:<AWS::AccountId>:instance/<InstanceId>'
/** Findings of `cdk-nag` and of CloudFormation's own checks that are accepted, each with the reason. */
export const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  [`AwsSolutions::AwsSolutions-IAM5[Resource::${INSTANCE}/agent/*]`]:
    'Any agent of this one instance, but only one status.',
  [`AwsSolutions::AwsSolutions-IAM5[Resource::${INSTANCE}/*]`]: 'Only reads this one instance.',
  'AwsSolutions::AwsSolutions-DDB3': 'The table holds the last minutes only: there is nothing to recover.',
  'CloudFormation-Validate::W1001': 'The address is that of the ingress which the parameter selects.',
}

/** The CDK application. `synth` checks it, and writes template and report to `outdir`. */
export function watchdogApp(outdir: string, acknowledged = ACKNOWLEDGED): { app: App; stack: WatchdogStack } {
  const app = new App({ outdir, analyticsReporting: false })
  const stack = new WatchdogStack(app, 'ccp-signoff-watchdog')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  for (const [id, reason] of Object.entries(acknowledged)) Validations.of(stack).acknowledge({ id, reason })
  return { app, stack }
}
