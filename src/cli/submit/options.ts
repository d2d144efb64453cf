// Every option of spark-submit (Spark 4.0.1 and our additions), what becomes of it, and what --help says. The parser
// (parse-arguments.ts), the help text (help.ts) and the refusals (validate.ts) all read this one table.

/** Where an option's value goes: a field of SubmitArguments (arguments.ts). */
export type Field =
  | 'master'
  | 'remote'
  | 'deployMode'
  | 'executorMemory'
  | 'executorCores'
  | 'totalExecutorCores'
  | 'propertiesFile'
  | 'driverMemory'
  | 'driverCores'
  | 'driverExtraClassPath'
  | 'driverExtraLibraryPath'
  | 'driverExtraJavaOptions'
  | 'driverNodeOptions'
  | 'queue'
  | 'numExecutors'
  | 'files'
  | 'pyFiles'
  | 'archives'
  | 'mainClass'
  | 'name'
  | 'jars'
  | 'packages'
  | 'packagesExclusions'
  | 'repositories'
  | 'proxyUser'
  | 'principal'
  | 'keytab'
  | 'kill'
  | 'status';

export type Option = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What the value is called in the help; absent: a switch. */
  readonly value?: string;
  readonly field?: Field;
  /** The spark.* setting that this flag is another way to say. */
  readonly key?: string;
  readonly help: string;
  /** Not supported: what to do instead. Given on the command line it ends the submit; from a properties file the setting is ignored with a warning. */
  readonly refused?: string;
  readonly group: 'general' | 'driver' | 'resources' | 'yarn' | 'other';
};

const NPM =
  'name npm packages with --packages, or install them beside the program (npm install <package>): its node_modules travels with it';

