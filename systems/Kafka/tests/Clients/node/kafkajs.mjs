// kafkajs against brokers given as arguments: one case, which prints what it saw.
import { Kafka, logLevel, CompressionTypes } from "kafkajs";

const [name, brokers] = process.argv.slice(2);
const kafka = new Kafka({
  clientId: "app", brokers: brokers.split(","), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 12 },
});
const clients = [];
const open = async (client) => {
  clients.push(client);
  await client.connect();
  return client;
};
const say = (...words) => console.log(words.map((w) => (typeof w === "string" ? w : JSON.stringify(w))).join(" "));

// Resolves when `count` records came, in the order of their offsets a partition.
async function consume({ groupId, topic, count, options = {} }) {
  const consumer = await open(kafka.consumer({ groupId, ...options }));
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const seen = [];
  await new Promise((done, failed) => {
    consumer.on(consumer.events.CRASH, (e) => failed(e.payload.error));
    consumer.run({
      eachMessage: async ({ partition, message }) => {
        seen.push({ partition, offset: Number(message.offset), key: message.key?.toString() ?? null,
          value: message.value?.toString() ?? null, headers: Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([k, v]) => [k, v.toString()])) });
        if (seen.length === count) done();
      },
    }).catch(failed);
  });
  return { consumer, seen };
}

const cases = {
  async admin() {
    const admin = await open(kafka.admin());
    say("created", await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "a", numPartitions: 2,
      configEntries: [{ name: "retention.ms", value: "60000" }] }] }));
    say("again", await admin.createTopics({ topics: [{ topic: "a" }] }));
    await admin.createPartitions({ topicPartitions: [{ topic: "a", count: 3 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ["a"] });
    say("partitions", topics[0].partitions.map((p) => p.partitionId).sort());
    const { resources } = await admin.describeConfigs({ includeSynonyms: false,
      resources: [{ type: 2, name: "a", configNames: ["retention.ms"] }] });
    say("config", resources[0].configEntries.map((e) => [e.configName, e.configValue, e.configSource]));
    const cluster = await admin.describeCluster();
    say("brokers", cluster.brokers.length, "controller is one of them", cluster.brokers.some((b) => b.nodeId === cluster.controller));
    await admin.deleteTopics({ topics: ["a"] });
    say("topics", (await admin.listTopics()).filter((t) => !t.startsWith("__")));
  },

  async records() {
    const admin = await open(kafka.admin());
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "r", numPartitions: 1 }] });
    const producer = await open(kafka.producer());
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP])
      await producer.send({ topic: "r", acks: -1, compression, messages: [
        { key: "k", value: `v${compression}`, headers: { h: "1" } }, { key: null, value: null }] });
    const { seen } = await consume({ groupId: "r", topic: "r", count: 4 });
    for (const record of seen) say(record);
    say("offsets", (await admin.fetchTopicOffsets("r")).map((o) => [o.partition, o.low, o.high]));
  },

  async group() {
    const admin = await open(kafka.admin());
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "g", numPartitions: 1 }] });
    const producer = await open(kafka.producer({ idempotent: true, maxInFlightRequests: 1 }));
    await producer.send({ topic: "g", messages: ["1", "2", "3"].map((value) => ({ value })) });
    const first = await consume({ groupId: "workers", topic: "g", count: 3 });
    say("first", first.seen.map((r) => r.value));
    await first.consumer.stop();
    await first.consumer.disconnect();
    await producer.send({ topic: "g", messages: [{ value: "4" }] });
    const second = await consume({ groupId: "workers", topic: "g", count: 1 });
    say("second", second.seen.map((r) => r.value));
    const { groups } = await admin.describeGroups(["workers"]);
    say("group", groups[0].state, groups[0].protocolType, groups[0].members.length);
    await second.consumer.stop();
    await second.consumer.disconnect();
    say("committed", (await admin.fetchOffsets({ groupId: "workers", topics: ["g"] }))[0].partitions.map((p) => p.offset));
    say("deleted", (await admin.deleteGroups(["workers"])).map((g) => g.errorCode ?? 0));
  },

  async transactions() {
    const admin = await open(kafka.admin());
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "x", numPartitions: 1 }] });
    const producer = await open(kafka.producer({ transactionalId: "tx", idempotent: true, maxInFlightRequests: 1 }));
    for (const [value, commits] of [["lost", false], ["kept", true]]) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: "x", messages: [{ value }] });
      await (commits ? transaction.commit() : transaction.abort());
    }
    const { seen } = await consume({ groupId: "x", topic: "x", count: 1, options: { readUncommitted: false } });
    say("committed", seen.map((r) => [r.value, r.offset]));
  },
};

setTimeout(() => {
  say("hung");
  process.exit(2);
}, 25_000);
try {
  await cases[name]();
  await Promise.all(clients.map((c) => c.disconnect()));
  process.exit(0);
} catch (error) {
  say("failed", String(error.stack ?? error));
  process.exit(1);
}
