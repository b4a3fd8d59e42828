import { readInt, readVar } from "../config/env.js";
import { Buli2Client } from "./client.js";
import { MockBuli2Client } from "./mockClient.js";
import type { Buli2 } from "./types.js";

export type { Buli2, ReviewRequest, ReviewTicket } from "./types.js";

export function createBuli2(): Buli2 {
  const baseUrl = process.env.BULI2_API_URL;
  if (!baseUrl) {
    return new MockBuli2Client();
  }
  return new Buli2Client({
    baseUrl,
    apiKey: readVar("BULI2_API_KEY"),
    timeoutMs: readInt("BULI2_TIMEOUT_MS", "10000"),
  });
}
