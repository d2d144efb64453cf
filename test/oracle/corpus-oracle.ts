// node test/oracle/corpus-oracle.ts [--failures]: which questions of the corpus are not answered as Spark does; keeps it in the fixtures (`notYet`), so that
// test/unit/runtime/sql/corpus.test.ts asks for the others. A question that was right and is no more is told, and keeps no excuse.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { comparable, CORPUS_FOLDER, corpus, ourAnswer, type SparkAnswer } from '../helpers/corpus.ts';
import { SqlSession } from '../helpers/sql-session.ts';

let [right, all] = [0, 0];
for (const [topic, questions] of corpus()) {
  const session = new SqlSession();
  const lines: string[] = [];
  for (const { notYet, ...question } of questions) {
    const got: SparkAnswer | { crash: string } = await ourAnswer(session, question.text).catch((error: Error) => ({
      crash: error.message,
    }));
    const isRight = !('crash' in got) && isDeepStrictEqual(comparable(got), comparable(question));
    all++;
    if (isRight) right++;
    else if (notYet === undefined && !process.argv.includes('--first'))
      console.log(`no longer right: ${question.text}\n  ${JSON.stringify(got)}`);
    if (!isRight && process.argv.includes('--failures'))
      console.log(`--- ${topic}\n${question.text}\n≡ Spark: ${JSON.stringify(comparable(question))}\n≡ ours:  ${JSON.stringify(got)}`);
    lines.push(JSON.stringify(isRight ? question : { ...question, ...(why(got) !== undefined && { notYet: why(got) }) }));
  }
  await session.close();
  writeFileSync(join(CORPUS_FOLDER, `${topic}.json`), `[\n${lines.join(',\n')}\n]\n`);
}
console.log(`corpus: ${right} of ${all} right`);

function why(got: SparkAnswer | { crash: string }): string {
  if ('crash' in got) return 'fails in the kernel';
  if (!('error' in got)) return 'another answer';
  return got.error.condition === 'NOT_BUILT' ? `not built: ${got.error.parameters.feature}` : got.error.condition;
}
