"""A hub whose part the test plays."""

import asyncio
import json
import struct


class Peer:
    """One connection of a client."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer
        self.acks = []

    async def said(self, action):
        """The next message of this action, or type where it has none. Others are passed over, and acks are noted."""
        return (await self.all_said(action))[0]

    async def all_said(self, *actions):
        """The next message of each, in whatever order they come."""
        said = {}
        while len(said) < len(actions):
            message = await self._next()
            if message is not None:
                action = message.get("headers", {}).get("action", message["type"])
                if action in actions:
                    said.setdefault(action, message)
        return [said[action] for action in actions]

    async def acked(self, seq):
        while not self.acks or self.acks[-1] != seq:
            await self._next()

    async def ended(self):
        while await self._reader.read(4096):
            pass

    async def _next(self):
        (length,) = struct.unpack(">I", await self._reader.readexactly(4))
        frame = await self._reader.readexactly(length)
        if frame[0] == 3:
            self.acks.append(struct.unpack(">BIQ", frame)[2])
            return None
        return json.loads(frame)

    def raw(self, data):
        self._writer.write(data)

    def frame(self, data):
        self.raw(struct.pack(">I", len(data)) + data)

    def say(self, **fields):
        self.frame(json.dumps(fields).encode())

    def answer(self, message, body):
        self.say(type="message", address=message["replyAddress"], headers={}, body=body, send=True)

    def refuse(self, message, code, why):
        self.say(type="err", address=message["replyAddress"], failureCode=code, message=why)

    def notice(self, address, kind, body):
        self.say(type="message", address=address, headers={"kind": kind}, body=body, send=True)

    def output(self, channel, seq, offset, data):
        self.frame(struct.pack(">BIQQ", 1, channel, seq, offset) + data)

    def snapshot(self, channel, seq, offset, data):
        self.frame(struct.pack(">BIQQHH", 2, channel, seq, offset, 80, 24) + data)

    def cut(self):
        self._writer.transport.abort()

    async def login(self):
        self.answer(await self.said("login"), {"frames": "binary", "role": "admin"})

    async def attached(self, channel=1):
        """Lets the client attach; the body of its request."""
        attach = await self.said("attach")
        subscriber = f"s{channel}"
        body = {"subscriber": subscriber, "address": f"termbus.out.{subscriber}", "channel": channel, "session": {}}
        self.answer(attach, body)
        self.answer(await self.said("register"), {})
        return attach["body"]


class FakeHub:
    """Listens on a free port of this machine; :meth:`peer` is the next client that comes."""

    async def __aenter__(self):
        self._peers = asyncio.Queue()
        self._open = []
        self.connections = 0
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for peer in self._open:
            peer.cut()

    async def _accepted(self, reader, writer):
        self.connections += 1
        peer = Peer(reader, writer)
        self._open.append(peer)
        self._peers.put_nowait(peer)

    async def peer(self):
        return await self._peers.get()

    async def logged_in(self):
        peer = await self.peer()
        await peer.login()
        return peer
