// What a run leaves on the machine for people: the report and the state that others may read.
import { join } from 'node:path';
import type { JournalFile } from './adapters/journal-file.ts';
import { writeStateFiles } from './adapters/state-files.ts';
import { writeTextFile } from './adapters/text-files.ts';
import type { Config } from './config/config.ts';

interface TracedRun {
  readonly runDir: string;
  readonly projectDir: string;
  readonly config: Pick<Config, 'transcripts'>;
  /** True where strangers may read what the workflow uploads. */
  readonly isPublic: boolean;
}

/** @returns the path of the HTML report; empty where it could not be written, which ends no run */
export async function leaveTraces(
  { runDir, projectDir, config, isPublic }: TracedRun,
  journal: JournalFile,
  clean: (text: string) => string,
): Promise<string> {
  const { renderReport } = await import('./report/render-report.ts');
  const reportPath = join(runDir, 'report.html');
  const isWritten = (what: string, write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      journal.emit({ type: 'warning', message: `The ${what} could not be written: ${message}` });
      return false;
    }
  };
  const { transcripts } = config;
  const isShown = transcripts === 'always' || (transcripts === 'auto' && !isPublic);
  const report = clean(renderReport(journal.entries(), { transcripts: isShown }));
  const hasReport = isWritten('report', () => writeTextFile(reportPath, report));
  isWritten('state for people', () => writeStateFiles(projectDir, journal.state(), clean));
  return hasReport ? reportPath : '';
}
