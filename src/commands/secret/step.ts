import { readFileSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { ReportingCommand } from '../../cli/reporting-command.ts';
import { type SecretStep, type StepTaken, takeSecretStep } from '../../cli/secret-steps.ts';
import { dataDirOf } from '../../platform/find-cluster.ts';

export default class SecretStepCommand extends ReportingCommand {
  static override summary = "One step of replacing the cluster's secret, on this host; bin/rotate-secret.sh takes all hosts through them.";
  static override description =
    'stage: a new secret is taken from others, too. switch: this host proves itself with it, and takes both. finish: the old one opens nothing more. Daemons notice by themselves. A secret is read from standard input and never printed.';
  static override examples = [
    '<%= config.bin %> secret step stage',
    'ssh host2 "<%= config.bin %> secret step stage --stdin" < secret.next',
  ];
  static override args = { step: Args.string({ required: true, options: ['stage', 'switch', 'finish'], description: 'Which.' }) };
  static override flags = { stdin: Flags.boolean({ summary: 'stage: the secret comes by standard input.' }) };

  async run(): Promise<StepTaken> {
    const { args, flags } = await this.parse(SecretStepCommand);
    const taken = takeSecretStep(dataDirOf(process.env), args.step as SecretStep, flags.stdin ? readFileSync(0, 'utf8').trim() : undefined);
    this.log(`${taken.step}: ${taken.done ? 'done' : 'was done before'}`);
    return taken;
  }
}
