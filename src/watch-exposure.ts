// Watches for the run's own credentials in all that agents say, run and write. From the first on, nothing leaves any more.
import { RunError } from './errors.ts';
import type { ExposurePlace, RunEvent } from './events.ts';
import { textsOfAgents } from './exposure-texts.ts';
import { noUsage } from './money/usage.ts';
import type { GitHub, Model, Reporter } from './ports.ts';
import type { SecretFinder } from './secrets/secret-finder.ts';
import { exposedFile, type ReadableGit } from './exposed-file.ts';

export interface WatchDeps {
  readonly finder: Pick<SecretFinder, 'showsOwn'>;
  readonly reporter: Reporter;
  /** Ends the run, with all that agents have started. Called once. */
  readonly onExposed: () => void;
}

export interface ExposureWatch {
  readonly reporter: Reporter;
  isExposed(): boolean;
  /** Looks at a text that goes into a file of the run, as a log of a check. */
  look(text: string): void;
  /** git that looks at each commit before it makes it, and pushes nothing once a credential has shown. */
  git<Store extends ReadableGit>(git: Store, clean: (text: string) => string): Store;
  /** GitHub that is not written to any more. */
  github(github: GitHub): GitHub;
  /** A model that is not asked any more. */
  model(model: Model): Model;
}

/** @param wasExposed true where an earlier process of the run has found one: its journal no longer shows it */
export function watchExposure({ finder, reporter, onExposed }: WatchDeps, wasExposed: boolean): ExposureWatch {
  let exposed = false;
  const expose = (place: ExposurePlace, agent: string | null, path: string | null = null): void => {
    if (exposed) return;
    exposed = true;
    reporter.emit({ type: 'credential.exposed', agent, place, path });
    onExposed();
  };
  const watch = (event: RunEvent): void => {
    for (const { place, agent, text } of textsOfAgents(event)) if (finder.showsOwn(text)) expose(place, agent);
  };
  const refuse = (): void => {
    if (exposed) throw new RunError('credential-exposed');
  };
  /** Refuses at the moment of the call. */
  const guarded =
    <Given extends readonly unknown[], Answer>(act: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      refuse();
      return act(...given);
    };
  if (wasExposed) expose('report of an agent', null);

  return {
    isExposed: () => exposed,
    reporter: {
      emit: (event) => {
        reporter.emit(event);
        watch(event);
      },
    },
    look: (text) => {
      if (finder.showsOwn(text)) expose('command output', null);
    },
    git: (git, clean) => ({
      ...git,
      commit: async (tree, parents, message) => {
        if (finder.showsOwn(message)) expose('commit message', null);
        const path = parents[0] === undefined ? null : await exposedFile(git, parents[0], tree, finder.showsOwn);
        if (path !== null) expose('changed file', null, path);
        refuse();
        return git.commit(tree, parents, clean(message));
      },
      push: guarded(git.push),
    }),
    github: (github) => ({
      ...github,
      openPullRequest: guarded(github.openPullRequest),
      updatePullRequest: guarded(github.updatePullRequest),
      createComment: guarded(github.createComment),
      updateComment: guarded(github.updateComment),
    }),
    model: (model) => ({
      ...model,
      send: async (request, signal) =>
        exposed
          ? { kind: 'failed', reason: 'aborted', message: 'the run was ended', usage: noUsage }
          : model.send(request, signal),
    }),
  };
}
