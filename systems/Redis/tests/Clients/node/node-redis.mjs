// usage: node node-redis.mjs CASE PORT PROTOCOL
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { once, phase, run, step } from "./steps.mjs";

const { createClient } = createRequire(import.meta.url)("redis");
const [name, port, protocol] = process.argv.slice(2);

async function connect(options = {}) {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: Number(protocol), ...options });
  client.on("error", () => {});
  return client.connect();
}

let second;
const other = async () => second ??= await connect();

const cases = {
  async values() {
    const redis = await connect();
    assert.equal(await redis.set("k", "v"), "OK");
    assert.equal(await redis.get("k"), "v");
    assert.equal(await redis.get("missing"), null);
    assert.equal(await redis.hSet("h", { a: "1", b: "2" }), 2);
    assert.deepEqual({ ...(await redis.hGetAll("h")) }, { a: "1", b: "2" });
    assert.equal(await redis.zAdd("z", [{ score: 1, value: "a" }, { score: 2.5, value: "b" }]), 2);
    assert.deepEqual((await redis.zRangeWithScores("z", 0, -1)).map((m) => [m.value, m.score]), [["a", 1], ["b", 2.5]]);
    assert.equal(await redis.zScore("z", "b"), 2.5);
    assert.equal(await redis.sAdd("s", ["x", "y"]), 2);
    assert.equal(await redis.sIsMember("s", "x"), 1);
    assert.deepEqual([...(await redis.sMembers("s"))].sort(), ["x", "y"]);
    await assert.rejects(redis.lPush("k", "x"), /WRONGTYPE/);
  },

  async transactions() {
    const [one, two] = [await connect(), await connect()];
    assert.deepEqual(await one.multi().set("k", "1").incr("k").exec(), ["OK", 2]);
    await one.watch("k");
    await two.set("k", "9");
    await assert.rejects(one.multi().incr("k").exec(), /watched keys has been changed/i);
  },

  async pubsub() {
    const [hears, says] = [await connect(), await connect()];
    const message = new Promise((done) => hears.subscribe("news", (text, channel) => done([channel, text])));
    while ((await says.publish("news", "extra")) === 0);
    assert.deepEqual(await message, ["news", "extra"]);
    // Only RESP3 may go on with commands on a connection that subscribes.
    if (protocol === "3") assert.equal(await hears.get("k"), null);
  },

  async scans() {
    const redis = await connect();
    await Promise.all([...Array(1000).keys()].map((i) => redis.set(`key:${i}`, `${i}`)));
    const keys = new Set();
    for await (const batch of redis.scanIterator({ MATCH: "key:*" })) [batch].flat().forEach((k) => keys.add(k));
    assert.equal(keys.size, 1000);
  },

  async expiry() {
    const redis = await connect();
    await redis.set("k", "v", { expiration: { type: "EX", value: 7200 } });
    assert.equal(await redis.ttl("k"), 7200);
    await step("advance");
    assert.equal(await redis.get("k"), null);
  },

  async restart() {
    const redis = await connect({ socket: { reconnectStrategy: 20 } });
    await redis.set("k", "before");
    const inFlight = redis.blPop("never", 0);
    const lost = assert.rejects(inFlight, /Socket closed unexpectedly|ECONNRESET/);
    while (!/blocked_clients:1/.test(await (await other()).info("clients")));
    // Not events.once: that fails where an error, a reset, comes before.
    const gone = new Promise(resolve => redis.once("reconnecting", resolve));
    await phase("the server dies", step("kill"));
    // What was on its way is rejected, and never sent again; the client knows that it is disconnected.
    await phase("'reconnecting' after the server died", gone);
    await phase("a command on its way is rejected", lost);
    assert.equal(redis.isReady, false);
    // What is asked meanwhile waits in the client and is answered, in order, when the server is back.
    const asked = [redis.get("k"), redis.set("k", "queued"), redis.append("k", " while down"), redis.get("k")];
    await phase("the server starts", step("restart"));
    assert.deepEqual(await phase("the offline queue is answered", Promise.all(asked)), [null, "OK", 17, "queued while down"]);
  },
};

await run(cases, name);
