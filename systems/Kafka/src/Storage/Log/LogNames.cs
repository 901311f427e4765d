using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>How the files of a log are called: <c>folder/00000000000000000042.log</c>.</summary>
internal static class LogNames
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string AbortedIndex = ".txnindex";
    public const string Snapshot = ".snapshot";

    /// <summary>The kinds of a segment's files.</summary>
    public static readonly string[] OfSegment = [Log, OffsetIndex, TimeIndex, AbortedIndex];

    public static string Of(string folder, long offset, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/{offset:D20}{kind}");

    /// <summary>The offset in a name, if it is of that kind.</summary>
    public static bool TryParse(string path, string kind, out long offset)
    {
        offset = -1;
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name.EndsWith(kind, StringComparison.Ordinal) && name.Length == 20 + kind.Length
            && long.TryParse(name[..20], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
