import type { Plugin } from 'esbuild';

export declare const githubOnlyEmulate: Plugin;
