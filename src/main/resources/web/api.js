const BASE = "api/v1";

/** What the API says is wrong, and what to do about it. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(given).toString();
  return `${BASE}${path}${query && `?${query}`}`;
}

async function answered(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({}));
  // A wrong password is the form's to tell.
  if (response.status === 401 && !response.url.endsWith("/session")) window.dispatchEvent(new Event("login-needed"));
  throw new Problem(response.status, problem.title || response.statusText, problem.detail);
}

async function send(url, options) {
  try {
    return await answered(await fetch(url, options));
  } catch (error) {
    if (error instanceof Problem || error.name === "AbortError") throw error;
    throw new Problem(0, "No answer", "Tracklog does not answer. Is it running?");
  }
}

const asked = new Map();
/** In milliseconds: whoever asks later does so anew, since the first request may hang. */
const SHARED_FOR = 500;

/** Two panels of a page that ask the same at once share one answer. */
export function get(path, parameters, signal) {
  const url = address(path, parameters);
  const same = asked.get(url);
  if (same && same.signal === signal) return same.answer;
  const forget = () => { if (asked.get(url)?.answer === answer) asked.delete(url); };
  const answer = send(url, { headers: { Accept: "application/json" }, signal }).finally(forget);
  asked.set(url, { answer, signal });
  setTimeout(forget, SHARED_FOR);
  return answer;
}

/** The whole answer as CSV, however many pages it has; tells after each how many there were. */
export async function csv(path, parameters, onPage) {
  const pages = [];
  for (let url = address(path, { ...parameters, limit: 1000, format: "csv" }); url;) {
    const response = await fetch(url);
    if (!response.ok) await answered(response);
    const rows = await response.text();
    pages.push(pages.length === 0 ? rows : rows.slice(rows.indexOf("\n") + 1));
    const next = response.headers.get("Link")?.match(/<(.*)>; rel="next"/);
    url = next && new URL(next[1], response.url);
    onPage(pages.length);
  }
  return new Blob(pages, { type: "text/csv" });
}

export function change(method, path, body) {
  return send(address(path), {
    method,
    headers: { "Content-Type": "application/json", "X-Tracklog": "1" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** Streams a file into the inbox; fetch cannot tell how far an upload is, so this is the older interface. */
export function upload(file, parameters, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("/uploads", { ...parameters, name: file.name }));
    request.setRequestHeader("X-Tracklog", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () => reject(new Problem(0, "No answer", "The connection was lost. Drop the file again."));
    request.onload = () => {
      let body = {};
      try { body = JSON.parse(request.responseText); } catch { /* the status says enough */ }
      if (request.status === 201) resolve(body);
      else reject(new Problem(request.status, body.title || request.statusText, body.detail));
    };
    request.send(file);
  });
}
