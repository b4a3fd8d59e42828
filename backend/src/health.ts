import { Router } from "express";
import { pool } from "./db/pool.js";
import { redis } from "./redis/client.js";

const build = process.env["GIT_SHA"] || null;

export const health = Router();

health.get("/health", (_req, res) => {
  res.json({ status: "ok", build });
});

health.get("/ready", async (_req, res) => {
  const [database, cache] = await Promise.allSettled([pool.query("select 1"), redis.ping()]);
  const ready = database.status === "fulfilled" && cache.status === "fulfilled";
  res.status(ready ? 200 : 503).json({ database: database.status, redis: cache.status });
});
