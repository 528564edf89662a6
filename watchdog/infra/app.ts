import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { WatchdogStack } from './stack'

const INSTANCE = 'arn:<AWS::Partition>:connect:<AWS::Region>:<AWS::AccountId>:instance/<InstanceId>'
/** Why a rule of `cdk-nag`, or of CloudFormation's own checks, does not hold here. */
export const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  [`AwsSolutions::AwsSolutions-IAM5[Resource::${INSTANCE}/agent/*]`]: 'Agents of this one instance, onto one status.',
  [`AwsSolutions::AwsSolutions-IAM5[Resource::${INSTANCE}/*]`]: 'Reads of this one instance.',
  'AwsSolutions::AwsSolutions-DDB3': 'What it keeps is of the last minutes: there is nothing to recover.',
  'CloudFormation-Validate::W1001': 'The address is that of the one of both that the parameter asks for.',
}

/** The application, which checks itself as it is synthesized. @param outdir where `synth` writes template and report. */
export function watchdogApp(outdir: string, acknowledged = ACKNOWLEDGED): { app: App; stack: WatchdogStack } {
  const app = new App({ outdir, analyticsReporting: false })
  const stack = new WatchdogStack(app, 'ccp-signoff-watchdog')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  for (const [id, reason] of Object.entries(acknowledged)) Validations.of(stack).acknowledge({ id, reason })
  return { app, stack }
}
