// Reading and writing JSON over node:http.

const MAX_BODY_BYTES = 10_000;

/** The body as an object; an empty one for anything else, and for bodies above 10 kB. */
export async function readJson(request) {
  let body = '';
  for await (const chunk of request) {
    if (body.length <= MAX_BODY_BYTES) body += chunk;
  }
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export function sendJson(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}
