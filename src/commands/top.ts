import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { executorsOf, type TopApplication } from '../cli/page-client.ts';
import { topScreen } from '../cli/render/top-screen.ts';
import { listApplications } from '../cli/list-applications.ts';

const CLEAR = '\u001b[H\u001b[2J';

export default class Top extends BaseCommand {
  static override summary = 'Watch running applications and their executors.';
  static override description =
    'Applications come from the ResourceManager, executors from the page of each application (spark.ui.enabled). Ends with Ctrl-C.';
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --once',
    '<%= config.bin %> top --once --json | jq ".[].executors | length"',
  ];
  static override flags = {
    once: Flags.boolean({ summary: 'Show it once and end. With --json always so.' }),
    delay: Flags.integer({ char: 'd', summary: 'Seconds between two looks.', default: 2, min: 1 }),
    user: Flags.string({ summary: 'Show only applications of this user.' }),
  };

  async run(): Promise<TopApplication[]> {
    const { flags } = await this.parse(Top);
    return await this.withRm(flags.rm, async ({ rm }) => {
      for (;;) {
        const applications = await listApplications(rm, {
          states: ['ACCEPTED', 'RUNNING'],
          types: [],
          tags: [],
          queue: undefined,
          user: flags.user,
        });
        const seen = await Promise.all(
          applications.map(async (report): Promise<TopApplication> => ({ report, ...(await executorsOf(report)) })),
        );
        if (this.jsonEnabled()) return seen;
        const screen = topScreen(seen, Date.now());
        this.log(flags.once || !process.stdout.isTTY ? screen : `${CLEAR}${screen}`);
        if (flags.once) return seen;
        await new Promise((resolve) => setTimeout(resolve, flags.delay * 1_000));
      }
    });
  }
}
