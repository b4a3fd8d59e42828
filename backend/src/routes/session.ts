import { Router } from "express";
import { z } from "zod";
import { issueToken } from "../auth/jwt.js";
import { checkPassword } from "../db/users.js";
import { badRequest, unauthorized } from "../errors.js";

const Credentials = z.object({ email: z.string().email(), password: z.string().min(1) });

export const session = Router();

session.post("/", async (req, res, next) => {
  try {
    const parsed = Credentials.safeParse(req.body);
    if (!parsed.success) throw badRequest("E-mail and password, please");
    const userId = await checkPassword(parsed.data.email, parsed.data.password);
    if (!userId) throw unauthorized("Unknown e-mail or wrong password");
    res.json({ token: issueToken(userId) });
  } catch (error) {
    next(error);
  }
});
