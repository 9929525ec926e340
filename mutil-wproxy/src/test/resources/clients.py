"""As clients.mjs, with the library websockets."""

import asyncio
import base64
import sys

import websockets


def say(number, what, payload=b""):
    print(number, what, base64.b64encode(payload).decode(), flush=True)


async def listen(number, socket):
    say(number, "open")
    try:
        async for message in socket:
            if isinstance(message, str):
                say(number, "text", message.encode())
            else:
                say(number, "binary", message)
    except websockets.ConnectionClosed:
        pass
    say(number, "close", str(socket.close_code).encode())


async def main(url, count):
    sockets = [await websockets.connect(url, max_size=1 << 26) for _ in range(count)]
    tasks = [asyncio.ensure_future(listen(number, socket)) for number, socket in enumerate(sockets)]
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        number, payload = line.split()
        await sockets[int(number)].send(base64.b64decode(payload).decode())
    for socket in sockets:
        await socket.close()
    await asyncio.gather(*tasks)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
