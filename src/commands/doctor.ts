import { BaseCommand } from '../cli/base-command.ts';
import { diagnose, type Findings } from '../cli/doctor.ts';
import { packageHome } from '../cli/package-home.ts';
import { doctorReport, isSound } from '../cli/render/doctor-report.ts';
import { userOf } from '../cli/submit/prepare.ts';
import { findCluster } from '../platform/find-cluster.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Say which host of the cluster does not reach which other, and why.';
  static override description =
    'Tries every way between the ResourceManager, the NodeManagers and this host, from both ends, and compares clocks. Exit code 1: one is closed, or a clock is off.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json | jq ".ways[] | select(.reached | not)"'];

  async run(): Promise<Findings> {
    const { flags } = await this.parse(Doctor);
    const { env } = process;
    const cluster = await findCluster(env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || `${packageHome}/conf`, env, flags.rm);
    const findings = await diagnose(cluster, userOf(env));
    this.log(doctorReport(findings));
    if (!isSound(findings)) process.exitCode = 1;
    return findings;
  }
}
