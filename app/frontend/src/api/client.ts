// The only place that fetches: same site, and every failure an ApiError.

export class ApiError extends Error {
  readonly status: number;
  /** The server's problem document (RFC 9457), if it sent one. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(message: string, status: number, problem: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

/** Fetch JSON from a path of this site. Rejects with ApiError for any status but success. */
export async function getJson(path: string, signal?: AbortSignal): Promise<unknown> {
  const response = await ask(path, { accept: 'application/json' }, signal);
  return response.json();
}

/** Fetch bytes; null where the server says that there are none (204). */
export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer | null> {
  const response = await ask(path, { accept: 'application/vnd.mapbox-vector-tile' }, signal);
  return response.status === 204 ? null : response.arrayBuffer();
}

/** Fetch a part of a page, named to the server by a header; answers with where it came from. */
export async function getFragment(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<{ readonly text: string; readonly address: string }> {
  const response = await ask(path, { accept: 'text/html', 'x-fragment': name }, signal);
  return { text: await response.text(), address: response.url };
}

/** Send a form, and answer with a part of its page, named to the server by a header; null where
 * it leads elsewhere. */
export async function postForm(
  path: string,
  name: string,
  form: URLSearchParams,
  signal?: AbortSignal,
): Promise<string | null> {
  const response = await ask(path, { accept: 'text/html', 'x-fragment': name }, signal, form);
  return response.redirected ? null : response.text();
}

async function ask(
  path: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
  form?: URLSearchParams,
): Promise<Response> {
  const response = await fetch(path, {
    headers,
    ...(form ? { method: 'POST', body: form } : {}),
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
  });
  if (response.ok) return response;
  throw new ApiError(
    `${path} answered ${String(response.status)}`,
    response.status,
    await readProblem(response),
  );
}

async function readProblem(response: Response): Promise<Record<string, unknown>> {
  try {
    const problem: unknown = await response.json();
    return typeof problem === 'object' && problem !== null ? { ...problem } : {};
  } catch {
    // Whatever stands between us and the service may answer in words of its own.
    return {};
  }
}
