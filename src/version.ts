// Our version, as package.json has it when the bundle is made.
import packageJson from '../package.json' with { type: 'json' };

export const version: string = packageJson.version;
