declare global {
  namespace Express {
    interface Request {
      /** The bytes as received; signature checks need them unparsed. */
      rawBody?: Buffer;
      userId?: string;
    }
  }
}

export {};
