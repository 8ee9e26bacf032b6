// The floor: what anyone would write first. A loop on the SDK with one tool, no safety, no journal, no limits.
import { execFile } from 'node:child_process';
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ apiKey: 'bench', baseURL: process.env['MODEL_URL'] ?? '', maxRetries: 0 });
const tools: Anthropic.Tool[] = [
  {
    name: 'bash',
    description: 'Run a command.',
    input_schema: { type: 'object', properties: { command: { type: 'string' } } },
  },
];
const messages: Anthropic.MessageParam[] = [{ role: 'user', content: process.env['TASK'] ?? 'Do the task.' }];

function run(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', command], (error, stdout, stderr) => resolve(`${stdout}${stderr}${error?.message ?? ''}`));
  });
}

async function main(): Promise<void> {
  for (;;) {
    const stream = client.messages.stream({ model: 'claude-sonnet-5-5', max_tokens: 16_000, tools, messages });
    const reply = await stream.finalMessage();
    messages.push({ role: 'assistant', content: reply.content });
    const calls = reply.content.filter((block) => block.type === 'tool_use');
    if (calls.length === 0) break;
    const results: Anthropic.ToolResultBlockParam[] = [];
    for (const call of calls) {
      const { command } = Object(call.input) as { command?: string };
      results.push({ type: 'tool_result', tool_use_id: call.id, content: await run(command ?? 'true') });
    }
    messages.push({ role: 'user', content: results });
  }
}

void main();
