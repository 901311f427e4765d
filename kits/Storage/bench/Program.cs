using System.Diagnostics;
using Microcosm.Runtime;
using Microcosm.Storage;
using Microsoft.Win32.SafeHandles;

// Records a second and CPU a record, of the log and of plain writes of the same payload bytes, on a real disk.
// usage: Microcosm.Storage.Bench [FOLDER] [RECORD_BYTES]
var folder = Path.Combine(args.Length > 0 ? args[0] : Path.GetTempPath(), $"microcosm-log-{Environment.ProcessId}");
var recordBytes = args.Length > 1 ? int.Parse(args[1]) : 100;
Directory.CreateDirectory(folder);
Console.WriteLine($"records of {recordBytes} bytes");
Console.WriteLine($"{"",-8}{"batch",6}  {"raw rec/s",12}{"log rec/s",12}{"log/raw",9}  {"raw cpu ns",11}{"log cpu ns",11}");
try
{
    foreach (var isSynced in new[] { false, true })
    {
        foreach (var batch in new[] { 1, 16, 256 })
            await CompareAsync(isSynced, batch);
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

// Best of three of each, in turn.
async Task CompareAsync(bool isSynced, int batch)
{
    var batches = isSynced ? 500 : Math.Max(4_000, 400_000 / batch);
    var (raw, log) = (Result.None, Result.None);
    for (var round = 0; round < 3; round++)
    {
        raw = raw.Better(await MeasureAsync(batches * batch, () => RawAsync(batches, batch, isSynced)));
        log = log.Better(await MeasureAsync(batches * batch, () => LogAsync(batches, batch, isSynced)));
    }
    Console.WriteLine($"{(isSynced ? "sync" : "no sync"),-8}{batch,6}"
        + $"  {raw.PerSecond,12:N0}{log.PerSecond,12:N0}{log.PerSecond / raw.PerSecond,9:0.00}"
        + $"  {raw.CpuNs,11:N0}{log.CpuNs,11:N0}");
}

Task RawAsync(int batches, int batch, bool isSynced)
{
    var bytes = new byte[batch * recordBytes];
    // A new file: ext4 syncs one that was emptied otherwise.
    File.Delete(Path.Combine(folder, "raw"));
    using SafeFileHandle file = File.OpenHandle(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.ReadWrite);
    for (long i = 0, at = 0; i < batches; i++, at += bytes.Length)
    {
        RandomAccess.Write(file, bytes, at);
        if (isSynced)
            RandomAccess.FlushToDisk(file);
    }
    return Task.CompletedTask;
}

async Task LogAsync(int batches, int batch, bool isSynced)
{
    var path = Path.Combine(folder, "log");
    if (Directory.Exists(path))
        Directory.Delete(path, recursive: true);
    var record = new byte[recordBytes];
    using var log = await SegmentedLog.OpenAsync(new RealDisk(path), "log");
    for (var i = 0; i < batches; i++)
    {
        for (var n = 0; n < batch; n++)
            log.Append(record);
        if (isSynced)
            await log.CommitAsync();
        else
            await log.WriteAsync();
    }
}

static async Task<Result> MeasureAsync(int records, Func<Task> work)
{
    GC.Collect();
    var (cpu, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
    await work();
    var seconds = watch.Elapsed.TotalSeconds;
    return new Result(records / seconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalNanoseconds / records);
}

internal readonly record struct Result(double PerSecond, double CpuNs)
{
    public static Result None => new(0, double.MaxValue);

    public Result Better(Result other) => new(Math.Max(PerSecond, other.PerSecond), Math.Min(CpuNs, other.CpuNs));
}
