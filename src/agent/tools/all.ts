// The one list of tools, the same for every role: equal bytes, so that all agents share one cached prefix.
import type { ToolDefinition } from '../../ports.ts';
import { treeToolsFor } from '../../sandbox/tools/tree-tools.ts';
import type { EditFormat } from '../../types.ts';
import { finishDefinition } from './finish.ts';
import { planDefinition } from './plan.ts';

export { type FinishInput, readFinishInput } from './finish.ts';
export { readPlanInput } from './plan.ts';

const definitionsOf = (format: EditFormat): readonly ToolDefinition[] => [
  ...treeToolsFor(format).map((tool) => tool.definition),
  planDefinition,
  finishDefinition,
];

const lists: Readonly<Record<EditFormat, readonly ToolDefinition[]>> = {
  edit: definitionsOf('edit'),
  apply_patch: definitionsOf('apply_patch'),
};

/**
 * Definitions in the order in which the models of a run see them; `format` is fixed when the run starts. The last two
 * never reach a tree: the loop answers them. The same list, object and all, is given for the same format.
 */
export const toolDefinitionsFor = (format: EditFormat): readonly ToolDefinition[] => lists[format];
