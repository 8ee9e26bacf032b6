// The publishing job behind the action's entry, as action-run.ts is the run. No import of its own time: that would wrap every
// module that both need, which costs each start more than this code does.
import { actionResult, type ActionResult } from './action-run.ts';
import { createPlainReporter } from './adapters/plain-reporter.ts';
import { startPublish, type PublishDeps, type PublishInput } from './start-publish.ts';

/** Checks and publishes, with its log going to `write` line by line. All texts have passed the sink. Never rejects for it. */
export async function publishRequest(
  input: PublishInput,
  { write, ...deps }: Omit<PublishDeps, 'reporter'> & { readonly write: (line: string) => void },
): Promise<ActionResult> {
  const reporter = createPlainReporter({ write, sink: deps.sink });
  return actionResult(await startPublish(input, { ...deps, reporter }), deps.sink);
}
