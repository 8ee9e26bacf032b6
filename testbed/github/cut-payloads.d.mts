export declare const recorded: Readonly<Record<string, readonly [name: string, action: string | undefined]>>;
export declare function lastExample(name: string, action: string | undefined): unknown;
