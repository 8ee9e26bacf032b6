// Stands in for `@actions/http-client` in the bundles. The Actions toolkit asks it for proxy agents as it loads, and uses it
// for OIDC tokens; we use neither, and requests go through node's fetch.

/** Has no agents, and cannot send anything. */
export class HttpClient {
  getAgent() {
    return undefined;
  }

  getAgentDispatcher() {
    return undefined;
  }
}

/** Asks for nothing that could need a credential. */
export class BearerCredentialHandler {
  canHandleAuthentication() {
    return false;
  }
}
