// Marks text that others wrote. A hint to the model, not a wall: walls are processes without credentials.

/** Text between marks that carry a nonce; the nonce is taken out of the text, so that it cannot close its own fence. */
export function fence(label: string, text: string, nonce: string): string {
  const mark = `untrusted-${nonce}`;
  return `<${mark} what=${JSON.stringify(label)}>\n${text.replaceAll(nonce, '')}\n</${mark}>`;
}
