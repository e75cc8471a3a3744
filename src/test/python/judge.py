"""Plays a scene of ClientsIT with the Python client: judge.py SCENE ARGUMENTS, the latter as JSON. Tells what happens as lines of JSON."""

import asyncio
import hashlib
import json
import sys

import termbus


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


async def code_of(asked):
    try:
        await asked
        return 0
    except termbus.TermbusError as e:
        return e.code


async def follow(hub, args):
    """Hashes the output of a session from an offset on, to its exit; after the first delivery it may wait for a line of input."""
    digest, place, gaps, snapshots = hashlib.sha256(), args["from"], 0, 0
    pauses = args.get("pauses", False)
    async for delivery in hub.attach(args["session"], lag=args["lag"], from_=args["from"]):
        if isinstance(delivery, termbus.Zone):
            tell("zone", level=delivery.level)
        elif isinstance(delivery, termbus.Snapshot):
            snapshots += 1
            place = delivery.offset
        elif isinstance(delivery, termbus.Output):
            gaps += delivery.start != place
            place = delivery.offset
            digest.update(delivery.data)
        elif isinstance(delivery, termbus.Exit):
            tell("exit", code=delivery.code, sha256=digest.hexdigest(), gaps=gaps, snapshots=snapshots)
        if pauses and isinstance(delivery, termbus.Output):
            pauses = False
            tell("paused")
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    tell("end")


async def errors(hub, args):
    missing = hub.attach("no-such-session")
    tell(
        "errors",
        attach=await code_of(missing.__anext__()),
        create=await code_of(hub.create(["true"], cwd="/no/such/directory")),
        input=await code_of((await hub.session(args["session"])).input("x")),
        action=await code_of(hub.request("termbus.hub", "dance")),
    )


async def run(hub, args):
    large = b"0123456789abcdef" * 300_000
    hashed = await hub.run(["sha256sum"], input=large)
    tell(
        "run",
        failed=(await hub.run(["sh", "-c", "echo out; echo err >&2; exit 3"])).__dict__ == {
            "status": 3, "signal": None, "output": b"out\nerr\n"},
        killed=(await hub.run(["sh", "-c", "kill -9 $$"])).status,
        signal=(await hub.run(["sh", "-c", "kill -9 $$"])).signal,
        deaf=(await hub.run(["true"], input=large)).status,
        hashed=hashed.text.split()[0] == hashlib.sha256(large).hexdigest(),
        environment=(await hub.run(["sh", "-c", "pwd; echo $A"], cwd="/", env={"A": "b"})).text,
        missing=await code_of(hub.run(["no-such-program"])),
    )


async def main(scene, args):
    try:
        async with termbus.connect(port=args["tcp"], token=args["token"]) as hub:
            try:
                await {"follow": follow, "errors": errors, "run": run}[scene](hub, args)
            except termbus.TermbusError as e:
                tell("error", code=e.code)
                tell("again", code=await code_of(hub.sessions()))
    except termbus.TermbusError as e:
        tell("refused", code=e.code)


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
