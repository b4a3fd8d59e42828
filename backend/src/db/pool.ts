import { Pool } from "pg";
import { readInt, readVar } from "../config/env.js";

function connectionString(): string {
  if (process.env.NODE_ENV !== "production") {
    return process.env.DATABASE_URL || "postgresql://filot@localhost:5432/filot";
  }
  return readVar("DATABASE_URL");
}

export const pool = new Pool({
  connectionString: connectionString(),
  max: readInt("DB_POOL_MAX", "10"),
  statement_timeout: readInt("DB_STATEMENT_TIMEOUT_MS", "5000"),
  application_name: "filot-api",
});
