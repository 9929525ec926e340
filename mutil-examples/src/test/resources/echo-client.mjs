// Sends arrays of numbers to a topology that adds one and routes by n % 97, for some time, then checks what the
// readers of its odd and even egress got: every number plus one, once, on the right port, in order per key.
//
//   node echo-client.mjs IN ODD EVEN MILLISECONDS
import { createRequire } from 'node:module';
const WebSocket = createRequire(import.meta.url)('ws');

const [inPort, oddPort, evenPort, milliseconds] = process.argv.slice(2).map(Number);
const perMessage = 1000;
const keys = 97;
const maxAhead = 200 * perMessage;

function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}

class Reader {
  constructor(socket, parity) {
    this.seen = new Set();
    this.wrong = 0;
    this.twice = 0;
    this.disorder = 0;
    this.last = new Map();
    this.parity = parity;
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      for (const number of Array.isArray(message) ? message : [message]) {
        if (Math.abs(number % 2) !== this.parity) this.wrong++;
        if (this.seen.has(number)) this.twice++;
        this.seen.add(number);
        const key = (number - 1) % keys;
        if (this.last.get(key) >= number) this.disorder++;
        this.last.set(key, number);
      }
    });
  }
}

const readers = [];
for (const [port, parity] of [[oddPort, 1], [oddPort, 1], [evenPort, 0], [evenPort, 0]]) {
  readers.push(new Reader(await connect(port), parity));
}
const feed = await connect(inPort);
const bad = await connect(inPort);
const replies = [];
bad.on('message', (data) => replies.push(JSON.parse(data)));

const turn = () => new Promise((resolve) => setImmediate(resolve));
const received = () => Math.min(...readers.map((reader) => reader.seen.size)) * 2;
const start = Date.now();
let next = 0;
while (Date.now() - start < milliseconds) {
  if (next - received() > maxAhead || feed.bufferedAmount > 1 << 20) {
    await turn();
    continue;
  }
  feed.send(JSON.stringify(Array.from({ length: perMessage }, (_, i) => next + i)));
  next += perMessage;
  if (next % (50 * perMessage) === 0) bad.send('this is no JSON');
}
bad.send('nor [1, 2, is this');
const sentBad = Math.floor(next / (50 * perMessage)) + 1;

const deadline = Date.now() + 30_000;
while ((readers.some((reader) => reader.seen.size < next / 2) || replies.length < sentBad) && Date.now() < deadline) {
  await turn();
}

let lost = 0;
for (let n = 1; n <= next; n++) {
  for (const reader of readers) if (n % 2 === reader.parity && !reader.seen.has(n)) lost++;
}
const result = {
  sent: next,
  lost,
  strange: readers.reduce((sum, reader) => sum + reader.seen.size, 0) + lost - 2 * next,
  twice: readers.reduce((sum, reader) => sum + reader.twice, 0),
  wrong: readers.reduce((sum, reader) => sum + reader.wrong, 0),
  disorder: readers.reduce((sum, reader) => sum + reader.disorder, 0),
  errors: replies.filter((reply) => typeof reply.error === 'string').length - sentBad,
};
console.log(JSON.stringify(result));
process.exit(next > 0 && Object.entries(result).every(([key, value]) => key === 'sent' || value === 0) ? 0 : 1);
