"""The client against a hub whose part the test plays."""

import asyncio
import contextlib
import os
import random
import struct
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent))

import termbus  # noqa: E402
from fake_hub import FakeHub  # noqa: E402
from termbus import _connection, _frames, _hub, _retry  # noqa: E402

LIMIT_SECONDS = 20


class FrameTest(unittest.TestCase):
    FRAMES = [
        b'{"type":"pong"}',
        struct.pack(">BIQQ", 1, 7, 2, 263) + b"ls\r\n",
        struct.pack(">BIQQHH", 2, 7, 1, 10, 80, 24),
        b"\x08later",
        b'{"a":"' + b"x" * 70_000 + b'"}',
    ]

    def stream(self):
        return b"".join(struct.pack(">I", len(frame)) + frame for frame in self.FRAMES)

    def check(self, chunks):
        reader = _frames.FrameReader()
        frames = [frame for chunk in chunks for frame in reader.feed(chunk)]
        self.assertEqual(frames[0], {"type": "pong"})
        self.assertEqual(frames[1], _frames.Counted(7, 2, termbus.Output(b"ls\r\n", 263)))
        self.assertEqual(frames[2], _frames.Counted(7, 1, termbus.Snapshot(b"", 10, 80, 24)))
        self.assertEqual(len(frames[3]["a"]), 70_000)
        self.assertEqual(len(frames), 4)

    def test_whole_byte_by_byte_and_split_at_random(self):
        stream = self.stream()
        self.check([stream])
        self.check([stream[at : at + 1] for at in range(len(stream))])
        rng = random.Random(5)
        for _ in range(50):
            cuts = sorted(rng.randrange(len(stream)) for _ in range(10))
            self.check([stream[a:b] for a, b in zip([0] + cuts, cuts + [len(stream)])])

    def test_what_is_no_frame_of_a_hub_is_refused(self):
        for stream in [
            b"HTTP/1.1 400 Bad Request\r\n",
            struct.pack(">I", 0),
            struct.pack(">I", _frames.MAX_FRAME_BYTES + 1),
            struct.pack(">I", 2) + b"[]",
            struct.pack(">I", 3) + b"abc",
            struct.pack(">I", 2) + b"\x01\x00",
        ]:
            with self.subTest(stream), self.assertRaises(termbus.ConnectionLost):
                list(_frames.FrameReader().feed(stream))


class RetryTest(unittest.IsolatedAsyncioTestCase):
    CAUSE = termbus.ConnectionLost("cut")

    async def asyncSetUp(self):
        self.now = 0.0
        self.retry = _retry.Retry(60.0)
        loop = mock.Mock(time=lambda: self.now)
        for name, fake in [("get_running_loop", lambda: loop), ("sleep", self.sleep)]:
            patch = mock.patch.object(_retry.asyncio, name, fake)
            patch.start()
            self.addCleanup(patch.stop)

    async def sleep(self, seconds):
        self.now += seconds

    async def fails_after(self, attached_seconds, limit):
        """Seconds of a life of failures after so long an attachment each; None where it still goes on at the limit."""
        begin = self.now
        while self.now - begin < limit:
            self.retry.attached()
            self.now += attached_seconds
            try:
                await self.retry.pause(self.CAUSE)
            except termbus.ConnectionLost:
                return self.now - begin
        return None

    async def test_who_attaches_and_fails_before_anything_comes_gives_up(self):
        failed = await self.fails_after(0.1, 1000)
        self.assertTrue(60 <= failed <= 66, failed)

    async def test_a_quiet_session_that_stays_attached_is_not_given_up(self):
        self.assertIsNone(await self.fails_after(6, 1000))

    async def test_what_comes_gives_it_the_whole_time_again(self):
        self.assertIsNone(await self.fails_after(0.1, 50))
        self.retry.received()
        self.assertIsNone(await self.fails_after(0.1, 50))
        self.assertIsNotNone(await self.fails_after(0.1, 20))


class ClientTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.stack = contextlib.AsyncExitStack()
        self.server = await self.stack.enter_async_context(FakeHub())

    async def asyncTearDown(self):
        await self.stack.aclose()

    async def connected(self, **options):
        hub = termbus.connect(port=self.server.port, token="t", **options)
        _, peer = await asyncio.gather(self.stack.enter_async_context(hub), self.server.logged_in())
        return hub, peer

    async def next(self, deliveries):
        return await asyncio.wait_for(deliveries.__anext__(), LIMIT_SECONDS)

    def soon(self, deliveries):
        return asyncio.ensure_future(self.next(deliveries))

    async def test_a_wrong_token_raises_and_is_not_tried_again(self):
        async def refuse():
            peer = await self.server.peer()
            login = await peer.said("login")
            self.assertEqual(login["body"], {"token": "wrong", "frames": "binary"})
            peer.refuse(login, 401, "wrong token")
            await peer.ended()

        async def connect():
            with self.assertRaises(termbus.TermbusError) as raised:
                async with termbus.connect(port=self.server.port, token=lambda: "wrong"):
                    self.fail("connected")
            self.assertEqual((raised.exception.code, raised.exception.message), (401, "wrong token"))

        await asyncio.gather(refuse(), connect())
        self.assertEqual(self.server.connections, 1)

    async def test_the_token_of_this_machine_goes_to_no_other(self):
        with mock.patch.dict(os.environ, {"TERMBUS_AUTH_TOKEN": "secret"}):
            for host in ["10.0.0.1", "hub.example", "localhost.example", "127.0.0.1.example", "0.0.0.0", ""]:
                with self.subTest(host), self.assertRaisesRegex(ValueError, "token="):
                    termbus.connect(host)
                termbus.connect(host, token="its own")
            for local in [{"host": "localhost"}, {"host": "::1"}, {"host": "127.3.2.1"}, {"socket_path": "/hub.sock"}]:
                termbus.connect(**local)

    async def test_the_token_of_this_machine_is_taken_where_none_is_given_and_not_for_an_empty_one(self):
        with mock.patch.dict(os.environ, {"TERMBUS_AUTH_TOKEN": "secret"}):
            for given, sent in [(None, "secret"), ("", "")]:
                entering = asyncio.ensure_future(
                    self.stack.enter_async_context(termbus.connect(port=self.server.port, token=given))
                )
                peer = await self.server.peer()
                login = await peer.said("login")
                self.assertEqual(login["body"]["token"], sent)
                peer.answer(login, {"frames": "binary"})
                await entering

    async def test_no_hub_raises_at_once(self):
        with self.assertRaises(termbus.ConnectionLost):
            async with termbus.connect(socket_path="/nowhere/hub.sock", token="t"):
                self.fail("connected")

    async def test_a_delivery_is_acked_when_the_next_one_is_asked_for(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s", mode="read")
        first = self.soon(deliveries)
        self.assertEqual(await peer.attached(), {"session": "s", "mode": "read", "lag": "skip"})
        peer.output(1, 1, 1, b"a")
        self.assertEqual(await first, termbus.Output(b"a", 1))
        # whatever was sent before the answer to this came before it
        listed, _ = await asyncio.gather(hub.sessions(), self.list(peer))
        self.assertEqual((listed, peer.acks), ([], []))
        second = self.soon(deliveries)
        await peer.acked(1)
        peer.output(1, 2, 2, b"b")
        self.assertEqual(await second, termbus.Output(b"b", 2))
        third = self.soon(deliveries)
        await peer.acked(2)
        peer.notice("termbus.out.s1", "exit", {"code": 143, "signal": "SIGTERM"})
        self.assertEqual(await third, termbus.Exit(143, "SIGTERM"))
        with self.assertRaises(StopAsyncIteration):
            await self.next(deliveries)
        await peer.said("detach")

    async def test_who_drives_and_what_has_run_is_handed_on(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s")
        following = self.soon(deliveries)
        await peer.attached()
        peer.notice("termbus.out.s1", "lease", {"was": {"holder": "admin"}, "reason": "released"})
        peer.notice("termbus.out.s1", "command", {"event": "command.finished", "command": {"id": 7, "exitCode": 2}})
        self.assertEqual(await following, termbus.LeaseNotice(None, {"holder": "admin"}, "released"))
        finished = termbus.CommandNotice("command.finished", {"id": 7, "exitCode": 2})
        self.assertEqual(await self.next(deliveries), finished)

    async def list(self, peer):
        peer.answer(await peer.said("list"), {"sessions": []})

    async def test_acks_are_batched_while_more_waits_here(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s", from_=0)
        first = self.soon(deliveries)
        await peer.attached()
        for seq in range(1, 101):
            peer.output(1, seq, seq * 100, b"x" * 100)
        await first
        for _ in range(99):
            await self.next(deliveries)
        waiting = self.soon(deliveries)
        await peer.acked(100)
        self.assertLess(len(peer.acks), 50)
        waiting.cancel()

    async def test_after_a_loss_it_goes_on_at_the_end_of_what_was_handed_out(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s")
        first = self.soon(deliveries)
        await peer.attached()
        peer.snapshot(1, 1, 10, b"screen")
        self.assertEqual(await first, termbus.Snapshot(b"screen", 10, 80, 24))
        peer.output(1, 2, 14, b"four")
        self.assertEqual(await self.next(deliveries), termbus.Output(b"four", 14))
        following = self.soon(deliveries)
        peer.cut()
        again = await self.server.logged_in()
        self.assertEqual((await again.attached())["from"], 14)
        again.output(1, 1, 16, b"on")
        self.assertEqual(await following, termbus.Output(b"on", 16))

    async def test_only_the_beginning_may_be_lost_with_first_output(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s", from_=0, first="output")
        first = self.soon(deliveries)
        await peer.attached()
        peer.cut()
        again = await self.server.logged_in()
        self.assertEqual((await again.attached())["first"], "output")
        again.output(1, 1, 104, b"late")
        self.assertEqual(await first, termbus.Output(b"late", 104))
        following = self.soon(deliveries)
        again.cut()
        last = await self.server.logged_in()
        self.assertEqual(await last.attached(), {"session": "s", "mode": "write", "lag": "skip", "from": 104})
        last.output(1, 1, 204, b"gone")
        await last.said("detach")
        await last.attached(2)
        last.snapshot(2, 1, 204, b"screen")
        self.assertEqual(await following, termbus.Snapshot(b"screen", 204, 80, 24))

    async def test_what_does_not_follow_is_not_handed_out(self):
        hub, peer = await self.connected()
        following = self.soon(hub.attach("s", from_=5))
        await peer.attached()
        peer.output(1, 1, 8, b"x")
        await peer.said("detach")
        self.assertEqual((await peer.attached(2))["from"], 5)
        peer.output(2, 1, 6, b"y")
        self.assertEqual(await following, termbus.Output(b"y", 6))

    async def test_what_does_not_follow_for_the_second_time_from_one_place_ends_it(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s", from_=5)
        following = self.soon(deliveries)
        await peer.attached(1)
        peer.output(1, 1, 8, b"x")
        await peer.attached(2)
        peer.output(2, 1, 6, b"y")
        self.assertEqual(await following, termbus.Output(b"y", 6))
        following = self.soon(deliveries)
        peer.output(2, 2, 9, b"x")
        await peer.attached(3)
        peer.cut()
        again = await self.server.logged_in()
        self.assertEqual((await again.attached())["from"], 6)
        again.output(1, 1, 9, b"x")
        with self.assertRaisesRegex(termbus.ConnectionLost, "does not follow"):
            await following
        self.assertEqual(self.server.connections, 2)

    async def test_a_limit_that_is_reached_ends_who_was_not_attached_and_not_who_comes_back(self):
        hub, peer = await self.connected()
        refused = self.soon(hub.attach("s"))
        peer.refuse(await peer.said("attach"), 429, "too many subscribers")
        with self.assertRaises(termbus.TermbusError) as raised:
            await refused
        self.assertEqual(raised.exception.code, 429)
        following = self.soon(hub.attach("s"))
        await peer.attached()
        peer.cut()
        again = await self.server.logged_in()
        again.refuse(await again.said("attach"), 429, "too many subscribers")
        await again.attached()
        again.output(1, 1, 1, b"x")
        self.assertEqual(await following, termbus.Output(b"x", 1))

    async def test_an_iterator_that_is_kept_ends_its_subscription_when_it_is_closed(self):
        hub, peer = await self.connected()
        deliveries = hub.attach("s")

        async def consume():
            async for _ in deliveries:
                break

        consuming = asyncio.ensure_future(consume())
        await peer.attached()
        peer.output(1, 1, 1, b"x")
        await consuming
        await asyncio.gather(hub.sessions(), self.list(peer))  # a detach before it would be passed over
        await deliveries.aclose()
        self.assertEqual((await peer.said("detach"))["body"], {"subscriber": "s1"})

    async def test_a_token_that_ends_is_told_and_not_tried_again(self):
        hub, peer = await self.connected()
        following = self.soon(hub.attach("s"))
        await peer.attached()
        peer.say(type="err", failureCode=401, message="the token has expired")
        peer._writer.close()
        with self.assertRaises(termbus.TermbusError) as raised:
            await following
        self.assertEqual(raised.exception.code, 401)
        self.assertEqual(self.server.connections, 1)

    async def test_a_wrong_token_ends_the_attempts_to_come_back(self):
        hub, peer = await self.connected()
        following = self.soon(hub.attach("s"))
        await peer.attached()
        peer.cut()
        again = await self.server.peer()
        again.refuse(await again.said("login"), 401, "wrong token")
        with self.assertRaises(termbus.TermbusError) as raised:
            await following
        self.assertEqual(raised.exception.code, 401)
        self.assertEqual(self.server.connections, 2)

    async def test_who_is_kicked_hears_why(self):
        hub, peer = await self.connected()
        following = self.soon(hub.attach("s"))
        await peer.attached()
        peer.notice("termbus.out.s1", "disconnected", {"reason": "kicked"})
        with self.assertRaises(termbus.Disconnected) as raised:
            await following
        self.assertEqual(raised.exception.reason, "kicked")

    async def test_a_hub_that_does_not_come_back_is_told_when_the_time_is_over(self):
        hub, peer = await self.connected(retry_seconds=0)
        following = self.soon(hub.attach("s"))
        await peer.attached()
        peer.cut()
        with self.assertRaises(termbus.ConnectionLost):
            await following

    async def test_a_consumer_that_raises_ends_its_own_subscription_only(self):
        hub, peer = await self.connected()
        other = hub.attach("s")
        waiting = self.soon(other)
        await peer.attached(1)

        async def consume():
            async for delivery in hub.attach("s"):
                raise ValueError(delivery)

        faulty = asyncio.ensure_future(consume())
        await peer.attached(2)
        peer.output(2, 1, 1, b"x")
        with self.assertRaises(ValueError):
            await faulty
        self.assertEqual((await peer.said("detach"))["body"], {"subscriber": "s2"})
        peer.output(1, 1, 1, b"y")
        self.assertEqual(await waiting, termbus.Output(b"y", 1))

    async def test_who_gives_up_while_attaching_leaves_no_subscriber(self):
        hub, peer = await self.connected()
        attaching = self.soon(hub.attach("s"))
        attach = await peer.said("attach")
        attaching.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await attaching
        peer.answer(attach, {"subscriber": "late", "address": "termbus.out.late", "channel": 1})
        self.assertEqual((await peer.said("detach"))["body"], {"subscriber": "late"})

    async def test_requests_that_wait_fail_with_the_connection_and_the_next_makes_a_new_one(self):
        hub, peer = await self.connected()
        listing = asyncio.ensure_future(hub.sessions())
        await peer.said("list")
        peer.cut()
        with self.assertRaises(termbus.ConnectionLost):
            await listing
        listing = asyncio.ensure_future(hub.sessions())
        await self.list(await self.server.logged_in())
        self.assertEqual(await listing, [])

    async def test_a_hub_that_says_nothing_is_asked_and_then_given_up(self):
        with mock.patch.object(_connection, "SILENT_SECONDS", 0.5):
            hub, peer = await self.connected()
            with self.assertRaisesRegex(termbus.ConnectionLost, "nothing came"):
                await hub.sessions()
            await peer.said("ping")

    async def test_what_is_no_hub_ends_the_connection(self):
        hub, peer = await self.connected()
        listing = asyncio.ensure_future(hub.sessions())
        await peer.said("list")
        peer.raw(b"SSH-2.0-OpenSSH_9.2\r\n")
        with self.assertRaisesRegex(termbus.ConnectionLost, "no hub"):
            await listing

    async def test_a_program_that_is_run_is_killed_when_nobody_waits_any_more(self):
        hub, peer = await self.connected()
        running = asyncio.ensure_future(hub.run(["sleep", "60"], input=b"x"))
        create = await peer.said("create")
        self.assertEqual(create["body"]["command"], ["sleep", "60"])
        peer.answer(create, {"id": "s", "name": "sleep", "state": "running"})
        await peer.said("attach")
        running.cancel()
        await self.killed(peer)
        with self.assertRaises(asyncio.CancelledError):
            await running

    async def began(self, peer):
        """Answers all that a run without input asks, but for its output."""
        peer.answer(await peer.said("create"), {"id": "s", "name": "sleep", "state": "running"})
        attach, stdin = await peer.all_said("attach", "stdin")
        self.assertEqual(stdin["body"], {"end": True})
        peer.answer(stdin, {})
        peer.answer(attach, {"subscriber": "s1", "address": "termbus.out.s1", "channel": 1})
        peer.answer(await peer.said("register"), {})

    async def killed(self, peer):
        kill = await peer.said("kill")
        self.assertEqual(kill["address"], "termbus.session.s")
        peer.answer(kill, {})

    async def test_a_program_whose_run_fails_as_the_hub_does_not_come_back_is_killed_by_a_new_connection(self):
        hub, peer = await self.connected(retry_seconds=0)
        running = asyncio.ensure_future(hub.run(["sleep", "60"]))
        await self.began(peer)
        peer.cut()
        again = await self.server.logged_in()
        await self.killed(again)
        with self.assertRaises(termbus.ConnectionLost):
            await running
        await again.ended()

    async def test_a_program_whose_run_is_cancelled_twice_during_a_cut_is_killed(self):
        hub, peer = await self.connected()
        running = asyncio.ensure_future(hub.run(["sleep", "60"]))
        await self.began(peer)
        peer.cut()
        await (await self.server.peer()).said("login")  # the subscription would come back
        running.cancel()
        again = await self.server.peer()
        running.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await running
        await again.login()
        await self.killed(again)
        await again.ended()

    async def test_who_runs_a_program_waits_no_longer_than_its_time_for_the_kill(self):
        with mock.patch.object(_hub, "_KILL_SECONDS", 0.05):
            hub, peer = await self.connected()
            running = asyncio.ensure_future(hub.run(["sleep", "60"]))
            await self.began(peer)
            running.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await asyncio.wait_for(running, LIMIT_SECONDS)
            await peer.said("kill")

    async def test_a_program_that_begins_when_nobody_waits_any_more_is_killed(self):
        hub, peer = await self.connected()
        running = asyncio.ensure_future(hub.run(["sleep", "60"]))
        create = await peer.said("create")
        running.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await running
        peer.answer(create, {"id": "s", "name": "sleep", "state": "running"})
        self.assertEqual((await peer.said("kill"))["address"], "termbus.session.s")

    async def test_too_much_output_kills_the_program(self):
        hub, peer = await self.connected()
        running = asyncio.ensure_future(hub.run(["yes"], max_output=3))
        await self.began(peer)
        peer.output(1, 1, 4, b"y\ny\n")
        await self.killed(peer)
        with self.assertRaisesRegex(termbus.TermbusError, "max_output"):
            await running

    async def test_leaving_the_hub_ends_what_waits_for_a_delivery(self):
        async with contextlib.AsyncExitStack() as within:
            hub = termbus.connect(port=self.server.port, token="t")
            _, peer = await asyncio.gather(within.enter_async_context(hub), self.server.logged_in())
            following = self.soon(hub.attach("s"))
            await peer.attached()
        with self.assertRaisesRegex(termbus.ConnectionLost, "the hub was closed"):
            await following
        with self.assertRaisesRegex(termbus.ConnectionLost, "the hub was closed"):
            await hub.sessions()
        self.assertEqual(self.server.connections, 1)

    async def test_a_connection_that_is_made_while_the_hub_is_left_is_closed(self):
        async with contextlib.AsyncExitStack() as within:
            hub = termbus.connect(port=self.server.port, token="t")
            _, peer = await asyncio.gather(within.enter_async_context(hub), self.server.logged_in())
            listing = asyncio.ensure_future(hub.sessions())
            await peer.said("list")
            peer.cut()
            with self.assertRaises(termbus.ConnectionLost):
                await listing
            requests = [asyncio.ensure_future(hub.sessions()) for _ in range(2)]
            again = await self.server.peer()
            login = await again.said("login")
        again.answer(login, {"frames": "binary"})
        await asyncio.wait_for(again.ended(), LIMIT_SECONDS)
        for request in requests:
            with self.assertRaisesRegex(termbus.ConnectionLost, "the hub was closed"):
                await request
        self.assertEqual(self.server.connections, 2)

    async def test_who_is_cancelled_as_the_connection_comes_is_cancelled_and_leaves_none(self):
        async def connect(endpoint):
            connection = await really(endpoint)
            entering.cancel()
            return connection

        really = _connection._connect
        with mock.patch.object(_connection, "_connect", connect):
            hub = termbus.connect(port=self.server.port, token="t")
            entering = asyncio.ensure_future(self.stack.enter_async_context(hub))
            peer = await self.server.peer()
            with self.assertRaises(asyncio.CancelledError):
                await asyncio.wait_for(asyncio.shield(entering), LIMIT_SECONDS)
        await asyncio.wait_for(peer.ended(), LIMIT_SECONDS)

    async def test_a_hub_that_does_not_take_the_connection_is_given_up(self):
        async def connect(endpoint):
            await asyncio.get_running_loop().create_future()

        with mock.patch.object(_connection, "_connect", connect), mock.patch.object(_connection, "CONNECT_SECONDS", 0.05):
            with self.assertRaisesRegex(termbus.ConnectionLost, "no answer"):
                await self.stack.enter_async_context(termbus.connect(port=self.server.port, token="t"))

    async def test_a_hub_is_used_within_its_context(self):
        with self.assertRaisesRegex(RuntimeError, "async with"):
            await termbus.connect(port=self.server.port, token="t").sessions()


if __name__ == "__main__":
    unittest.main()
