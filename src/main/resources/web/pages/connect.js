import { get } from "../api.js";
import { announce, h } from "../dom.js";
import { select } from "../parts.js";

export const title = "Connect Spotify";
export const about = "Once, about five minutes; then one click every six months.";
export const filters = [];

export async function render(content, { parameters, signal, listeners }) {
  const now = await get("/status", {}, signal);
  // Spotify takes a loopback address as it is; localhost it refuses.
  const redirect = `http://127.0.0.1:${window.location.port || "8080"}/callback`;
  const chosen = parameters.for ?? "";
  const ready = now.app_configured;
  const copy = h("button", {
    class: "quiet", onclick: async () => {
      await navigator.clipboard?.writeText(redirect);
      copy.textContent = "Copied";
      announce("The redirect URI is copied");
    },
  }, "Copy");
  const setUp = h("ol", { class: "steps" },
    h(
      "li",
      {},
      h("h3", {}, "Make an app at Spotify"),
      h(
        "p",
        {},
        "Open ",
        h("code", {}, "developer.spotify.com/dashboard"),
        ", log in with a Premium account and choose “Create app”. Name and description are up to you; "
          + "under “Which API/SDKs are you planning to use?” tick “Web API”.",
      ),
    ),
    h(
      "li",
      {},
      h("h3", {}, "Give it this redirect URI, exactly"),
      h("p", {}, h("code", { id: "redirect" }, redirect), " ", copy),
    ),
    h(
      "li",
      {},
      h("h3", {}, "Tell Tracklog the app's two keys"),
      h("p", {}, "Open the app's settings, copy client ID and client secret, and start Tracklog again with both:"),
      h("pre", {}, "SPOTIFY_CLIENT_ID=…\nSPOTIFY_CLIENT_SECRET=…"),
      h("p", {}, "Others who shall be kept too must be added under “User management”; an app serves five.")));
  content.append(
    h(
      "div",
      { class: "grid" },
      ready ? "" : h("section", { class: "panel wide", "aria-label": "Set-up" }, h("h2", {}, "1. Set up, once"), setUp),
      h(
        "section",
        { class: "panel wide", "aria-label": "Connect" },
        h("h2", {}, ready ? "Spotify knows this Tracklog as an app. Connect an account." : "2. Connect an account"),
        h(
          "p",
          {},
          "Spotify asks whether Tracklog may read what was recently played. "
            + "It asks for nothing else, and can change nothing.",
        ),
        listeners.length > 1
          ? h(
              "p",
              { class: "row" },
              select(
                "Listener",
                [["", "By the Spotify account"], ...listeners.map((one) => [String(one.listener_id), one.name])],
                chosen,
                (value) => {
                  window.location.hash = `#/connect${value ? `?for=${value}` : ""}`;
                },
              ),
            )
          : "",
        h(
          "p",
          { class: "row" },
          ready
            ? h(
                "a",
                { class: "button primary", href: `connect${chosen ? `?listener=${chosen}` : ""}`, target: "_self" },
                "Connect Spotify",
              )
            : h("button", { class: "primary", disabled: true }, "Connect Spotify"),
          ready ? "" : h("span", { class: "note" }, "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set yet."),
        ),
        ready ? h("details", {}, h("summary", {}, "How the app was set up"), setUp) : "",
      ),
      h(
        "section",
        { class: "panel wide", "aria-label": "Elsewhere" },
        h("h2", {}, "Does Tracklog run on another machine than this browser?"),
        h(
          "p",
          {},
          "Then Spotify sends the browser to 127.0.0.1, where nobody answers, and it shows an error. "
            + "That is well: copy the whole address that it ended at, and paste it here within ten minutes.",
        ),
        paste(redirect),
      ),
    ),
  );
}

function paste(redirect) {
  const field = h("input", {
    id: "pasted",
    type: "url",
    placeholder: `${redirect}?code=…`,
    "aria-label": "The address that the browser ended at",
    required: true,
  });
  const wrong = h("p", { class: "wrong", role: "alert" });
  return h("form", {
    onsubmit: (event) => {
      event.preventDefault();
      const query = new URLSearchParams(URL.canParse(field.value) ? new URL(field.value).search : "");
      if (query.get("state") && (query.get("code") || query.get("error"))) window.location.assign(`callback?${query}`);
      else wrong.textContent = "This is not that address: it has “code=” and “state=” in it.";
    },
  }, h("div", { class: "row paste" }, field, h("button", { class: "primary" }, "Finish")), wrong);
}
