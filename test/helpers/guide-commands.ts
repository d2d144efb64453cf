// Prints the commands that a page of docs/ tells its reader to run, one a line, in the order of the page and each once: lines of code blocks,
// and code in sentences and tables. What cannot be run as it is written (names to fill in) its test fills in: test/cli/guide.bats.
import { readFileSync } from 'node:fs';

const COMMAND = /(?:`|^ {4}|^)((?:bin\/)?(?:yarn|emberloom|(?:start|stop|status)-[a-z]+\.sh) [^`\n]*|bin\/[a-z-]+\.sh)(?:`|$)/gm;

const text = readFileSync(process.argv[2]!, 'utf8');
const said = [...text.matchAll(COMMAND)].flatMap(([, command]) => command!.replace(/ {2,}#.*/, '').split(' && '));
console.log([...new Set(said)].join('\n'));
