// Opens so many connections to a proxy. Each line of the input is the number of a connection and what to send on it; each
// line of the output is the number, what came, and its bytes. Bytes are in base64.
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const [url, count] = process.argv.slice(2);
const say = (...words) => process.stdout.write(words.join(' ') + '\n');

const sockets = Array.from({ length: Number(count) }, (_, number) => {
    const socket = new WebSocket(url, { maxPayload: 1 << 26 });
    socket.on('open', () => say(number, 'open', ''));
    socket.on('message', (data, isBinary) => say(number, isBinary ? 'binary' : 'text', data.toString('base64')));
    socket.on('close', (code) => say(number, 'close', Buffer.from(String(code)).toString('base64')));
    socket.on('error', (error) => console.error(error.message));
    return socket;
});

createInterface({ input: process.stdin })
    .on('line', (line) => {
        const [number, payload] = line.split(' ');
        sockets[number].send(Buffer.from(payload, 'base64').toString());
    })
    .on('close', () => sockets.forEach((socket) => socket.close()));
