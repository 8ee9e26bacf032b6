// Lines of an output that say what went wrong, whatever program printed it.

const tellsOfFailure =
  /\b(\w*error|no module|fail(ed|ure|s)?|fatal|exception|panic|cannot|can't|could not|not found|no such|unknown|unexpected|undefined|missing|denied|refused)\b/i;

/** In their order, without the blanks around them. */
export const tellingLines = (output: string): readonly string[] =>
  output.split('\n').flatMap((line) => (tellsOfFailure.test(line) ? [line.trim()] : []));
