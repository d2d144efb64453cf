// What is executed for a container and with which environment: from a launch context to argv, env and the token file's text.
// No I/O. The wrapper is a few lines of POSIX sh: it leaves its pid and, at the end, the exit code in files that are opened
// before the start, so a NodeManager that was killed and came back finds both. Source: YARN's default_container_executor.sh.
import type { Resource } from '../../common/resource.ts';
import type { LaunchContext } from '../../rpc/messages/shapes.ts';

/** Its arguments: $0 a name for ps, $1 the control folder, $2 the number of the start, then argv. A trapped TERM lets it write the code. */
const WRAPPER = [
  'set -C; { echo $$ >"$1/pid.$2"; } 2>/dev/null || exit 0; set +C', // taken: start-claim.ts
  'exec 8>"$1/exitcode"; shift 2',
  'told=; trap told=1 TERM INT HUP', // the child has the default; told before it began, it is not begun
  '[ -n "$told" ] && rc=143 || { "$@" 8>&-; rc=$?; }',
  'echo $rc >&8; exit $rc',
].join('; ');

export const wrapped = (name: string, controlDir: string, start: number, argv: readonly string[]): { file: string; args: string[] } => ({
  file: '/bin/sh',
  args: ['-c', WRAPPER, name, controlDir, String(start), ...argv],
});

export type Programs = { readonly nodeBinary: string; readonly executor: string; readonly driver: string };

/** Spark's overhead rule backwards: what is left of the container for V8's old generation. */
export const heapMb = ({ memoryMb }: Resource): number => Math.max(64, Math.min(memoryMb - 384, Math.floor(memoryMb / 1.1)));

const nodeOptions = (launch: LaunchContext): string[] =>
  (launch.env.EMBERLOOM_NODE_OPTIONS ?? '').split(/\s+/).filter((option) => option !== '');

export function argvOf(launch: LaunchContext, resource: Resource, programs: Programs): string[] {
  switch (launch.kind) {
    // The main thread of an executor holds blocks and buffers; its workers bring limits of their own.
    case 'executor':
      return [
        programs.nodeBinary,
        `--max-old-space-size=${Math.max(64, Math.floor(heapMb(resource) * 0.4))}`,
        ...nodeOptions(launch),
        programs.executor,
      ];
    case 'driver':
      return [programs.nodeBinary, `--max-old-space-size=${heapMb(resource)}`, ...nodeOptions(launch), programs.driver, ...launch.args];
    case 'command':
      return [...launch.args];
    default:
      return launch.kind satisfies never;
  }
}

/** What of the NodeManager's own environment a container gets. Everything else comes from the launch context and from us. */
export const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'SHELL', 'TMPDIR', 'EMBERLOOM_HOME', 'SPARK_HOME'] as const;

export function inheritedFrom(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

export type Places = {
  readonly workDir: string;
  readonly logDir: string;
  readonly applicationDirs: readonly string[];
  readonly tokenFile: string;
};

/** Ours win over the launch context's, which win over what is inherited. Source: the variables of YARN's launch_container.sh. */
export function environmentOf(
  launch: LaunchContext,
  at: Places,
  node: { nodeId: string; host: string; inherited: Readonly<Record<string, string>> },
  ids: { containerId: string; applicationId: string; user: string },
): Record<string, string> {
  const dirs = at.applicationDirs.join(',');
  return {
    ...node.inherited,
    ...launch.env,
    CONTAINER_ID: ids.containerId,
    APPLICATION_ID: ids.applicationId,
    NM_HOST: node.host,
    NM_NODE_ID: node.nodeId,
    LOCAL_DIRS: dirs,
    SPARK_LOCAL_DIRS: dirs,
    LOG_DIRS: at.logDir,
    PWD: at.workDir,
    USER: ids.user,
    LOGNAME: ids.user,
    SPARK_USER: ids.user,
    EMBERLOOM_CONTAINER_TOKENS: at.tokenFile,
  };
}

/**
 * What a container that runs as its user is started with: its environment and its command as a script that he alone can read, because
 * arguments are for everybody to see. Source: YARN's launch_container.sh.
 */
export function launchScript(env: Readonly<Record<string, string>>, argv: readonly string[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const exports = Object.entries(env).flatMap(([name, value]) => (/^[A-Za-z_]\w*$/.test(name) ? `export ${name}=${quoted(value)}` : []));
  return [...exports, `exec ${argv.map(quoted).join(' ')}`, ''].join('\n');
}

export const tokenFileText = (launch: LaunchContext): string => `${JSON.stringify(launch.secretEnv)}\n`;
