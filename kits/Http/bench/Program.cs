using System.Net;

using Microcosm.Http;
using Microcosm.Http.Bench;
using Microcosm.Http.Tests;
using Microcosm.Runtime;

// Usage: PORT [ORIGIN-PORT]. Answers 1 KiB on every path, or passes requests on to an origin on this machine. One loop, until it is ended.
if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: PORT [ORIGIN-PORT]");
    return 2;
}
await using var network = new LoopHttpNetwork(1, TimeProvider.System);
var pool = new IdlePool(network.Workers, 256) { RequestsMax = int.MaxValue };
var options = HttpServerOptions.Default with { KeepAliveRequestsMax = int.MaxValue };
var origin = args.Length == 2 ? new IPEndPoint(IPAddress.Loopback, int.Parse(args[1])) : null;
var listener = await network.ListenAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0])), new ListenOptions(), worker =>
    new Sessions(worker, origin is null ? new Answering(worker) : new Proxy(worker, origin, pool), options));
Console.WriteLine($"listening on {listener.Address}");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
return 0;
