// The tools that work on a tree, in the order in which models see them. A new tool: its file, and a line here.
import type { EditFormat } from '../../types.ts';
import { applyPatch } from './apply-patch.ts';
import { bash } from './bash.ts';
import { edit } from './edit.ts';
import { read } from './read.ts';
import { search } from './search.ts';
import type { Tool } from './tool.ts';
import { write } from './write.ts';

/** The tools that a model is offered; the format in which it changes files is its family's, fixed when a run starts. */
export const treeToolsFor = (format: EditFormat): readonly Tool[] => [
  bash,
  read,
  search,
  format === 'edit' ? edit : applyPatch,
  write,
];

/** What a tree serves, whatever was offered. */
export const servedTools: readonly Tool[] = [...treeToolsFor('edit'), applyPatch];
