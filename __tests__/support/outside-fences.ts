// What of a prompt stands outside of all marks for foreign text: there a model takes it for the program's own words.

/** The text without what is fenced; throws where a mark is opened and not closed, or the other way round. */
export function outsideFences(prompt: string): string {
  const outside = prompt.replace(/<(untrusted-\w+)((?: \w+="(?:[^"\\\n]|\\.)*")*)>\n[^]*?\n<\/\1>/g, '');
  const stray = /<\/?untrusted-\w+/.exec(outside);
  if (stray !== null) throw new Error(`a mark stands alone: ${outside.slice(stray.index - 50, stray.index + 100)}`);
  return outside;
}
