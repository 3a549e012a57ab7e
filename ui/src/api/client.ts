// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** An answer of the server that says what went wrong, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = type;
  }
}

export interface Answer<T> {
  data: T;
  warnings: string[];
  infos: string[];
}

export type ParameterValue = string | number | boolean | readonly string[] | undefined;
export type Parameters = Record<string, ParameterValue>;

export const TENANT_HEADER = 'X-Scope-OrgID';

let currentTenant = '';
let onUnauthorized: () => void = () => {};

/** Whose data is asked for; empty for the server's default. */
export function tenantNow(): string {
  return currentTenant;
}

/** The tenant that every request names; empty for the server's default. */
export function setTenant(tenant: string): void {
  currentTenant = tenant;
}

/** Called when the server wants credentials. */
export function setUnauthorizedListener(listener: () => void): void {
  onUnauthorized = listener;
}

export function encodeParameters(parameters: Parameters): string {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) encoded.append(name, String(one));
  }
  return encoded.toString();
}

/** A command that asks the same of the server. */
export function asCurl(origin: string, path: string, parameters: Parameters, tenant = currentTenant): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const words = ['curl', '-G', quote(origin + path)];
  if (tenant) words.push('-H', quote(`${TENANT_HEADER}: ${tenant}`));
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) words.push('--data-urlencode', quote(`${name}=${one}`));
  }
  return words.join(' ');
}

/** Longer addresses are sent as a form. */
const LONGEST_ADDRESS = 4000;

const FORM_PATHS =
  /^(\/api\/v1\/(query|query_range|query_exemplars|series|labels|format_query|parse_query)|\/loki\/api\/v1\/(query|query_range|series|patterns|index\/\w+|detected_fields))$/;

export interface Options {
  signal?: AbortSignal;
  method?: 'GET' | 'POST' | 'DELETE' | 'PUT';
  json?: unknown;
  headers?: Record<string, string>;
}

/** Asks the server; an answer that is not a success becomes an {@link ApiError}. */
export async function request(path: string, parameters: Parameters = {}, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (currentTenant) headers[TENANT_HEADER] = currentTenant;
  const encoded = encodeParameters(parameters);
  let method = options.method ?? 'GET';
  let url = encoded ? `${path}?${encoded}` : path;
  let body: string | undefined;
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.json);
  } else if (method === 'GET' && url.length > LONGEST_ADDRESS && FORM_PATHS.test(path)) {
    method = 'POST';
    url = path;
    body = encoded;
    headers['Content-Type'] = 'application/x-www-form-urlencoded';
  }
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body, signal: options.signal, credentials: 'same-origin' });
  } catch (e) {
    if (options.signal?.aborted) throw e;
    throw new ApiError(0, 'unreachable', 'The server does not answer. Is it still running?');
  }
  if (!response.ok) {
    if (response.status === 401) onUnauthorized();
    throw await errorOf(response);
  }
  return response;
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = (await response.text()).trim();
  try {
    const parsed = JSON.parse(text) as { errorType?: string; error?: string; message?: string };
    const message = parsed.error ?? parsed.message;
    if (message) return new ApiError(response.status, parsed.errorType ?? '', message);
  } catch {
    // Plain text, as most of the server's own endpoints answer.
  }
  return new ApiError(response.status, '', text || `HTTP ${response.status} ${response.statusText}`);
}

/** As {@link request}, for endpoints that answer `{status, data}`. */
export async function api<T>(path: string, parameters: Parameters = {}, options: Options = {}): Promise<Answer<T>> {
  const response = await request(path, parameters, options);
  const parsed = (await response.json()) as { data: T; warnings?: string[]; infos?: string[] };
  return { data: parsed.data, warnings: parsed.warnings ?? [], infos: parsed.infos ?? [] };
}
