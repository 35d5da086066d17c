// The server's REST, with the token that was typed in: it is kept for this tab alone, and never stands in an address.
import { el } from "../dom";

const key = "layerbench-token";

export interface Mark {
  line: number;
  column: number;
}

export interface SpecError {
  path: string;
  message: string;
  mark: Mark;
}

/** What the server says is wrong, in its words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: SpecError[] = [],
    readonly notes: string[] = [],
  ) {
    super(detail);
  }
}

export const hasToken = (): boolean => sessionStorage.getItem(key) !== null;
export const keepToken = (token: string): void => sessionStorage.setItem(key, token);
export const forgetToken = (): void => sessionStorage.removeItem(key);

export const api = "/api/v1";
export const sweepPath = (id: string, rest = ""): string => `${api}/sweeps/${encodeURIComponent(id)}${rest}`;

/** The response where it is good. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = sessionStorage.getItem(key);
  if (token !== null) {
    headers.set("Authorization", `Bearer ${token}`);
  }
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, cache: "no-store" });
  } catch (error) {
    if (init.signal?.aborted) {
      throw error;
    }
    throw new ApiError(0, "The server does not answer.");
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

async function problem(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { detail?: string; errors?: SpecError[]; notes?: string[] };
    return new ApiError(response.status, body.detail ?? response.statusText, body.errors, body.notes);
  } catch {
    return new ApiError(response.status, `The server answered ${response.status} ${response.statusText}.`);
  }
}

/** Opens a page of the server's in another tab, with the token in the body of a form: a browser sends no header then. */
export function open(path: string): void {
  const token = sessionStorage.getItem(key);
  const form = el(
    "form",
    { method: "post", action: path, target: "_blank", rel: "noopener" },
    ...(token === null ? [] : [el("input", { type: "hidden", name: "access_token", value: token })]),
  );
  document.body.append(form);
  form.submit();
  form.remove();
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal ? { signal } : {});
  return (response.status === 204 ? null : await response.json()) as T;
}

export async function post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method: "POST" };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  if (signal) {
    init.signal = signal;
  }
  return (await (await request(path, init)).json()) as T;
}

export const query = (values: Record<string, string | number | undefined>): string => {
  const given = Object.entries(values).filter(([, v]) => v !== undefined && v !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString()}`;
};
