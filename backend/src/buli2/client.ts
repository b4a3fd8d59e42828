import { logger } from "../logger.js";
import type { Buli2, ReviewRequest, ReviewTicket } from "./types.js";

export interface Buli2Options {
  baseUrl: string;
  apiKey: string;
  timeoutMs: number;
}

export class Buli2Client implements Buli2 {
  constructor(private readonly options: Buli2Options) {}

  createReview(request: ReviewRequest): Promise<ReviewTicket> {
    return this.call("POST", "/v1/reviews", request);
  }

  getReview(ticketId: string): Promise<ReviewTicket> {
    return this.call("GET", `/v1/reviews/${encodeURIComponent(ticketId)}`);
  }

  private async call(method: "GET" | "POST", path: string, body?: unknown): Promise<ReviewTicket> {
    const response = await fetch(new URL(path, this.options.baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${this.options.apiKey}`,
        "content-type": "application/json",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(this.options.timeoutMs),
    });
    if (!response.ok) {
      logger.error({ method, path, status: response.status }, "buli2 refused the call");
      throw new Error(`BULI2 answered ${response.status}`);
    }
    return (await response.json()) as ReviewTicket;
  }
}
