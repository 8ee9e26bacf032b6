// Every output of the action, once. action.yml and the README's table are made from it.

/** Outputs by name, each with what it holds. All are texts, empty when a run did not come so far. */
export const outputs = {
  status: 'How the run ended: `opened`, `updated`, `partial`, `planned`, `built`, `skipped` or `failed`.',
  'stop-reason':
    'Why it ended so, in one sentence of letters, digits and plain punctuation; empty when everything was done.',
  'pull-request-number': 'Number of the pull request.',
  'pull-request-url': 'Address of the pull request.',
  branch: 'Branch that holds the result.',
  plan: 'The plan as JSON, without words: hash, tasks (id, agent, depends_on), expected_cost_usd, worst_cost_usd.',
  tasks: 'The tasks as a JSON list, without words: id, agent, status, branch, commit, turns, cost_usd.',
  'cost-usd': 'What the model calls cost, in US dollars, from reported usage.',
  'input-tokens': 'Input tokens that were not read from the cache, those written to it included.',
  'output-tokens': 'Output tokens.',
  'cache-read-tokens': 'Input tokens read from the cache.',
  'api-calls': 'Model calls.',
  'duration-seconds': 'Duration of the run in seconds.',
  report: 'Path of the HTML report on the runner.',
  'result-dir':
    'Directory with what the job `agent` leaves for the job `publish`; empty when there is nothing to publish.',
  'manifest-sha256': 'sha256 of the manifest in it. Hand it to the job `publish` as an output of the job.',
} as const satisfies Record<string, string>;

export type OutputName = keyof typeof outputs;
