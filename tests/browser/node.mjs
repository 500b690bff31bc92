/* One case a line in, one answer a line out, until the input ends: one process for all that a run of tests asks. */

import { createInterface } from 'node:readline';
import { judge } from './judge.js';

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await judge(JSON.parse(line)))}\n`);
}
