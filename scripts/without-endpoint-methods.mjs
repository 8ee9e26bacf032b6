// Stands in for Octokit's table of named methods in the bundles: requests are made by route, and the table costs each start 5 ms.
export const restEndpointMethods = () => ({});
export const legacyRestEndpointMethods = () => ({});
