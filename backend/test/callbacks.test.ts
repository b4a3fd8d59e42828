import { createHmac } from "node:crypto";
import type { Request, Response } from "express";
import { beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("../src/db/documents.js", () => ({ findDocument: vi.fn(), setStatus: vi.fn() }));
vi.mock("../src/queues/notifications.js", () => ({ notify: vi.fn() }));
vi.mock("../src/temporal/client.js", () => ({ reportDecision: vi.fn() }));

const { verifySignature } = await import("../src/routes/callbacks.js");

const SECRET = "a-secret-for-tests";
const body = Buffer.from('{"decision":"approved"}');

function request(signature: string, timestamp: string): Request {
  const headers: Record<string, string> = { "x-buli2-signature": signature, "x-buli2-timestamp": timestamp };
  return { get: (name: string) => headers[name], rawBody: body } as unknown as Request;
}

describe("verifySignature", () => {
  beforeEach(() => {
    process.env.BULI2_HMAC_SECRET = SECRET;
  });

  it("accepts what BULI2 signed", () => {
    const now = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", SECRET).update(`${now}.`).update(body).digest("hex");
    const next = vi.fn();
    verifySignature(request(signature, now), {} as Response, next);
    expect(next).toHaveBeenCalledWith();
  });

  it("refuses anything else", () => {
    const next = vi.fn();
    verifySignature(request("00", String(Math.floor(Date.now() / 1000))), {} as Response, next);
    expect(next).toHaveBeenCalledWith(expect.objectContaining({ status: 401 }));
  });
});
