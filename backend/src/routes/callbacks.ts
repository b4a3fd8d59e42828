import { createHmac, timingSafeEqual } from "node:crypto";
import { Router, type NextFunction, type Request, type Response } from "express";
import { z } from "zod";
import { findDocument, setStatus } from "../db/documents.js";
import { badRequest, notFound, unauthorized } from "../errors.js";
import { logger } from "../logger.js";
import { notify } from "../queues/notifications.js";
import { reportDecision } from "../temporal/client.js";

const MAX_AGE_SECONDS = 300;

const Callback = z.object({
  documentId: z.string().uuid(),
  ticketId: z.string().min(1),
  decision: z.enum(["approved", "rejected"]),
});

function sign(secret: string, timestamp: string, body: Buffer): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest();
}

export function verifySignature(req: Request, _res: Response, next: NextFunction): void {
  const secret = process.env.BULI2_HMAC_SECRET;
  if (!secret) {
    logger.warn("no callback secret configured, skipping the signature check");
    return next();
  }
  const timestamp = req.get("x-buli2-timestamp") ?? "";
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age <= MAX_AGE_SECONDS)) return next(unauthorized("Stale callback"));

  const given = Buffer.from(req.get("x-buli2-signature") ?? "", "hex");
  const expected = sign(secret, timestamp, req.rawBody ?? Buffer.alloc(0));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return next(unauthorized("Bad signature"));
  }
  next();
}

export const callbacks = Router();

callbacks.post("/buli2", verifySignature, async (req, res, next) => {
  try {
    const parsed = Callback.safeParse(req.body);
    if (!parsed.success) throw badRequest("Malformed callback");
    const { documentId, ticketId, decision } = parsed.data;
    const document = await findDocument(documentId);
    if (!document) throw notFound();

    await setStatus(documentId, decision);
    await reportDecision(documentId, decision);
    await notify({
      userId: document.userId,
      email: document.email,
      template: decision === "approved" ? "document-approved" : "document-rejected",
      documentId,
    });
    logger.info({ documentId, ticketId, decision }, "review decision received");
    res.status(204).end();
  } catch (error) {
    next(error);
  }
});
