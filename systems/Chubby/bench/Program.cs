using System.Diagnostics;
using System.Globalization;
using Microcosm.Chubby;
using Microcosm.Chubby.Bench;

// The state machine alone: nanoseconds and bytes allocated per change, median of seven rounds.
const int Nodes = 100_000;
const int Rounds = 7;

var state = new CellState(new AccessRules());
var header = new ChangeHeader(1, 7, 1, 1, []);
state.Apply(header, new OpenSession(new byte[16], 10_000));
state.Apply(header, new CreateNode("/n", [], AclEntry.Open, CreateMode.Persistent, 0));
var paths = Enumerable.Range(0, Nodes).Select(i => $"/n/{i:D6}").ToArray();
foreach (var path in paths)
    state.Apply(header, new CreateNode(path, new byte[100], AclEntry.Open, CreateMode.Persistent, 0));
var set = new SetNodeData(paths[42], new byte[100], -1);
var encoded = ChangeCodec.Encode(header, set);

Measure("encode SetData", i => ChangeCodec.Encode(header, set));
Measure("decode SetData", i => ChangeCodec.Decode(encoded));
Measure("apply SetData", i => state.Apply(header, new SetNodeData(paths[i], set.Data, -1)));
Measure("apply a refused Create", i => state.Apply(header, new CreateNode(paths[i], [], AclEntry.Open, CreateMode.Persistent, 0)));
Measure("find a node of 100,000", i => state.Tree.Find(paths[i]));
await SnapshotCost.RunAsync();

static void Measure(string what, Action<int> one)
{
    var times = new List<double>();
    var bytes = new List<double>();
    for (var round = 0; round < Rounds; round++)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Nodes; i++)
            one(i);
        times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Nodes);
        bytes.Add((double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / Nodes);
    }
    times.Sort();
    bytes.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-30} {times[Rounds / 2],8:0.0} ns {bytes[Rounds / 2],8:0} B"));
}
