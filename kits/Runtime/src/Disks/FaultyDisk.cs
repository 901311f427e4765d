using System.Text;

namespace Microcosm.Runtime;

/// <summary>
/// A node's disk that fails where the fault plan says so: <c>disk.open|read|write|truncate|sync|rename|delete</c> with the path as target
/// (of a rename the new name; of the sync of names <c>.</c>). While no rule stands an operation costs one look at a flag. Errors are those
/// that .NET throws on Linux; after a sync that failed a memory disk may lose what it covered, although a later sync succeeds.
/// </summary>
public sealed class FaultyDisk(IDisk disk, FaultPlan plan, string node, Seed seed, TimeProvider clock) : IDisk
{
    private long _flips;

    internal bool IsDisturbed => plan.HasOperationRules;

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpen mode)
    {
        Meet("disk.open", path);
        return new FaultyFile(this, disk.Open(path, mode), path);
    }

    /// <inheritdoc/>
    public bool Exists(string path) => disk.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string prefix) => disk.List(prefix);

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        Meet("disk.rename", to);
        disk.Rename(from, to);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        Meet("disk.delete", path);
        disk.Delete(path);
    }

    /// <inheritdoc/>
    public async ValueTask SyncNamesAsync(CancellationToken cancellation = default)
    {
        var fault = Decide("disk.sync", ".");
        Throw(fault, ".");
        await disk.SyncNamesAsync(cancellation);
        await DelayAsync(fault, cancellation);
    }

    internal OperationFault Decide(string operation, string path) =>
        IsDisturbed ? plan.Decide(new OperationCall(operation, node, 0, default, Encoding.UTF8.GetBytes(path))) : default;

    internal void Meet(string operation, string path) => Throw(Decide(operation, path), path);

    internal static void Throw(OperationFault fault, string path)
    {
        if (fault.Action == OperationFaultAction.DiskError)
            throw DiskError.Find(fault.Error!)!.At(path);
    }

    internal Task DelayAsync(OperationFault fault, CancellationToken cancellation) =>
        fault.Action == OperationFaultAction.Delay
            ? Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), clock, cancellation)
            : Task.CompletedTask;

    /// <summary>Flips one bit, chosen by seed, path and ordinal.</summary>
    internal void Flip(Span<byte> bytes, string path)
    {
        var bit = seed.Stream($"disk/corrupt/{path}/{++_flips}").Next(bytes.Length * 8);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
    }
}
