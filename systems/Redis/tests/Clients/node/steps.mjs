// A script talks to its test by lines: "step <name>" asks the test to do something to the world, and waits for the line that says it is done.
// A script has one deadline for all of it, and says in which phase it was when that is over.
import readline from "node:readline";

const lines = readline.createInterface({ input: process.stdin });
const waiting = [];
lines.on("line", () => waiting.shift()?.());

const deadlineSeconds = 45;
let present = "begin";

// Says what is being waited for, in case it never comes.
export async function phase(name, promise) {
  present = name;
  const value = await promise;
  present = `after: ${name}`;
  return value;
}

export function step(name) {
  console.log(`step ${name}`);
  return phase(`the test does "${name}"`, new Promise((done) => waiting.push(done)));
}

export async function run(cases, name) {
  setTimeout(() => {
    console.log(`failed case ${name} hung for ${deadlineSeconds} s; phase: ${present}`);
    process.exit(2);
  }, deadlineSeconds * 1000);
  try {
    if (!cases[name]) throw new Error(`no case ${name}`);
    await cases[name]();
    console.log("done");
    process.exit(0);
  } catch (error) {
    console.log(`failed ${String(error.stack ?? error).replaceAll("\n", " | ")}`);
    process.exit(1);
  }
}

export function once(emitter, event) {
  present = `waits for '${event}'`;
  return new Promise((done) => emitter.once(event, (...values) => done(values)));
}
