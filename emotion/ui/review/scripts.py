"""What the Review tab does in the browser itself: the sound, the plane, and every key."""

import json

from emotion.labels import LABELS
from emotion.ui.review.text import REVIEW

PRESS = "review_press"  # the name of the event by which the page decides

# Once, as the page opens. What is placed and looped lives here; the server hears of it with the
# decision, so that neither waits for an answer.
PREPARE = (
    r"""
() => {
  const LABELS = ALL_LABELS, UNSAVED = ALL_UNSAVED;
  if (window.review) return;
  const find = (selector) => document.querySelector(selector);
  const review = window.review = { place: null, loop: null, busy: 0, shown: "", n: 0 };
  const sound = () => find("#review_player audio");
  const near = (value) => Math.max(-1, Math.min(1, Math.round(value * 20) / 20));
  const PATIENCE = 10000; // after that an answer is not waited for any more
  const REST = 400; // on one clip, before what the model heard is drawn: who is quick needs none
  const HOLD = 60000; // between two looks whether a clip is still listened to

  const show = (place) => {
    review.place = place;
    const point = find("#review_plane .place");
    if (!point) return;
    point.setAttribute("visibility", place ? "visible" : "hidden");
    if (place) {
      point.setAttribute("cx", 100 * place[0]);
      point.setAttribute("cy", -100 * place[1]);
    }
    const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(2);
    find("#review_placed").textContent = place ? place.map(signed).join(" · ") : "";
  };

  const mark = () => {
    const wave = find("#review_wave"), audio = sound();
    if (!wave || !audio) return;
    const share = (second) => `${100 * second / wave.dataset.seconds}%`;
    const [start, end] = review.loop ?? [0, 0];
    const stretch = wave.querySelector(".stretch");
    stretch.style.left = share(start);
    stretch.style.width = share(end - start);
    wave.querySelector(".cursor").style.left = share(audio.currentTime);
    find("#review_play").classList.toggle("plays", !audio.paused);
  };
  const follow = () => {
    const audio = sound();
    if (!audio) return;
    if (review.loop && !audio.paused && audio.currentTime >= review.loop[1]) {
      audio.currentTime = review.loop[0];
    }
    mark();
    if (!audio.paused) requestAnimationFrame(follow);
  };
  const play = () => {
    const audio = sound();
    if (!audio) return;
    if (!audio.paused) return audio.pause();
    const [start, end] = review.loop ?? [0, Infinity];
    if (audio.ended || audio.currentTime < start || audio.currentTime >= end) {
      audio.currentTime = start;
    }
    audio.play().then(follow, () => {});
  };
  const seek = (seconds) => {
    const audio = sound();
    if (audio) audio.currentTime = Math.max(0, audio.currentTime + seconds);
    mark();
  };
  const loop = (edge) => {
    const audio = sound(), wave = find("#review_wave");
    if (!audio || !wave) return;
    const [start, end] = review.loop ?? [0, Number(wave.dataset.seconds)];
    const marked = edge ? [start, audio.currentTime] : [audio.currentTime, end];
    review.loop = marked[1] > marked[0] ? marked : null;
    mark();
  };
  const whole = () => { review.loop = null; mark(); };

  // Events of media do not rise, but can be caught on their way down.
  for (const name of ["pause", "ended", "loadedmetadata"]) {
    document.addEventListener(name, ({ target }) => {
      if (target !== sound()) return;
      if (name === "ended" && review.loop) play();
      mark();
    }, true);
  }

  let begun = null;
  const second = (wave, event) => {
    const box = wave.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return share * wave.dataset.seconds;
  };
  document.addEventListener("pointerdown", (event) => {
    const wave = event.target.closest?.("#review_wave");
    if (!wave) return;
    begun = second(wave, event);
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    const wave = find("#review_wave");
    if (begun === null || !wave) return;
    const at = second(wave, event);
    review.loop = Math.abs(at - begun) > 0.05 ? [Math.min(at, begun), Math.max(at, begun)] : null;
    mark();
  });
  document.addEventListener("pointerup", () => {
    const audio = sound();
    if (begun !== null && audio) audio.currentTime = review.loop ? review.loop[0] : begun;
    begun = null;
    mark();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#review_play")) return play();
    const plane = event.target.closest?.("#review_plane svg");
    if (!plane) return;
    const at = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(plane.getScreenCTM().inverse());
    show([near(at.x / 100), near(-at.y / 100)]);
  });

  let resting = 0, used = 0, held = 0;
  const draw = review.draw = () => {
    clearTimeout(resting);
    if (find("#review_clip")?.dataset.drawn !== "0") return;
    resting = setTimeout(() => find("#review_draw")?.click(), REST);
  };
  for (const name of ["keydown", "pointerdown", "timeupdate"]) {
    document.addEventListener(name, () => { used = Date.now(); }, true);
  }
  setInterval(() => {
    if (used < held || !find("#review_clip")?.offsetParent) return;
    held = Date.now();
    find("#review_hold")?.click();
  }, HOLD);

  review.drawn = (drawn) => {
    const clip = find("#review_clip");
    // What was asked for before the model's opinion was hidden may come after.
    if (clip?.dataset.drawn !== "0") return;
    if (drawn?.clip === clip.dataset.clip) clip.dataset.drawn = "1";
  };

  // What comes of a clip is put in its place here. A place that is not there yet, as on a tab that
  // nobody has looked at, gets its piece as it appears.
  const pieces = {};
  review.lay = () => {
    for (const [name, piece] of Object.entries(pieces)) {
      const spot = find(`[data-piece=${name}]`);
      if (!spot || spot.laid === piece) continue;
      spot.innerHTML = spot.laid = piece;
    }
  };
  const boxes = () => [...document.querySelectorAll("#review_labels input[type=checkbox]")];
  const note = () => find("#review_note textarea, #review_note input");
  const fill = ({ labels, note: written }) => {
    boxes().forEach((box, n) => { if (box.checked !== labels.includes(LABELS[n])) box.click(); });
    const field = note();
    if (!field || field.value === written) return;
    field.value = written;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  review.told = (turn) => {
    if (!(turn?.n > review.n)) return; // said before
    review.n = turn.n;
    review.session = turn.session;
    Object.assign(pieces, turn.pieces);
    review.lay();
    if (turn.labels) fill(turn);
    if (turn.order) find("#review_reorder")?.click();
  };
  review.begin = () => { review.busy = Date.now(); };
  review.arrived = (turn) => {
    review.told(turn);
    review.busy = 0;
    const clip = find("#review_clip");
    const shown = clip ? `${clip.dataset.clip} ${clip.dataset.former ?? ""}` : "";
    const here = clip?.offsetParent;
    // So that the next key is the clip's, and not that of what was pressed or chosen from.
    if (here && !document.activeElement?.matches("textarea")) clip.focus({ preventScroll: true });
    draw();
    if (shown === review.shown) return;
    review.shown = shown;
    review.loop = null;
    const { valence, arousal } = clip?.dataset ?? {};
    show(valence === undefined ? null : [Number(valence), Number(arousal)]);
    mark();
    if (!here) return;
    if (innerWidth < 900) clip.scrollIntoView();
    if (find("#review_autoplay input")?.checked) play();
  };

  const asked = (what) => ({
    what,
    clip: find("#review_clip")?.dataset.clip ?? null,
    place: review.place,
    labels: LABELS.filter((_, n) => boxes()[n]?.checked),
    note: note()?.value ?? "",
    listed: Boolean(find("#review_conflict_list")?.offsetParent),
  });
  // The answer to a decision says that it is on the disk; until then the clip stays before them.
  const ask = async (what) => {
    review.begin();
    const { lang } = document.documentElement;
    try {
      const answer = await fetch("gradio_api/run/PRESS", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ data: [null, asked(what), lang], session_hash: review.session }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      const [, turn] = (await answer.json()).data;
      review.arrived(turn);
    } catch {
      review.busy = 0;
      pieces.message = `<p class="message fault" role="alert">${UNSAVED[lang]}</p>`;
      review.lay();
    }
  };
  const press = (what) => () => {
    if (review.session && Date.now() - review.busy > PATIENCE) ask(what);
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".decisions button");
    if (button) press(button.id.replace("review_", ""))();
  });
  const step = (across, up) => () => {
    const [valence, arousal] = review.place ?? [0, 0];
    show([near(valence + across), near(arousal + up)]);
  };
  const enter = () => press(find("#review_clip").dataset.said === "1" ? "next" : "relabel")();
  const KEYS = {
    Space: play, KeyK: press("keep"), Enter: enter, NumpadEnter: enter, KeyU: press("unclear"),
    KeyS: press("skip"), KeyZ: press("undo"), KeyX: () => show(null), KeyL: whole,
    BracketLeft: () => loop(0), BracketRight: () => loop(1),
    Comma: () => seek(-0.5), Period: () => seek(0.5),
    ArrowLeft: step(-0.1, 0), ArrowRight: step(0.1, 0),
    ArrowUp: step(0, 0.1), ArrowDown: step(0, -0.1),
    KeyN: () => note()?.focus(),
  };
  for (let digit = 1; digit <= 7; digit++) {
    KEYS[`Digit${digit}`] = KEYS[`Numpad${digit}`] = () => {
      if (review.busy) return; // the choice would be of a clip that is about to go
      boxes()[digit - 1]?.click();
    };
  }
  document.addEventListener("keydown", (event) => {
    const { target, code } = event, shown = find("#review_clip");
    if (!shown?.offsetParent || event.ctrlKey || event.metaKey || event.altKey) return;
    const kind = target.type ?? "", chosen = ["checkbox", "radio"].includes(kind);
    const writes = target.matches("input, textarea, select, [contenteditable=true]") && !chosen;
    if (writes) {
      if (code === "Escape") shown.focus({ preventScroll: true });
      return;
    }
    // What has the focus keeps the keys that work it.
    const works = target.closest("button, a, summary, [role=tab]") || chosen;
    if (works && ["Space", "Enter", "NumpadEnter"].includes(code)) return;
    if ((kind === "radio" || target.closest("[role=tab]")) && code.startsWith("Arrow")) return;
    if (!KEYS[code] || (event.repeat && !/^Arrow|Comma|Period/.test(code))) return;
    event.preventDefault();
    KEYS[code]();
  });
}
""".replace("PRESS", PRESS)
    .replace("ALL_LABELS", json.dumps(LABELS))
    .replace("ALL_UNSAVED", json.dumps({code: said["unsaved"] for code, said in REVIEW.items()}))
)


BEGIN = "(...given) => { window.review.begin(); return given; }"
ARRIVED = "(turn) => window.review.arrived(turn)"
TOLD = "(turn) => window.review?.told(turn)"
DRAWN = "(drawn) => window.review.drawn(drawn)"
DRAW = "() => window.review?.draw()"

# What is ready to be taken out is taken out at once.
SAVE = """
(file) => {
  if (!file?.url) return;
  const link = document.createElement("a");
  link.href = file.url;
  link.download = file.orig_name ?? "";
  link.click();
}
"""
