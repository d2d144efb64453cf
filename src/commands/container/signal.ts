import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { AppError } from '../../common/errors.ts';
import { isContainerId } from '../../common/ids.ts';
import { containerSignal } from '../../rpc/messages/operators.ts';

export default class ContainerSignal extends BaseCommand {
  static override summary = 'Send SIGTERM, or with --kill SIGKILL, to all processes of a container.';
  static override description =
    'What follows is theirs, and the restart policy of their application: a Spark driver asks for another executor.';
  static override examples = ['<%= config.bin %> container signal container_1700000000000_0001_01_000002 --kill'];
  static override args = { id: Args.string({ description: 'Container id.', required: true }) };
  static override flags = {
    kill: Flags.boolean({ summary: 'SIGKILL, which nobody can catch.' }),
    'thread-dump': Flags.boolean({ summary: 'What its threads do, into its stdout; of executors, and of JVMs.', exclusive: ['kill'] }),
  };

  async run(): Promise<{ containerId: string; nodeId: string; signal: string }> {
    const { args, flags } = await this.parse(ContainerSignal);
    const containerId = args.id;
    if (!isContainerId(containerId)) throw new AppError('SUBMIT_USAGE', { reason: `Invalid ContainerId: ${containerId}` });
    const signal = flags.kill ? 'SIGKILL' : flags['thread-dump'] ? 'SIGQUIT' : 'SIGTERM';
    const { nodeId } = await this.withRm(flags.rm, ({ rm, user }) => rm.call(containerSignal, { containerId, signal, user }));
    this.log(`${signal} goes to ${containerId} on ${nodeId}`);
    return { containerId, nodeId, signal };
  }
}
