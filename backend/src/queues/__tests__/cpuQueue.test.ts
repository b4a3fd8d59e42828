import { afterAll, describe, expect, it, vi } from "vitest";

const rpush = vi.fn();
vi.mock("../../redis/client.js", () => ({ redis: { rpush, llen: vi.fn() } }));

process.env.OCR_CPU_QUEUE_KEY = "test:cpu";
const { enqueueCpu } = await import("../cpuQueue.js");

describe.skipIf(process.env.TEST_SKIP_QUEUES === "1")("enqueueCpu", () => {
  afterAll(() => {
    delete process.env.OCR_CPU_QUEUE_KEY;
  });

  it("puts the id at the end of the list", async () => {
    await enqueueCpu("b2f1");
    expect(rpush).toHaveBeenCalledWith("test:cpu", "b2f1");
  });
});
