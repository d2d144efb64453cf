import { join } from 'node:path';
import { ReportingCommand } from '../../cli/reporting-command.ts';
import { userOf } from '../../cli/submit/prepare.ts';
import { webToken } from '../../cli/user-secrets.ts';
import { clientIdentity } from '../../platform/client-identity.ts';
import { dataDirOf } from '../../platform/find-cluster.ts';

export default class UserToken extends ReportingCommand {
  static override summary = 'Your token for the REST API and the web pages.';
  static override description =
    'For `Authorization: Bearer TOKEN`, or once as `?emberloom.token=TOKEN` in the address of a page, which puts it into a cookie. It opens nothing but HTTP, and holds until your secret is renewed or revoked.';
  static override examples = ['curl -H "Authorization: Bearer $(<%= config.bin %> user token)" http://127.0.0.1:8088/ws/v1/cluster/apps'];

  async run(): Promise<{ token: string }> {
    await this.parse(UserToken);
    const { env } = process;
    const dataDir = dataDirOf(env);
    const token = webToken(clientIdentity(join(dataDir, 'secret'), `the cluster in ${dataDir}`, userOf(env)));
    this.log(token);
    return { token };
  }
}
