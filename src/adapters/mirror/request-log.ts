// Every request that was made of a mirror, for whoever asks afterwards.

export interface MirrorRequest {
  readonly method: string;
  /** As the client wrote it, cut. */
  readonly url: string;
  readonly status: number;
  /** Why it was refused; null when it was answered. */
  readonly reason: string | null;
}

export type ReportRequest = (request: MirrorRequest) => void;

export interface RequestLog {
  readonly report: ReportRequest;
  /** `GET /npm/left-pad`, in the order in which they were answered. */
  lines(): readonly string[];
}

const maxUrlLength = 2048;
/** An install asks for some thousands; a loop is told once and then forgotten. */
const maxLines = 20_000;

export function createRequestLog(onRequest: ReportRequest): RequestLog {
  const lines: string[] = [];
  return {
    report: (request) => {
      const url = request.url.slice(0, maxUrlLength);
      if (lines.length < maxLines) lines.push(`${request.method} ${url}`);
      else if (lines.length === maxLines) lines.push(`and more than ${maxLines} others`);
      onRequest({ ...request, url });
    },
    lines: () => [...lines],
  };
}
