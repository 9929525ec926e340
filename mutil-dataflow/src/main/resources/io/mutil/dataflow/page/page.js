"use strict";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
const SILENCE = 5000;
const HISTORY = 60;

const byId = id => document.getElementById(id);
const cards = new Map();
let pause = FIRST_PAUSE;
let retryAt = 0;
let silence = 0;
let picture = null;
let spoken = "";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en");
const short = number => compact.format(number).toLowerCase();
const perSecond = rate => (rate === null ? "–" : short(rate) + "/s");
const percent = share => (share === null ? "–" : Math.round(share) + " %");

/** Changes the text only where it differs, so that a selection and a reader's place survive. */
function put(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const WORDS = { fine: "keeps up" };
const wordOf = condition => WORDS[condition] || condition;

function stateOf(level) {
  const words = level.conditions.map(wordOf).join(", ");
  return level.error ? `${words}: ${level.error}` : words;
}

function makeCard(level) {
  const item = byId("level").content.cloneNode(true).querySelector("li");
  item.dataset.level = level.name;
  item.dataset.kind = level.kind;
  const fields = new Map();
  for (const field of item.querySelectorAll("[data-of]")) {
    const name = field.dataset.of;
    fields.set(name, [...(fields.get(name) || []), field]);
  }
  byId("levels").append(item);
  return { item, fields, history: [] };
}

function rebuild(levels) {
  byId("levels").replaceChildren();
  cards.clear();
  levels.forEach(level => cards.set(level.name, makeCard(level)));
  arrange(levels);
}

/** Into as few lines as there is room for, which are read like lines of text. */
function arrange(levels) {
  const scroller = byId("scroller");
  let lines = 1;
  place(levels, lines);
  while (scroller.scrollWidth > scroller.clientWidth && lines < levels.length) {
    place(levels, ++lines);
  }
  const turn = document.querySelector(".turns");
  byId("levels").style.setProperty("--across", `${turn ? turn.offsetLeft + turn.offsetWidth - byId("levels").offsetLeft : 0}px`);
}

/** Levels that the same one sends to stand below each other. */
function place(levels, lines) {
  const branches = levels.filter(level => level.kind === "egress").length;
  const columns = levels.length - branches + 1;
  const perLine = Math.ceil(columns / lines);
  byId("levels").classList.toggle("wrapped", lines > 1);
  levels.forEach((level, index) => {
    const { item } = cards.get(level.name);
    const column = Math.min(index, columns - 1);
    const branch = index - columns + 1;
    const line = Math.floor(column / perLine);
    const height = branch < 0 && columns - 1 < (line + 1) * perLine ? branches : 1;
    const mark = (name, applies) => item.classList.toggle(name, applies);
    item.style.gridColumn = (column % perLine) + 1;
    item.style.gridRow = `${line + 1 + Math.max(0, branch)} / span ${height}`;
    mark("turns", column < columns - 1 && column % perLine === perLine - 1);
    mark("starts", line > 0 && column % perLine === 0 && branch <= 0);
    mark("split", branch >= 0 && branches > 1);
    mark("forks", index === columns - 2 && branches > 1 && !item.classList.contains("turns"));
    mark("first", branch === 0);
    mark("last", branch === branches - 1);
  });
}

function show(card, level) {
  const { item, fields } = card;
  const set = (name, text) => (fields.get(name) || []).forEach(field => put(field, text));
  set("name", level.name);
  set("kind", level.kind === "workers" ? `${whole.format(level.width)} ${level.width === 1 ? "worker" : "workers"}` : level.kind);
  set("state", stateOf(level));
  set("in", perSecond(level.in));
  set("out", perSecond(level.out));
  for (const total of ["received", "sent", "errors", "discarded", "restarts", "connections"]) {
    set(total, whole.format(level[total]));
  }
  alarm(fields, "errorRate", level.errorRate);
  alarm(fields, "discardRate", level.discardRate);
  if (level.way) {
    showWay(card, level.way, level.in);
  }
  item.dataset.state = level.conditions[0].replace(" ", "-");
  draw(card, level.kind === "ingress" ? level.out : level.in);
}

function alarm(fields, name, rate) {
  for (const field of fields.get(name)) {
    put(field, perSecond(rate));
    field.classList.toggle("alarm", rate > 0);
  }
}

function showWay({ item, fields }, way, rate) {
  const set = (name, text) => fields.get(name).forEach(field => put(field, text));
  set("from", way.from);
  set("wayRate", perSecond(rate));
  set("fill", percent(way.fill));
  set("waiting", percent(way.waiting));
  for (const total of ["dropped", "filtered", "blocked", "queued"]) {
    set(total, whole.format(way[total]));
  }
  set("queues", `${whole.format(way.queues)} × ${whole.format(way.capacity)}`);
  set("whenFull", way.whenFull);
  alarm(fields, "dropRate", way.dropRate);
  item.querySelector(".bar div").style.width = `${way.fill}%`;
  item.classList.toggle("congested", way.waiting >= 50 || way.dropRate > 0);
  item.classList.toggle("moving", rate > 0);
}

/** The last minute of a rate. */
function draw({ item, history }, rate) {
  if (rate === null) {
    return;
  }
  history.push(rate);
  history.splice(0, history.length - HISTORY);
  const top = Math.max(...history, 1);
  const points = history.map((value, i) => `${HISTORY - history.length + i + 1},${19 - (18 * value) / top}`);
  item.querySelector("polyline").setAttribute("points", points.join(" "));
}

const sum = (levels, value) => levels.reduce((total, level) => (value(level) === null ? total : total + value(level)), 0);

function verdict() {
  const { phase, error, levels } = picture;
  const having = condition => levels.filter(level => level.conditions.includes(condition)).map(level => level.name);
  const sentences = [];
  if (phase === "ended") {
    sentences.push(error ? `The topology has ended with an error: ${error}.` : "The topology has ended.");
  } else if (phase === "ending") {
    sentences.push("The topology is ending; what is on its way is worked off.");
  } else if (error) {
    sentences.push(`The topology is ending because of an error: ${error}.`);
  }
  for (const condition of ["died", "failing", "not connected", "slow"]) {
    const names = having(condition);
    if (names.length > 0) {
      sentences.push(`${names.join(", ")} ${condition === "died" ? "" : names.length > 1 ? "are " : "is "}${condition}.`);
    }
  }
  return sentences.length > 0 ? sentences.join(" ") : "Every level keeps up.";
}

/** Only what changes is spoken, and no number. */
function announce(text) {
  if (text !== spoken) {
    spoken = text;
    byId("announcement").textContent = text;
  }
}

function onPicture(next) {
  const names = levels => levels.map(level => `${level.name} ${level.kind}`).join();
  if (!picture || picture.name !== next.name || names(picture.levels) !== names(next.levels)) {
    rebuild(next.levels);
  }
  picture = next;
  put(byId("name"), next.name);
  document.title = `${next.name}: ${verdict()}`;
  next.levels.forEach(level => show(cards.get(level.name), level));
  const egresses = next.levels.filter(level => level.kind === "egress");
  put(byId("in"), perSecond(next.levels[0].out));
  put(byId("out"), perSecond(sum(egresses, level => level.in)));
  put(byId("lost"), short(next.lost));
  byId("lost").classList.toggle("alarm", next.lost > 0);
  put(byId("verdict"), verdict());
  announce(verdict());
  connection(next.phase === "ended" ? "ended" : "live", next.phase === "ended" ? "ended" : "live");
}

function connection(kind, text) {
  document.body.className = kind;
  put(byId("connection"), text);
}

const hasEnded = () => picture !== null && picture.phase === "ended";

function stale(text) {
  if (!hasEnded()) {
    connection("stale", text);
    announce(picture ? `${picture.name}: no connection.` : "no connection");
  }
}

/** A program that has stopped for good looks the same as one that starts again, so this goes on, ever slower. */
function retry() {
  const left = Math.ceil((retryAt - Date.now()) / 1000);
  if (left > 0) {
    stale(`not connected, next try in ${left} s`);
    setTimeout(retry, 1000);
  } else {
    connect();
  }
}

function connect() {
  const address = new URL("live", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => stale("connected, but no figures come"), SILENCE);
  };
  socket.onopen = listen;
  socket.onmessage = message => {
    pause = FIRST_PAUSE;
    listen();
    onPicture(JSON.parse(message.data));
  };
  socket.onclose = () => {
    clearTimeout(silence);
    retryAt = Date.now() + pause * (0.75 + Math.random() / 2);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
    retry();
  };
}

let width = 0;
new ResizeObserver(([scroller]) => {
  if (picture && scroller.contentRect.width !== width) {
    width = scroller.contentRect.width;
    arrange(picture.levels);
  }
}).observe(byId("scroller"));

connect();
