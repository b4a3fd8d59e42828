export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

export const badRequest = (message: string): HttpError => new HttpError(400, message);
export const unauthorized = (message = "Not signed in"): HttpError => new HttpError(401, message);
export const forbidden = (message = "Not allowed"): HttpError => new HttpError(403, message);
export const notFound = (message = "Not found"): HttpError => new HttpError(404, message);
