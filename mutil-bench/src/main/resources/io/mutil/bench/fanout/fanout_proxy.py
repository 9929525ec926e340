"""A fan-out proxy of plain websockets: fanout_proxy.py (await|broadcast) UPSTREAM.

Prints the port it listens on and ends with its standard input.
"""

import asyncio
import json
import sys

import websockets

everything = set()
by_key = {}


async def client(socket, path=None):
    keys = set()
    try:
        async for text in socket:
            request = json.loads(text)
            for key in request.get("subscribe", []):
                by_key.setdefault(key, set()).add(socket)
                keys.add(key)
            if "subscribe:all" in request:
                everything.add(socket)
            await socket.send(text[:200])
    except websockets.ConnectionClosed:
        pass
    finally:
        everything.discard(socket)
        for key in keys:
            by_key[key].discard(socket)


def receivers(text):
    if not by_key:
        return everything
    return everything | by_key.get(json.loads(text)["sym"], set())


async def send_each(text):
    for socket in list(receivers(text)):
        try:
            await socket.send(text)
        except websockets.ConnectionClosed:
            pass


async def broadcast(text):
    websockets.broadcast(receivers(text), text)


async def upstream(uri, pass_on):
    while True:
        try:
            async with websockets.connect(uri, compression=None, max_size=None) as socket:
                async for text in socket:
                    await pass_on(text)
        except (OSError, websockets.WebSocketException):
            pass
        await asyncio.sleep(3)


async def main(way, uri):
    loop = asyncio.get_running_loop()
    pass_on = send_each if way == "await" else broadcast
    async with websockets.serve(client, "127.0.0.1", 0, compression=None, backlog=4096) as server:
        feed = asyncio.ensure_future(upstream(uri, pass_on))
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        feed.cancel()
    sys.exit(0)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
