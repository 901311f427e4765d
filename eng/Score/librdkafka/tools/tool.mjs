// The two tools of Kafka that librdkafka's tests call, as far as they call them, by kafkajs (its folder in KAFKAJS).
import { createRequire } from "node:module";

const { Kafka, logLevel, AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } =
  createRequire(`${process.env.KAFKAJS}/node_modules/`)("kafkajs");
const [tool, ...words] = process.argv.slice(2);
// --config is given several times; what needs no value has none.
const flags = new Set(["add", "remove", "force", "create", "delete", "alter"]);
const options = { config: [] };
for (let i = 0; i < words.length; i++) {
  const name = words[i].replace(/^--/, "");
  if (flags.has(name)) options[name] = true;
  else if (name === "config") options.config.push(words[++i]);
  else options[name] = words[++i];
}
const admin = new Kafka({ brokers: options["bootstrap-server"].split(","), logLevel: logLevel.ERROR }).admin();

async function acls() {
  const side = options["allow-principal"] ? "allow" : "deny";
  const acl = {
    resourceType: AclResourceTypes.TOPIC, resourceName: options.topic, resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: options[`${side}-principal`], host: options[`${side}-host`],
    operation: AclOperationTypes[options.operation.toUpperCase()], permissionType: AclPermissionTypes[side.toUpperCase()],
  };
  if (options.remove) await admin.deleteAcls({ filters: [acl] });
  else await admin.createAcls({ acl: [acl] });
}

async function topics() {
  const { topic } = options;
  if (options.delete) return admin.deleteTopics({ topics: [topic] });
  if (options.alter) return admin.createPartitions({ topicPartitions: [{ topic, count: Number(options.partitions) }] });
  return admin.createTopics({ topics: [{
    topic, numPartitions: Number(options.partitions ?? -1), replicationFactor: Number(options["replication-factor"] ?? -1),
    configEntries: options.config.map((c) => ({ name: c.slice(0, c.indexOf("=")), value: c.slice(c.indexOf("=") + 1) })),
  }] });
}

try {
  await admin.connect();
  await { acls, topics }[tool]();
  await admin.disconnect();
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
