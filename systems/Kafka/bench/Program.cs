using System.Diagnostics;
using System.Globalization;
using Microcosm.Kafka;
using Microcosm.Runtime;

// A partition's log alone, on a disk in memory: nanoseconds and bytes allocated per record, median of seven rounds.
const int Rounds = 7;
const int Batches = 1_000;
const int RecordsABatch = 100;

var value = new byte[100];
var builder = new RecordBatchBuilder();
for (var i = 0; i < RecordsABatch; i++)
    builder.Add(1_700_000_000_000, null, value);
var batch = builder.Build();

var log = await PartitionLog.OpenAsync(new MemoryDisk(), "log", new LogSettings(), TimeProvider.System);
Measure("append as leader", () => log.AppendAsLeader(batch.ToArray(), 0, AppendOrigin.Client));
var offset = 0L;
Measure("read", () =>
{
    var read = log.Read(offset, batch.Length, log.LogEndOffset, minOneBatch: true);
    offset = read.NextOffset >= log.LogEndOffset ? 0 : read.NextOffset;
});
var request = new ProduceRequest
{
    Acks = -1, TopicData = [new() { Name = "topic", PartitionData = [new() { Records = batch }] }],
};
var encoded = MessageCodec.Encode(request, 11);
Measure("encode Produce", () => MessageCodec.Encode(request, 11));
Measure("decode Produce", () => MessageCodec.Decode<ProduceRequest>(encoded, 11));

static void Measure(string what, Action one)
{
    var (times, bytes) = (new List<double>(), new List<double>());
    for (var round = 0; round < Rounds; round++)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batches; i++)
            one();
        times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batches / RecordsABatch);
        bytes.Add((double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / Batches / RecordsABatch);
    }
    times.Sort();
    bytes.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-20} {times[Rounds / 2],8:F1} ns {bytes[Rounds / 2],8:F1} B"));
}
