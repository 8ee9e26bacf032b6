// Entry of `npm run demo`: looks at the node version before it loads what an old node could not read.
import { nodeProblem } from './node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem === null) {
  import('./demo-run.ts')
    .then(function start(loaded) {
      return loaded.runDemo(process.argv.slice(2));
    })
    .then(
      function end(exitCode) {
        process.exitCode = exitCode;
      },
      function crash(error) {
        console.error(error);
        process.exitCode = 1;
      },
    );
} else {
  console.error(problem);
  process.exitCode = 1;
}
