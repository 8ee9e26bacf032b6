// Our version, as package.json has it when the bundle is made.
import { version as packageVersion } from '../package.json';

export const version: string = packageVersion;
