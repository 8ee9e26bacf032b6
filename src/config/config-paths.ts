// Which files of the base commit belong to the configuration. Names only: whoever calls reads the files.
import { RunError } from '../errors.ts';

const places = ['orchestrator-config.json', '.ai-agents/orchestrator-config.json'];

/**
 * The configuration file among the paths of the base commit; null when there is none.
 * @param wanted the `config` input: a path that must then exist; empty means one of the two usual places.
 * @throws RunError `input-invalid` when `wanted` is not there, `config-invalid` when both usual places are taken.
 */
export function configFilePath(paths: readonly string[], wanted = ''): string | null {
  if (wanted !== '') {
    const path = wanted.replace(/^\.\//, '');
    if (paths.includes(path)) return path;
    throw new RunError('input-invalid', {
      problem: `\`config\` names "${wanted}", which the base commit does not have.`,
    });
  }
  const found = places.filter((place) => paths.includes(place));
  if (found.length < 2) return found[0] ?? null;
  throw new RunError('config-invalid', {
    count: '1',
    problems: `- ${found.join(' and ')} are both there; keep ${places[0] ?? ''} and delete the other.`,
  });
}

/** Files that define agents: `.ai-agents/agents/<id>.md`, sorted. Ids are judged when the files are read. */
export function agentFilePaths(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => /^\.ai-agents\/agents\/[^/]+\.md$/.test(path)).sort();
}

/** Files every agent is given to read: instruction files of the root, then `.ai-agents/context/*.md`, sorted. */
export function contextPaths(paths: readonly string[]): readonly string[] {
  const root = ['AGENTS.md', 'CLAUDE.md'].filter((path) => paths.includes(path));
  return [...root, ...paths.filter((path) => /^\.ai-agents\/context\/[^/]+\.md$/.test(path)).sort()];
}