export const OPTIONS: readonly Option[] = [
  {
    name: '--master',
    value: 'MASTER_URL',
    field: 'master',
    key: 'spark.master',
    group: 'general',
    help: 'local, local[N], local[*], local[N,F], local-cluster[n,cores,memoryMb] or yarn: the ResourceManager of this cluster (Default: local[*]).',
  },
  {
    name: '--remote',
    value: 'CONNECT_URL',
    field: 'remote',
    group: 'general',
    help: 'URL of a Spark Connect server.',
    refused: 'there is no Spark Connect client in Emberloom; submit with --master instead',
  },
  {
    name: '--deploy-mode',
    value: 'DEPLOY_MODE',
    field: 'deployMode',
    key: 'spark.submit.deployMode',
    group: 'general',
    help: 'Where the driver runs: in this process ("client") or in a container of the cluster ("cluster") (Default: client).',
  },
  {
    name: '--class',
    value: 'FUNCTION',
    field: 'mainClass',
    group: 'general',
    help: 'Exported function of the program to call once it is loaded.',
  },
  {
    name: '--name',
    value: 'NAME',
    field: 'name',
    key: 'spark.app.name',
    group: 'general',
    help: 'The name of the application (Default: the file name of the program).',
  },
  {
    name: '--jars',
    value: 'JARS',
    field: 'jars',
    key: 'spark.jars',
    group: 'general',
    help: 'Jar files for the class path.',
    refused: `no JVM runs here; ${NPM}`,
  },
  {
    name: '--packages',
    value: 'PACKAGES',
    field: 'packages',
    key: 'spark.jars.packages',
    group: 'general',
    help: 'Comma-separated npm packages (name@version, npm:name@range) that the program imports and that do not lie beside it; npm installs them once.',
  },
  {
    name: '--exclude-packages',
    value: 'COORDINATES',
    field: 'packagesExclusions',
    key: 'spark.jars.excludes',
    group: 'general',
    help: 'Maven coordinates to leave out.',
    refused: 'npm leaves no dependency out; put a package.json with "overrides" beside the program, and npm install there',
  },
  {
    name: '--repositories',
    value: 'URL',
    field: 'repositories',
    key: 'spark.jars.repositories',
    group: 'general',
    help: "Address of the npm registry that --packages come from (Default: npm's own configuration).",
  },
  {
    name: '--py-files',
    value: 'FILES',
    field: 'pyFiles',
    key: 'spark.submit.pyFiles',
    group: 'general',
    help: 'Comma-separated .js, .mjs, .cjs, .ts, .mts, .json files (as --files) and .zip, .tgz archives (as --archives) for the working folders.',
  },
  {
    name: '--files',
    value: 'FILES',
    field: 'files',
    key: 'spark.files',
    group: 'general',
    help: 'Comma-separated files for the working folder of driver and executors; globs are expanded, file#name renames. SparkFiles.get(name) finds them.',
  },
  {
    name: '--archives',
    value: 'ARCHIVES',
    field: 'archives',
    key: 'spark.archives',
    group: 'general',
    help: 'Comma-separated archives (zip, tar, tar.gz, tgz) that are unpacked there; archive#name names the folder.',
  },
  { name: '--conf', aliases: ['-c'], value: 'PROP=VALUE', group: 'general', help: 'Any setting whose name begins with spark.' },
  {
    name: '--properties-file',
    value: 'FILE',
    field: 'propertiesFile',
    group: 'general',
    help: 'File to read settings from (Default: conf/spark-defaults.conf).',
  },
  { name: '--load-spark-defaults', group: 'general', help: 'Read conf/spark-defaults.conf too when --properties-file is given.' },
  {
    name: '--driver-memory',
    value: 'MEM',
    field: 'driverMemory',
    key: 'spark.driver.memory',
    group: 'driver',
    help: "Heap of the driver, for example 1000m or 2g (cluster mode default: 1g; client mode default: Node.js's own).",
  },
  {
    name: '--driver-java-options',
    value: 'OPTIONS',
    field: 'driverExtraJavaOptions',
    key: 'spark.driver.extraJavaOptions',
    group: 'driver',
    help: 'Only -Dspark.x=y is taken, as a setting; the rest is ignored with a warning. See --driver-node-options.',
  },
  {
    name: '--driver-node-options',
    value: 'OPTIONS',
    field: 'driverNodeOptions',
    key: 'spark.driver.extraNodeOptions',
    group: 'driver',
    help: 'More options for the Node.js of the driver in cluster mode.',
  },
  {
    name: '--driver-library-path',
    value: 'PATH',
    field: 'driverExtraLibraryPath',
    key: 'spark.driver.extraLibraryPath',
    group: 'driver',
    help: 'Ignored with a warning: there is no JVM.',
  },
  {
    name: '--driver-class-path',
    value: 'PATH',
    field: 'driverExtraClassPath',
    key: 'spark.driver.extraClassPath',
    group: 'driver',
    help: 'Ignored with a warning: there is no JVM.',
  },
  {
    name: '--executor-memory',
    value: 'MEM',
    field: 'executorMemory',
    key: 'spark.executor.memory',
    group: 'resources',
    help: 'Memory per executor, for example 1000m or 2g (Default: 1g).',
  },
  {
    name: '--executor-cores',
    value: 'NUM',
    field: 'executorCores',
    key: 'spark.executor.cores',
    group: 'resources',
    help: 'Cores, and so tasks at once, per executor (Default: 1).',
  },
  {
    name: '--num-executors',
    value: 'NUM',
    field: 'numExecutors',
    key: 'spark.executor.instances',
    group: 'resources',
    help: 'Executors to ask for (Default: 2).',
  },
  {
    name: '--total-executor-cores',
    value: 'NUM',
    field: 'totalExecutorCores',
    key: 'spark.cores.max',
    group: 'resources',
    help: 'Cores of all executors together (standalone masters; yarn and local keep it in the settings and do not act on it).',
  },
  {
    name: '--driver-cores',
    value: 'NUM',
    field: 'driverCores',
    key: 'spark.driver.cores',
    group: 'resources',
    help: "Cores of the driver's container, only in cluster mode (Default: 1).",
  },
  {
    name: '--supervise',
    group: 'resources',
    help: 'Standalone masters only; yarn starts a failed driver again by itself (spark.yarn.maxAppAttempts). Ignored with a warning.',
  },
  {
    name: '--queue',
    value: 'QUEUE_NAME',
    field: 'queue',
    key: 'spark.yarn.queue',
    group: 'yarn',
    help: 'The queue to submit to (Default: default).',
  },
  {
    name: '--proxy-user',
    value: 'NAME',
    field: 'proxyUser',
    group: 'yarn',
    help: 'User to impersonate.',
    refused: 'the ResourceManager lets nobody act for another user; submit as that user',
  },
  {
    name: '--principal',
    value: 'PRINCIPAL',
    field: 'principal',
    key: 'spark.kerberos.principal',
    group: 'yarn',
    help: 'Kerberos principal.',
    refused: 'Emberloom has no Kerberos; who may read the secret file in EMBERLOOM_DATA may submit',
  },
  {
    name: '--keytab',
    value: 'KEYTAB',
    field: 'keytab',
    key: 'spark.kerberos.keytab',
    group: 'yarn',
    help: 'Kerberos keytab.',
    refused: 'Emberloom has no Kerberos; who may read the secret file in EMBERLOOM_DATA may submit',
  },
  { name: '--kill', value: 'APPLICATION_ID', field: 'kill', group: 'other', help: 'Kill the application with this id.' },
  {
    name: '--status',
    value: 'APPLICATION_ID',
    field: 'status',
    group: 'other',
    help: 'Print the state of the application with this id, as JSON on stdout.',
  },
  { name: '--help', aliases: ['-h'], group: 'other', help: 'Show this help and exit.' },
  { name: '--verbose', aliases: ['-v'], group: 'other', help: 'Print what was understood before the application starts.' },
  { name: '--summary', group: 'other', help: 'At the end tell where the time went (spark.emberloom.summary).' },
  { name: '--version', group: 'other', help: 'Print the version and exit.' },
];

const BY_NAME = new Map(OPTIONS.flatMap((o) => [o.name, ...(o.aliases ?? [])].map((name) => [name, o] as const)));

export const findOption = (name: string): Option | undefined => BY_NAME.get(name);
export const optionNames = (): Iterable<string> => BY_NAME.keys();
export const optionOfField = (field: Field): Option => OPTIONS.find((o) => o.field === field)!;
