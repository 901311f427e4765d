using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Bench;

/// <summary>What a snapshot of etcd's store costs, in CPU time: the one turn that fixes it, the planning, the whole.</summary>
internal static class SnapshotCost
{
    private const int Versions = 1_000_000;
    private const int ValueBytes = 100;

    private static double CpuMs => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    public static async Task RunAsync()
    {
        var store = new EtcdStore(leaseTtlMinS: 2);
        var value = ByteString.CopyFrom(new byte[ValueBytes]);
        for (var i = 1; i <= Versions; i++)
        {
            var put = new PutRequest { Key = ByteString.CopyFromUtf8($"key/{i % (Versions / 2):d8}"), Value = value };
            store.Apply(i, new EtcdCommand { Put = put }.ToByteArray());
        }
        var start = CpuMs;
        var buckets = BackendWriter.Buckets(store, [], 1);
        var fixedMs = CpuMs - start;
        var writer = await BoltWriter.PlanAsync(buckets);
        var plannedMs = CpuMs - start - fixedMs;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var page in writer.Pages())
            hash.AppendData(page);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"snapshot of {Versions:n0} versions, {writer.Bytes >> 20} MiB: {fixedMs:0.0} ms, {plannedMs:0} ms, {CpuMs - start:0} ms"));
    }
}
