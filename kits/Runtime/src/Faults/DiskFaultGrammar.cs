using System.Globalization;

namespace Microcosm.Runtime;

/// <summary>
/// The actions of rules for disks: <c>error=EIO</c> (ENOSPC, EROFS, EMFILE, EDQUOT), <c>short-write=N</c> (a longer write writes its first
/// N bytes, then the disk is full), <c>corrupt</c> (one bit of what is read or written is flipped), <c>delay=20ms</c> (syncs),
/// <c>kill-node</c>, <c>pause-node</c>. For example <c>disk.write target=appendonlydir/* nth=3 error=ENOSPC</c>.
/// </summary>
internal static class DiskFaultGrammar
{
    private static readonly string[] Operations = ["read", "write", "truncate", "sync", "open", "rename", "delete", "*"];

    /// <summary>True for the name of a disk's operation, or a pattern of such.</summary>
    public static bool IsDisk(string operation) => operation.StartsWith("disk.", StringComparison.OrdinalIgnoreCase);

    /// <summary>An action of this grammar, or null. Throws <see cref="FormatException"/> for one with a wrong value.</summary>
    public static OperationFault? Action(string name, string value) => name switch
    {
        "error" => DiskError.Find(value) is { } error
            ? new OperationFault(OperationFaultAction.DiskError, error.Name)
            : throw new FormatException($"'error' takes one of {string.Join(", ", DiskError.All.Select(e => e.Name))}, not '{value}'"),
        "short-write" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new OperationFault(OperationFaultAction.ShortWrite, Bytes: bytes)
            : throw new FormatException($"'short-write' takes a number of bytes, not '{value}'"),
        "corrupt" => new OperationFault(OperationFaultAction.Corrupt),
        _ => null,
    };

    /// <summary>An action as it is written, or null for one of another grammar.</summary>
    public static string? Print(OperationFault fault) => fault.Action switch
    {
        OperationFaultAction.DiskError => $"error={fault.Error}",
        OperationFaultAction.ShortWrite => string.Create(CultureInfo.InvariantCulture, $"short-write={fault.Bytes}"),
        OperationFaultAction.Corrupt => "corrupt",
        _ => null,
    };

    /// <summary>The rule, if its action is one that its operation can have. Throws <see cref="FormatException"/>.</summary>
    public static FaultRule Checked(FaultRule rule)
    {
        var isDisk = IsDisk(rule.Operation);
        var operation = isDisk ? rule.Operation["disk.".Length..].ToLowerInvariant() : "";
        var action = FaultGrammar.Print(rule.Fault).Split('=')[0];
        if (isDisk && !Operations.Contains(operation))
            throw new FormatException($"A disk has no operation '{operation}', only {string.Join(", ", Operations)}");
        if (isDisk && rule.Client is not null)
            throw new FormatException("A disk has no clients: 'client' does not go with " + rule.Operation);
        var where = rule.Fault.Action switch
        {
            OperationFaultAction.DiskError => isDisk ? null : "disk.*",
            OperationFaultAction.ShortWrite => operation == "write" ? null : "disk.write",
            OperationFaultAction.Corrupt => operation is "read" or "write" ? null : "disk.read and disk.write",
            OperationFaultAction.Delay => !isDisk || operation == "sync" ? null : "disk.sync and operations of protocols",
            OperationFaultAction.KillNode or OperationFaultAction.PauseNode => null,
            _ => isDisk ? "operations of protocols" : null,
        };
        return where is null ? rule : throw new FormatException($"'{action}' goes with {where}, not with {rule.Operation}");
    }
}
