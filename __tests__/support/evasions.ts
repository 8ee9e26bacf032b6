// Fifteen ways to get a secret past a filter: what a shell, an editor and a patient model have at hand.

export interface Evasion {
  readonly name: string;
  readonly form: string;
  /** The same as a shell command that prints it, the secret in the variable `K`. */
  readonly command: string;
  /** No filter that knows the secret alone can see it. */
  readonly isHopeless?: true;
}

const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const node = (expression: string): string => `node -p "k=process.env.K,${expression}"`;

/** The secret in each of them. The vendor's prefix of seven characters is what the one without a beginning lacks. */
export function evasions(secret: string): readonly Evasion[] {
  const half = Math.floor(secret.length / 2);
  return [
    { name: 'raw', form: secret, command: 'printf %s "$K"' },
    { name: 'base64', form: base64(secret), command: 'printf %s "$K" | base64 -w0' },
    { name: 'base64 behind one byte', form: base64(`.${secret}`), command: 'printf .%s "$K" | base64 -w0' },
    { name: 'base64 behind two bytes', form: base64(`..${secret}`), command: 'printf ..%s "$K" | base64 -w0' },
    { name: 'hex', form: Buffer.from(secret).toString('hex'), command: 'printf %s "$K" | od -An -tx1' },
    { name: 'reversed', form: [...secret].reverse().join(''), command: node("[...k].reverse().join('')") },
    { name: 'rot13', form: rot13(secret), command: `printf %s "$K" | tr 'A-Za-z' 'N-ZA-Mn-za-m'` },
    {
      name: 'URL-coded, each byte',
      form: Buffer.from(secret).toString('hex').replace(/../g, '%$&'),
      command: node("Buffer.from(k).toString('hex').replace(/../g,'%$&')".replaceAll('$', '\\$')),
    },
    { name: 'JSON', form: JSON.stringify({ k: secret }), command: node('JSON.stringify({k})') },
    {
      name: 'split by a line feed',
      form: `${secret.slice(0, half)}\n${secret.slice(half)}`,
      command: node("k.slice(0,k.length/2)+'\\n'+k.slice(k.length/2)"),
    },
    { name: 'a space after each character', form: [...secret].join(' '), command: `printf %s "$K" | sed 's/./& /g'` },
    {
      name: 'in quoted pieces',
      form: `"${secret.slice(0, half)}" '${secret.slice(half)}'`,
      command: `node -p 'k=process.env.K,JSON.stringify(k.slice(0,k.length/2))+" "+JSON.stringify(k.slice(k.length/2))'`,
    },
    { name: 'zero-width characters inside', form: [...secret].join('\u200b'), command: node("[...k].join('\\u200b')") },
    { name: 'base64 twice', form: base64(base64(secret)), command: 'printf %s "$K" | base64 -w0 | base64 -w0' },
    {
      name: 'XOR with a byte, in hex',
      form: Buffer.from([...Buffer.from(secret)].map((byte) => byte ^ 0x2a)).toString('hex'),
      command: node("Buffer.from([...Buffer.from(k)].map((b)=>b^42)).toString('hex')"),
      isHopeless: true,
    },
  ];
}
