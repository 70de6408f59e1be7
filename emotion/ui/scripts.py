"""What the page does in the browser itself, because it must not wait for an answer.

Whatever touches the box of words is here: an answer from the server may come seconds late, and
must not overwrite what the visitor has typed meanwhile.
"""

# After a press: a recording that still goes on is ended, and one that has ended is waited for
# until it is uploaded; Gradio would send nothing in its place. On a phone, what is going on shows
# below the button, which must not be the last thing on the screen.
FINISH = """
async () => {
  const go = document.querySelector("#go"), audio = document.querySelector("#audio");
  if (innerWidth < 900) go.scrollIntoView({ block: "center" });
  const has = (selector) => audio.querySelector(selector);
  const stop = [...audio.querySelectorAll("[class*=stop-button]")].find((one) => one.offsetParent);
  const recorder = "[data-testid=microphone-waveform]";
  if (!stop && (!has(recorder) || has(".record-button"))) return;
  stop?.click();
  go.disabled = true;
  const patience = Date.now() + 30000;
  while (has(recorder) && Date.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  go.disabled = false;
}
"""

# After a voice was given or taken away: the words of the one before go with it, and no others.
MAKE_ROOM = """
(voice, read) => {
  if (!read?.voice || voice?.path === read.voice) return;
  if (!voice) return ["", null];
  if (document.querySelector("#words textarea")?.value === read.words) return ["", read];
}
"""

# After an analysis: the words that were heard, unless the visitor has gone on to other words or
# to another voice.
SETTLE = """
(voice, read) => {
  const words = document.querySelector("#words textarea")?.value;
  if (read && (voice?.path ?? null) === read.voice && words === read.sent) return [read.words];
}
"""

# The voice alone needs no words.
CLOSE_WORDS = "(alone) => ({ interactive: !alone, __type__: 'update' })"

# On a phone the results lie below the button; show them, unless there is a sentence beside it.
TO_RESULTS = """
() => {
  const said = document.querySelector("#message .message");
  const results = document.querySelector("#results");
  if (innerWidth < 900 && results && !said) results.scrollIntoView();
}
"""

# What Python cannot reach: the document's language and title, the names of the two buttons below
# the recorder, and Gradio's own words, by the switch that Gradio's settings page uses. What is
# already there keeps its old words until it is made anew, hence the two clicks.
SPEAK = r"""
async (language) => {
  const said = SAID[language];
  const before = document.documentElement.dataset.spoken ?? navigator.language.slice(0, 2);
  document.documentElement.dataset.spoken = document.documentElement.lang = language;
  document.title = said.title;
  const words = { start: said.live_start, stop: said.live_stop, wait: said.live_wait };
  for (const [name, word] of Object.entries(words)) {
    document.documentElement.style.setProperty(`--live-${name}`, JSON.stringify(word));
  }
  const buttons = [...document.querySelectorAll("#audio .source-selection button")];
  [said.upload, said.record].forEach((name, index) => {
    document.documentElement.style.setProperty(`--source-${index}`, JSON.stringify(name));
    buttons[index]?.setAttribute("aria-label", name);
  });
  const core = performance.getEntriesByType("resource").find((entry) =>
    /\/assets\/core-[^/]*\.js$/.test(entry.name));
  if (!core || before === language) return;
  (await import(core.name)).changeLocale?.(language);
  const idle = document.querySelector("#audio .record-button")?.offsetParent
    || document.querySelector("#audio input[type=file]");
  const other = buttons.find((button) => !button.classList.contains("selected"));
  const chosen = buttons.find((button) => button !== other);
  if (!idle || !other || !chosen) return;
  other.click();
  setTimeout(() => chosen.click(), 50);
}
"""

# As the page opens: remembers how the browser answered when it was last asked for the microphone,
# which Gradio shows for a few seconds only and in its own words. A live recording begins no sooner
# than what encodes it is there: pressed before that, Gradio's component would stand still forever.
# Nor before the recording before it has ended: of what would come of that one after the press, the
# component would make the head of every chunk of the new one, and none could be read.
ASKED = r"""
() => {
  const media = navigator.mediaDevices;
  if (!media || window.microphone) return;
  window.microphone = Promise.resolve("");
  const patched = new WeakSet();
  const endFirst = (Recorder) => {
    if (patched.has(Recorder)) return;
    patched.add(Recorder);
    const { start, stop, addEventListener } = Recorder.prototype;
    const ends = new WeakMap(), wanted = new WeakSet();
    Object.assign(Recorder.prototype, {
      start(...every) {
        wanted.add(this);
        (ends.get(this) ?? Promise.resolve()).then(() => {
          if (wanted.has(this) && this.state === "inactive") start.apply(this, every);
        });
      },
      stop() {
        wanted.delete(this);
        if (this.state === "inactive") return;
        const end = new Promise((done) => this.addEventListener("stop", done, { once: true }));
        ends.set(this, end.then(() => ends.delete(this)));
        stop.call(this);
      },
      addEventListener(kind, hear, ...rest) {
        const heard = (event) => ends.has(this) || hear(event);
        addEventListener.call(this, kind, kind === "dataavailable" ? heard : hear, ...rest);
      },
    });
  };
  const modules = new Set();
  new PerformanceObserver((list) => list.getEntries().forEach(({ name }) => {
    if (/\/assets\/module-[^/]*\.js$/.test(name)) modules.add(name);
  })).observe({ type: "resource", buffered: true });
  const encodes = async () => {
    const parts = await Promise.all([...modules].map((name) => import(name)));
    const recorders = parts.map((part) => part.MediaRecorder).filter(Boolean);
    recorders.forEach(endFirst);
    return recorders.some((one) => one.isTypeSupported("audio/wav"));
  };
  const encoder = async () => {
    const patience = Date.now() + 30000;
    while (document.querySelector("#live_audio .stop-button") && !await encodes()) {
      if (Date.now() > patience) throw new Error("There is no encoder.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = (wanted) => {
    const answer = ask(wanted).then(async (stream) => {
      await encoder();
      return stream;
    });
    window.microphone = answer.then(() => "", (error) => error.name);
    return answer;
  };
}
"""

# As the page opens: the words that its address holds, unless something is written already.
LINKED = """
() => {
  const said = new URLSearchParams(location.search).get("text");
  if (said && !document.querySelector("#words textarea")?.value) return [said.slice(0, 2000)];
}
"""

# As a live recording begins: which one it is, so that what is heard is not joined to the one
# before, and what to do where there is no microphone.
BEGIN = """
async (language) => {
  const said = SAID[language];
  const problem = navigator.mediaDevices ? await window.microphone : "insecure";
  const kind = { NotAllowedError: "live_refused", insecure: "live_insecure" };
  const sentence = problem ? said[kind[problem] ?? "live_no_device"] : "";
  return [{ take: Date.now(), chunks: [] }, sentence];
}
"""

# As a live recording begins: how many seconds are sent at a time. Gradio's component takes its own
# tenth of a second, which is three times the work, until the first chunk has been sent.
LONGER = "() => ({ stream_every: EVERY, __type__: 'update' })"

# As a chunk has been uploaded: the last ones with their numbers, of which the server takes those
# that are new. Alone, a chunk that comes while another waits would be put in its place and lost.
NOTE = """
(chunk, noted) => {
  if (!chunk?.path || !noted) return noted;
  const number = (noted.chunks.at(-1)?.[0] ?? 0) + 1;
  return { ...noted, chunks: [...noted.chunks, [number, chunk.path]].slice(-60) };
}
"""
