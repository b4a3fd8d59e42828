import type { NextFunction, Request, Response } from "express";
import { unauthorized } from "../errors.js";
import { verifyToken } from "./jwt.js";

export function requireUser(req: Request, _res: Response, next: NextFunction): void {
  const [scheme, token] = (req.get("authorization") ?? "").split(" ");
  if (scheme !== "Bearer" || !token) return next(unauthorized());
  try {
    req.userId = verifyToken(token);
  } catch {
    return next(unauthorized("Session expired"));
  }
  next(req.userId ? undefined : unauthorized());
}
