using System.Globalization;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>
/// A quota's limits, or how much of it is used, as nodes have it in text (ZooKeeper's <c>StatsTrack</c>):
/// <c>count=4,bytes=-1=;byteHardLimit=-1;countHardLimit=-1</c>. -1 for no limit.
/// </summary>
internal readonly record struct QuotaTrack(long Count, long Bytes, long CountHardLimit = -1, long ByteHardLimit = -1)
{
    private static readonly char[] Separators = [',', ';'];

    /// <summary>What cannot be read limits nothing.</summary>
    public static QuotaTrack Parse(byte[]? data)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(data ?? []).Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            // An old reader's bait: "bytes=-1=".
            var parts = pair.Split('=');
            if (parts.Length > 1 && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                values[parts[0]] = value;
        }
        long Of(string name) => values.GetValueOrDefault(name, -1);
        return new(Of("count"), Of("bytes"), Of("countHardLimit"), Of("byteHardLimit"));
    }

    /// <summary>The text of a node that tells how much is used.</summary>
    public byte[] ToUse() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"count={Count},bytes={Bytes}"));
}
