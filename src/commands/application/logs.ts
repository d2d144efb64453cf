import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { followLogs } from '../../cli/follow-logs.ts';
import { findLogs, readLog } from '../../cli/read-logs.ts';
import { logHead, logTail } from '../../common/log-section.ts';
import { parseId } from '../../cli/yarn/application-command.ts';
import { AppError } from '../../common/errors.ts';

type Listed = { containerId: string; nodeId: string; name: string; sizeBytes: number };

export default class ApplicationLogs extends BaseCommand {
  static override summary = 'Print what the containers of an application wrote, of running applications too.';
  static override examples = [
    '<%= config.bin %> application logs application_1700000000000_0001',
    '<%= config.bin %> application logs --file stdout application_1700000000000_0001',
    '<%= config.bin %> application logs --follow application_1700000000000_0001',
  ];
  static override args = { id: Args.string({ description: 'Application id.', required: true }) };
  static override flags = {
    file: Flags.string({ summary: 'Only log files of these names.', multiple: true }),
    container: Flags.string({ summary: 'Only the logs of this container.' }),
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what is written, until the application ends; each line with its container.' }),
  };

  async run(): Promise<Listed[]> {
    const { args, flags } = await this.parse(ApplicationLogs);
    const applicationId = parseId(args.id);
    const wanted = (file: { containerId: string; name: string }) =>
      (flags.file === undefined || flags.file.includes(file.name)) &&
      (flags.container === undefined || file.containerId === flags.container);
    return await this.withRm(flags.rm, async ({ rm, cluster, user }) => {
      if (flags.follow) {
        await followLogs({ rm, cluster, user, applicationId, wanted, write: (text) => void process.stdout.write(text) });
        return [];
      }
      const found = await findLogs(rm, cluster, user, applicationId);
      try {
        const files = found.files.filter(wanted);
        for (const node of found.unreachable) this.warn(`no logs from node ${node}`);
        if (files.length === 0) throw new AppError('LOG_NOT_FOUND', { what: `${flags.container ?? applicationId}` });
        if (!this.jsonEnabled()) {
          for (const file of files) {
            process.stdout.write(logHead(file));
            let last = 10;
            const { running } = await readLog(file, 0, Number.MAX_SAFE_INTEGER, (bytes) => {
              process.stdout.write(bytes);
              last = bytes.at(-1)!;
            });
            process.stdout.write((last === 10 ? '' : '\n') + logTail(file, running));
          }
        }
        return files.map(({ containerId, nodeId, name, sizeBytes }) => ({ containerId, nodeId, name, sizeBytes }));
      } finally {
        found.close();
      }
    });
  }
}
