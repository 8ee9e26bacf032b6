// Entry of dist/mirror.cjs: the mirror in a process of its own that holds nothing. argv: options as JSON. stdout: `ready`, then
// a JSON line for each request. It ends when stdin does.
import process from 'node:process';
import * as z from 'zod/mini';
import { startMirror } from './start-mirror.ts';

const optionsSchema = z.object({
  socketPath: z.string(),
  mode: z.enum(['registry', 'hosts']),
  hosts: z.array(z.string()),
  minimumAgeDays: z.number(),
});

/** What the process is started with. */
export type ServeMirrorOptions = z.infer<typeof optionsSchema>;

async function main(): Promise<void> {
  const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  const mirror = await startMirror({ ...options, onRequest: (request) => tell(JSON.stringify(request)) });
  tell('ready');
  process.stdin.on('end', () => void mirror.close().then(() => process.exit(0)));
  process.stdin.resume();
}

void main();
