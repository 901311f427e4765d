using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microcosm.Redis;

// The parts of a request's path, each alone: nanoseconds and bytes allocated per operation, median of seven rounds.
// The whole beside the real server is bench/run redis.
const int Keys = 200_000;
const int Rounds = 7;

var names = Enumerable.Range(0, Keys).Select(i => Encoding.ASCII.GetBytes($"key:{i:D12}")).ToArray();
var get = Encoding.ASCII.GetBytes("*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000042\r\n");
var set = Encoding.ASCII.GetBytes("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000042\r\n$3\r\nxxx\r\n");
var reader = new RespReader();
var table = new KeyTable(7);
foreach (var name in names)
    table.Add(table.Hash(name), PackedString.Create(name, 3, -1, isRaw: false, lru: 0));

Measure("read GET", Keys, i => reader.Read(get, out _));
Measure("read SET", Keys, i => reader.Read(set, out _));
Measure("look up a command", Keys, i => RedisCommands.IndexOf("GET"u8));
Measure("find a key of 200,000", Keys, i => table.Find(names[i], table.Hash(names[i])));

static void Measure(string what, int count, Action<int> one)
{
    var times = new List<double>();
    var bytes = new List<double>();
    for (var round = 0; round < Rounds; round++)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            one(i);
        times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
        bytes.Add((double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / count);
    }
    times.Sort();
    bytes.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-45} {times[Rounds / 2],8:0.0} ns {bytes[Rounds / 2],8:0} B"));
}
