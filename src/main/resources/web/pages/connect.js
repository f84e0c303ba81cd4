import { get } from "../api.js";
import { h } from "../dom.js";
import { select } from "../parts.js";

export const title = "Connect Spotify";
export const about = "Once, about five minutes; then once every six months.";
export const filters = [];

export async function render(content, { parameters, signal, listeners }) {
  const now = await get("/status", {}, signal);
  // Spotify takes a loopback address as it is; localhost it refuses.
  const port = window.location.port || "8080";
  const redirect = `http://127.0.0.1:${port}/callback`;
  const chosen = parameters.for ?? "";
  const pasted = h("input", { type: "url", placeholder: `${redirect}?code=…`, "aria-label": "The address that the browser ended at", size: 40, required: true });
  const wrong = h("p", { class: "wrong", role: "alert" });
  content.append(h("div", { class: "grid" },
    h("section", { class: "panel wide", "aria-label": "Set-up" },
      now.app_configured ? "" : h("p", { class: "hint" }, "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set yet: steps 1 to 3 tell where they come from."),
      h("ol", { class: "steps" },
        h("li", {}, h("h3", {}, "Make an app at Spotify"), h("p", {}, "Open ", h("code", {}, "developer.spotify.com/dashboard"), ", log in with a Premium account and choose “Create app”. Name and description are yours; under “Which API” tick “Web API”.")),
        h("li", {}, h("h3", {}, "Give it this redirect URI"), h("p", {}, h("code", { id: "redirect" }, redirect), " ", h("button", { class: "quiet", onclick: () => navigator.clipboard?.writeText(redirect) }, "Copy"))),
        h("li", {}, h("h3", {}, "Tell Tracklog its two keys"), h("p", {}, "In the app's settings, copy client ID and client secret, set them as ", h("code", {}, "SPOTIFY_CLIENT_ID"), " and ", h("code", {}, "SPOTIFY_CLIENT_SECRET"), ", and start Tracklog again. Other listeners than the app's owner must be added under “User management” (five an app).")),
        h("li", {}, h("h3", {}, "Connect"),
          listeners.length > 1 ? select("Listener", [["", "By the Spotify account"], ...listeners.map((one) => [String(one.listener_id), one.name])], chosen, (value) => { window.location.hash = `#/connect${value ? `?for=${value}` : ""}`; }) : "",
          h("p", { class: "row" }, h("a", { class: "button primary", href: `connect${chosen ? `?listener=${chosen}` : ""}`, target: "_self" }, "Connect Spotify")),
          h("p", {}, "Tracklog asks for one permission only: to read what was recently played.")))),
    h("section", { class: "panel wide", "aria-label": "Elsewhere" }, h("h2", {}, "Does Tracklog run on another machine?"),
      h("p", {}, "After you have agreed, Spotify sends the browser to 127.0.0.1, which is then the wrong machine, and it shows an error. Copy the address that it ended at, all of it, and paste it here within ten minutes:"),
      h("form", {
        class: "row",
        onsubmit: (event) => {
          event.preventDefault();
          const query = new URLSearchParams(URL.canParse(pasted.value) ? new URL(pasted.value).search : "");
          if (!query.get("state") || !(query.get("code") || query.get("error"))) {
            wrong.textContent = "This is not the address: it has “code=” and “state=” in it.";
            return;
          }
          window.location.assign(`callback?${query}`);
        },
      }, pasted, h("button", { class: "primary" }, "Finish")), wrong)));
}
