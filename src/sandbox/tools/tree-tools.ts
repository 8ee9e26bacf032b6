// The tools that work on a tree, in the order in which models see them. A new tool: its file, and a line here.
import { bash } from './bash.ts';
import { edit } from './edit.ts';
import { read } from './read.ts';
import { search } from './search.ts';
import type { Tool } from './tool.ts';
import { write } from './write.ts';

export const treeTools: readonly Tool[] = [bash, read, search, edit, write];
