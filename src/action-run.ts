// The run behind the action's entry. Its code is set up while the entry waits for git and GitHub: most events are none of
// ours, and those never need it.
import { actionOutputs } from './action-outputs.ts';
import { createPlainReporter } from './adapters/plain-reporter.ts';
import { renderJobSummary } from './publish/job-summary.ts';
import type { Sink } from './publish/sink.ts';
import { startRun, type EndedRun, type StartDeps, type StartInput } from './start-run.ts';

export interface ActionResult {
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown of the job summary. */
  readonly summary: string;
  /** Why the step fails; null when it does not. */
  readonly failure: string | null;
}

/** Runs a request, with its log going to `write` line by line. All texts have passed the sink. Never rejects for the run. */
export async function runRequest(
  input: StartInput,
  { write, ...deps }: Omit<StartDeps, 'reporter'> & { readonly write: (line: string) => void },
): Promise<ActionResult> {
  const reporter = createPlainReporter({ write, sink: deps.sink, groups: true });
  return actionResult(await startRun(input, { ...deps, reporter }), deps.sink);
}

/** What the step shows of a run that has ended. */
export function actionResult({ outcome, state, reportPath, handedOver }: EndedRun, sink: Sink): ActionResult {
  const outputs = Object.entries(actionOutputs(outcome, state, reportPath, handedOver));
  return {
    outputs: Object.fromEntries(outputs.map(([name, value]) => [name, sink.plain(value)])),
    summary: sink.markdown(renderJobSummary(state, reportPath === '' ? null : reportPath)),
    failure: outcome.kind === 'failed' ? sink.log(outcome.error) : null,
  };
}
