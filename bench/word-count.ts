/**
 * Word count over the same generated text, timed inside the program without start-up, on `local[2]`: Scala RDDs, PySpark RDDs, ours.
 * Sizes: `mb` (200), `runs` in one application (3: one first, two warm), `python-runs` (2).
 */
import { alternate, type Side } from './lib/alternate.ts';
import { bench } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { DRIVER_MEMORY, peerSpark } from './lib/peer-spark.ts';
import { demandSameAnswers, firstRuns, laterRuns, timingsOf, type Timing } from './lib/program-output.ts';
import { textCorpus } from './lib/text-corpus.ts';

await bench('word-count', 2, async (context) => {
  const { options } = context;
  const path = textCorpus(options.size('mb', 200));
  const flags = ['--master', 'local[2]', '--driver-memory', DRIVER_MEMORY];
  const runs = options.size('runs', 3);
  const sides: Side<Timing[]>[] = [];
  if (options.peer) {
    const spark = peerSpark(context);
    const submit = async (program: string, count: number) =>
      timingsOf((await spark.submit({ flags, program, arguments: [path, count] })).stdout);
    sides.push({ name: 'spark', run: () => submit('WordCount', runs) });
    sides.push({ name: 'pyspark', run: () => submit('word_count.py', options.size('python-runs', 2)) });
  }
  if (options.ours) {
    sides.push({
      name: 'emberloom',
      run: async () => timingsOf((await submitOurs(context, { flags, program: 'word-count.ts', arguments: [path, runs] })).stdout),
    });
  }
  const results = await alternate(options.rounds, sides);
  demandSameAnswers(results);
  const first = (side: string): number[] => firstRuns(results.get(side) ?? [], 'wordCount');
  const warm = (side: string): number[] => laterRuns(results.get(side) ?? [], 'wordCount');
  return [
    {
      name: 'word count, warm: Scala RDD',
      unit: 's',
      peer: warm('spark'),
      ours: warm('emberloom'),
      aim: { text: 'ahead of Scala', holds: (_, ratio) => ratio !== undefined && ratio > 1 },
    },
    { name: 'word count, first run: Scala RDD', unit: 's', peer: first('spark'), ours: first('emberloom') },
    {
      name: 'word count, warm: PySpark RDD',
      unit: 's',
      peer: warm('pyspark'),
      ours: warm('emberloom'),
      aim: { text: '3 times PySpark', holds: (_, ratio) => ratio !== undefined && ratio >= 3 },
    },
    { name: 'word count, first run: PySpark RDD', unit: 's', peer: first('pyspark'), ours: first('emberloom') },
  ];
});
