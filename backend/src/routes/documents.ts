import { randomUUID } from "node:crypto";
import express, { Router } from "express";
import { requireUser } from "../auth/middleware.js";
import { createBuli2 } from "../buli2/index.js";
import { config, readVar } from "../config/env.js";
import { findDocument, insertDocument, setStatus } from "../db/documents.js";
import { badRequest, forbidden, notFound } from "../errors.js";
import { enqueueCpu } from "../queues/cpuQueue.js";
import { enqueueGpu, estimatedWaitSeconds } from "../queues/gpuQueue.js";
import { scheduleDeletion } from "../queues/retention.js";
import { documentKey, presignDownload, putDocument } from "../storage/r2.js";
import { startReview } from "../temporal/client.js";

const ACCEPTED = ["image/jpeg", "image/png"];
const MAX_UPLOAD = "10mb";

const buli2 = createBuli2();
const callbackUrl = new URL("/callbacks/buli2", readVar("PUBLIC_API_URL")).toString();

export const documents = Router();
documents.use(requireUser);

documents.post("/:kind(ktp|npwp)", express.raw({ type: ACCEPTED, limit: MAX_UPLOAD }), async (req, res, next) => {
  try {
    const userId = req.userId ?? "";
    const body: unknown = req.body;
    if (!Buffer.isBuffer(body) || body.length === 0) throw badRequest(`Send one of ${ACCEPTED.join(", ")}`);

    const id = randomUUID();
    const key = documentKey(userId, id);
    await putDocument(key, body, req.get("content-type") ?? "application/octet-stream");
    await insertDocument({ id, userId, kind: req.params.kind ?? "ktp", storageKey: key });
    await startReview(id, key);
    await scheduleDeletion(id, key);

    const small = body.length <= config.ocrCpuMaxBytes;
    await (small ? enqueueCpu(id) : enqueueGpu(id));
    res.status(202).json({ id, waitSeconds: small ? 2 : await estimatedWaitSeconds() });
  } catch (error) {
    next(error);
  }
});

documents.get("/:id", async (req, res, next) => {
  try {
    const document = await findDocument(req.params.id);
    if (!document) throw notFound();
    if (document.userId !== req.userId) throw forbidden();
    res.json({ id: document.id, status: document.status, score: document.score });
  } catch (error) {
    next(error);
  }
});

/** The user disputes the result: a person looks again. */
documents.post("/:id/review", async (req, res, next) => {
  try {
    const document = await findDocument(req.params.id);
    if (!document) throw notFound();
    if (document.userId !== req.userId) throw forbidden();
    const ticket = await buli2.createReview({
      documentId: document.id,
      documentUrl: await presignDownload(document.storageKey),
      score: document.score,
      callbackUrl,
    });
    await setStatus(document.id, "in_review");
    res.status(202).json(ticket);
  } catch (error) {
    next(error);
  }
});
