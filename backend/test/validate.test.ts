import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findProblems } from "../src/config/validate.js";

const saved = { ...process.env };

beforeEach(() => {
  process.env.DATABASE_URL = "postgresql://filot@localhost:5432/filot_test";
  process.env.REDIS_URL = "redis://localhost:6379/15";
  process.env.CORS_ORIGINS = "http://localhost:5173";
  process.env.CF_R2_ACCESS_KEY_ID = "test";
  process.env.CF_R2_SECRET_ACCESS_KEY = "test";
  process.env.CF_R2_BUCKET = "filot-test";
  process.env.TEMPORAL_ADDRESS = "localhost:7233";
  process.env.TEMPORAL_API_KEY = "test";
  process.env.METRICS_AUTH_TOKEN = "only-for-this-test";
  process.env.FILOT_TEST_MARKER = "validate";
});

afterEach(() => {
  process.env = { ...saved };
});

describe("findProblems", () => {
  it("is content with a complete environment", () => {
    expect(findProblems()).toEqual([]);
  });

  it("names what is missing", () => {
    delete process.env.REDIS_URL;
    expect(findProblems()).toContain("REDIS_URL is not set");
  });

  it("refuses values everybody knows", () => {
    process.env.METRICS_AUTH_TOKEN = "changeme";
    expect(findProblems()).toContain("METRICS_AUTH_TOKEN holds a well-known value");
  });
});
