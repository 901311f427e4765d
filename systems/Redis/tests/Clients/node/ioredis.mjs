// usage: node ioredis.mjs CASE PORT
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { once, phase, run, step } from "./steps.mjs";

const { Redis } = createRequire(import.meta.url)("ioredis");
const [name, port] = process.argv.slice(2);
const connect = (options = {}) => new Redis({ port: Number(port), host: "127.0.0.1", ...options });

const cases = {
  async values() {
    const redis = connect();
    assert.equal(await redis.set("greeting", "hello"), "OK");
    assert.equal(await redis.append("greeting", " there"), 11);
    assert.equal(await redis.getrange("greeting", 0, 4), "hello");
    assert.equal(await redis.incrby("n", 41), 41);
    assert.equal(await redis.incr("n"), 42);
    assert.equal(await redis.hset("h", { a: "1", b: "2" }), 2);
    assert.deepEqual(await redis.hgetall("h"), { a: "1", b: "2" });
    assert.equal(await redis.sadd("s", "x", "y", "x"), 2);
    assert.deepEqual((await redis.smembers("s")).sort(), ["x", "y"]);
    assert.equal(await redis.zadd("z", 1, "one", 2.5, "two"), 2);
    assert.deepEqual(await redis.zrange("z", 0, -1, "WITHSCORES"), ["one", "1", "two", "2.5"]);
    assert.deepEqual(await redis.mget("greeting", "missing"), ["hello there", null]);
    await assert.rejects(redis.lpush("greeting", "x"), /WRONGTYPE/);
    await assert.rejects(redis.call("NOSUCH"), /ERR unknown command 'NOSUCH'/);
  },

  async pipelines() {
    const redis = connect();
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.incr("n");
    pipeline.hget("n", "f").get("n");
    const results = await pipeline.exec();
    assert.deepEqual(results.slice(0, 1000).map(([error, n]) => error ?? n), [...Array(1000).keys()].map((i) => i + 1));
    assert.match(results[1000][0].message, /WRONGTYPE/);
    assert.equal(results[1001][1], "1000");
    const automatic = connect({ enableAutoPipelining: true });
    assert.deepEqual(await Promise.all([..."abc"].map((k) => automatic.set(k, k))), ["OK", "OK", "OK"]);
  },

  async transactions() {
    const [one, two] = [connect(), connect()];
    await one.set("k", "1");
    await one.watch("k");
    await two.set("k", "2");
    assert.equal(await one.multi().set("k", "3").exec(), null);
    assert.equal(await one.get("k"), "2");
    await one.watch("k");
    assert.deepEqual(await one.multi().incr("k").get("k").exec(), [[null, 3], [null, "3"]]);
    await assert.rejects(one.multi().set("k").exec(), /EXECABORT/);
  },

  async blocking() {
    const [waits, pushes] = [connect(), connect()];
    const popped = waits.blpop("first", "second", 0);
    while (!/blocked_clients:1/.test(await pushes.info("clients")));
    assert.equal(await pushes.rpush("second", "v"), 1);
    assert.deepEqual(await popped, ["second", "v"]);
  },

  async pubsub() {
    const [hears, says] = [connect(), connect()];
    assert.equal(await hears.subscribe("news"), 1);
    assert.equal(await hears.psubscribe("new*"), 2);
    const both = Promise.all([once(hears, "message"), once(hears, "pmessage")]);
    assert.equal(await says.publish("news", "extra"), 2);
    assert.deepEqual(await both, [["news", "extra"], ["new*", "news", "extra"]]);
    await assert.rejects(hears.get("k"), /subscriber mode/);
    await hears.unsubscribe("news");
    await hears.punsubscribe("new*");
    assert.equal(await hears.get("k"), null);
  },

  async keyspaceEvents() {
    const [hears, acts] = [connect(), connect()];
    assert.equal(await acts.config("SET", "notify-keyspace-events", "KEA"), "OK");
    await hears.psubscribe("__key*__:*");
    const seen = [];
    const four = new Promise((done) => hears.on("pmessage", (_, channel, message) => {
      if (seen.push(`${channel} ${message}`) === 4) done();
    }));
    await acts.set("k", "v");
    await acts.del("k");
    await four;
    assert.deepEqual(seen, ["__keyspace@0__:k set", "__keyevent@0__:set k", "__keyspace@0__:k del", "__keyevent@0__:del k"]);
  },

  async scanStreams() {
    const redis = connect();
    const pipeline = redis.pipeline();
    for (let i = 0; i < 3000; i++) pipeline.set(`key:${i}`, i).hset("h", `f${i}`, i);
    await pipeline.exec();
    const keys = new Set();
    for await (const batch of redis.scanStream({ match: "key:*", count: 50 })) batch.forEach((k) => keys.add(k));
    assert.equal(keys.size, 3000);
    let pairs = 0;
    for await (const batch of redis.hscanStream("h")) pairs += batch.length / 2;
    assert.equal(pairs, 3000);
  },

  async expiry() {
    const redis = connect();
    await redis.set("k", "v", "EX", 7200);
    assert.equal(await redis.ttl("k"), 7200);
    await step("advance");
    assert.equal(await redis.get("k"), null);
  },

  async binary() {
    const redis = connect();
    const key = Buffer.from([0, 255, 13, 10, 128]);
    const big = Buffer.alloc(8 * 1024 * 1024, 0).map((_, i) => (i * 31) & 255);
    await redis.set(key, big);
    assert.equal(await redis.strlen(key), big.length);
    assert.ok(big.equals(await redis.getBuffer(key)));
    assert.deepEqual(await redis.keysBuffer("*"), [key]);
  },

  async names() {
    const redis = connect({ connectionName: "billing", enableReadyCheck: true });
    await once(redis, "ready");
    assert.equal(await redis.client("GETNAME"), "billing");
    assert.match(await redis.client("LIST"), / name=billing /);
    assert.match(await redis.info(), /loading:0/);
  },

  async password() {
    const guest = connect();
    guest.on("error", () => {});
    await assert.rejects(guest.get("k"), /NOAUTH/);
    const wrong = connect({ password: "guess", retryStrategy: null });
    wrong.on("error", () => {});
    await assert.rejects(wrong.get("k"));
    assert.equal(await connect({ password: "secret" }).set("k", "v"), "OK");
    assert.equal(await connect({ username: "default", password: "secret" }).get("k"), "v");
  },

  async restart() {
    const redis = connect({ retryStrategy: () => 20, maxRetriesPerRequest: null });
    redis.on("error", () => {});
    await redis.set("k", "before");
    const closed = once(redis, "close");
    await step("kill");
    await phase("'close' after the server died", closed);
    const queued = redis.set("k", "queued while it was down");
    await step("restart");
    assert.equal(await phase("the offline queue is answered", queued), "OK");
    assert.equal(await redis.get("k"), "queued while it was down");
  },

  async lostReply() {
    const redis = connect({ retryStrategy: () => 20, autoResendUnfulfilledCommands: true });
    redis.on("error", () => {});
    await redis.set("orders", 0);
    await step("drop-reply");
    // The first INCR was applied and its reply lost; ioredis sends it again, as the classic double charge.
    assert.equal(await redis.incr("orders"), 2);
  },

  async cutLink() {
    const redis = connect({ commandTimeout: 300, retryStrategy: () => 20 });
    redis.on("error", () => {});
    await redis.set("k", "v");
    await step("cut");
    await phase("a command times out on the cut link", assert.rejects(redis.get("k"), /Command timed out/));
    await step("heal");
    // What was sent into the cut is lost or late; each question has a time-out of its own, the script a deadline.
    let value = null;
    while (value === null) value = await phase("an answer over the healed link", redis.get("k").catch(() => null));
    assert.equal(value, "v");
  },
};

await run(cases, name);
