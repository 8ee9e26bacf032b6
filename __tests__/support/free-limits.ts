// Limits of memory and disk that no test reaches.
import type { ResourceLimits } from '../../src/sandbox/watch-resources.ts';

export const freeLimits = (disk: string): ResourceLimits => ({ memoryBytes: 2 ** 50, disk, leastFreeBytes: 0 });
