// The only place that fetches: same site, JSON, and every failure an ApiError.

export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Fetch JSON from a path of this site. Rejects with ApiError for any status but success. */
export async function getJson(path: string, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new ApiError(`${path} answered ${String(response.status)}`, response.status);
  return response.json();
}
