// A script talks to its test by lines: "step <name>" asks the test to do something to the world, and waits for the line that says it is done.
import readline from "node:readline";

const lines = readline.createInterface({ input: process.stdin });
const waiting = [];
lines.on("line", () => waiting.shift()?.());

export function step(name) {
  console.log(`step ${name}`);
  return new Promise((done) => waiting.push(done));
}

export async function run(cases, name) {
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
  return new Promise((done) => emitter.once(event, (...values) => done(values)));
}
