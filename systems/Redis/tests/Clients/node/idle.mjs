// usage: node idle.mjs PORT COUNT: opens so many connections that say nothing, in waves, so that no backlog overflows.
import net from "node:net";
import { once, run, step } from "./steps.mjs";

const [port, count] = process.argv.slice(2).map(Number);

await run({
  async idle() {
    const sockets = [];
    while (sockets.length < count) {
      const wave = [...Array(Math.min(200, count - sockets.length))].map(() => net.connect(port, "127.0.0.1"));
      await Promise.all(wave.map((socket) => once(socket, "connect")));
      sockets.push(...wave);
    }
    await step("look");
  },
}, "idle");
