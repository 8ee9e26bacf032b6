// The one list of tools, the same for every role: equal bytes, so that all agents share one cached prefix.
import type { ToolDefinition } from '../../ports.ts';
import { treeTools } from '../../sandbox/tools/tree-tools.ts';
import { finishDefinition } from './finish.ts';
import { planDefinition } from './plan.ts';

export { type FinishInput, readFinishInput } from './finish.ts';
export { readPlanInput } from './plan.ts';

/** Definitions in the order in which every model sees them. The last two never reach a tree: the loop answers them. */
export const toolDefinitions: readonly ToolDefinition[] = [
  ...treeTools.map((tool) => tool.definition),
  planDefinition,
  finishDefinition,
];
