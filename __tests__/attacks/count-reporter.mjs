// Ends the attack suite with its count: which attacks were tried and repelled, and which mutations bit.
import { writeSync } from 'node:fs';
import process from 'node:process';

/** Titles begin with the number of the attack (`T21 ...`), or with `mutation:`; anything else is a plain test beside them. */
const attackNumber = (title) => /^T(\d\d)\b/.exec(title)?.[1] ?? null;

/** For jest's `reporters`, which want a class as default export. */
export default class CountReporter {
  onRunComplete(_contexts, { testResults }) {
    const all = testResults.flatMap((file) => file.testResults);
    const failed = (test) => test.status === 'failed';
    const tried = all.filter((test) => test.status === 'passed' || failed(test));
    const numbers = (tests) => new Set(tests.map((test) => attackNumber(test.title)).filter((one) => one !== null));
    const attacks = numbers(tried);
    const lost = numbers(tried.filter(failed));
    const mutations = tried.filter((test) => test.title.startsWith('mutation:'));
    const biting = mutations.filter((test) => !failed(test));
    for (const test of all.filter(({ status }) => status === 'pending' || status === 'todo')) {
      console.log(`not tried: ${test.fullName}`);
    }
    const counts = [
      `mutations: ${biting.length} of ${mutations.length} let their attack through, as they have to`,
      `${tried.length - tried.filter(failed).length} passed, ${tried.filter(failed).length} failed`,
      `attacks: ${attacks.size - lost.size} of ${attacks.size} repelled`,
    ];
    // After jest's own summary, so that they are what is seen last.
    process.once('exit', () => writeSync(1, `${counts.join('\n')}\n`));
  }
}
