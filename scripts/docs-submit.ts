// docs/SUBMIT.md: spark-submit for people who know Spark's. The table is written from src/cli/submit/options.ts; the prose is here.
import { OPTIONS, type Option } from '../src/cli/submit/options.ts';

const PROSE = `# spark-submit

\`bin/spark-submit\` takes Spark 4's options and environment, prints the lines that other programs read, and ends with Spark's exit codes.
\`emberloom submit\` is the same program. This page is written by \`npm run docs\`.

    bin/spark-submit [options] program.ts [arguments of the program]

The first word that is no option is the program; everything after it belongs to the program. \`--option value\` and \`--option=value\` mean the
same.

## What differs from Spark

- **Programs** are \`.ts\`, \`.mts\`, \`.js\`, \`.mjs\` and \`.cjs\` files. \`--class\` names an exported function that is called after the program is loaded.
- **\`--master yarn\`** is Emberloom's own ResourceManager. HADOOP_CONF_DIR and YARN_CONF_DIR need not be set: its address is
  \`yarn.resourcemanager.address\` in \`conf/emberloom.yaml\`, by default a socket under EMBERLOOM_DATA. Where one of the two is set, an
  \`emberloom.yaml\` in that folder goes before the one in \`conf/\`. \`--conf spark.hadoop.yarn.resourcemanager.address=…\` goes before both.
- **\`--version\`** prints the version of Spark whose command line this is (tools ask for it), and Emberloom's own.
- **\`--kill\` and \`--status\`** take application ids of the ResourceManager and answer on stdout.
- **Cluster mode** ships the program, every module that it names by a relative path, and the package.json files beside them; \`node_modules\`
  is linked. Files whose path is computed travel with \`--files\`. They lie in \`staging/<application id>\` under EMBERLOOM_DATA until the
  application ends. Ctrl-C leaves the application running, as YARN's client does, and says how to end it.
- **\`--driver-memory\`** in client mode bounds the heap of this very process; without it Node.js chooses.
- **\`--num-executors 0\`** is refused, with \`spark.dynamicAllocation.enabled\` too: there is no dynamic allocation that would ask for more later.
- **A closed pipe** (\`spark-submit … 2>&1 | grep -m1 application_\`) does not end the job: what is written after that is dropped. Output that
  can't be written for another reason (full disk) ends it with 1.
- **Memory**: a container gets the memory that was asked for plus 10 %, at least 384 MB, as in Spark.

## Exit codes

| what happened | code |
| --- | --- |
| the application succeeded | 0 |
| wrong options, no ResourceManager, unknown queue, too large, missing file; an exception in the program | 1 |
| no arguments at all | 255 |
| the function of \`--class\` is not there | 101 |
| the program calls \`process.exit(n)\` in client mode or locally | n |
| cluster mode: the application failed or was killed | 1 |
| cluster mode with \`spark.yarn.submit.waitAppCompletion=false\` | 0 when it is accepted |
| Ctrl-C, SIGTERM, SIGHUP | 130, 143, 129 |

When a program fails, the last line on stderr is its first error with file and line, in every deploy mode, for instance
\`spark-submit: RangeError: no number: three (prices.ts:7:34), task 2 in stage 0.0 failed 4 times\`. Spark's text, stacks and hints come before it.
In cluster mode the application's diagnostics begin with it, too, behind \`User class threw exception: \`.

## Environment

| variable | meaning |
| --- | --- |
| EMBERLOOM_DATA | the cluster's folder (default \`~/.local/state/emberloom\`) |
| EMBERLOOM_CONF_DIR, SPARK_CONF_DIR | the folder of \`emberloom.yaml\`, \`spark-defaults.conf\`, \`spark-env.sh\` (default \`conf/\`) |
| MASTER, DEPLOY_MODE, SPARK_DRIVER_MEMORY, SPARK_EXECUTOR_MEMORY, SPARK_EXECUTOR_CORES, SPARK_YARN_APP_NAME | defaults below all files |
| SPARK_USER, HADOOP_USER_NAME | who submits, in lists |
| SPARK_NODE | the Node.js to run with, 24 or newer |
| SPARK_PRINT_LAUNCH_COMMAND | print the command that is run |
| EMBERLOOM_DEBUG | errors with stack and causes |
| EMBERLOOM_SKIP_SETUP | do not look whether packages and bundles are fresh |

## Options
`;

const word = ({ refused, help }: Option): string =>
  refused !== undefined ? 'refused' : /^(?:Ignored|Only -D)|Ignored with a warning/.test(help) ? 'ignored' : 'kept';

export function submitPage(): string {
  const rows = OPTIONS.map((o) => {
    const names = [o.name, ...(o.aliases ?? [])].map((name) => `\`${name}\``).join(', ');
    const text = o.refused === undefined ? o.help : `${o.help} Instead: ${o.refused}.`;
    return `| ${names}${o.value === undefined ? '' : ` ${o.value}`} | ${word(o)} | ${o.key === undefined ? '' : `\`${o.key}\``} | ${text.replaceAll('|', '\\|')} |`;
  });
  return `${PROSE}\n| option | | setting | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}
