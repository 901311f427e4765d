using System.Globalization;

namespace Microcosm.Chubby.Client;

/// <summary>
/// A lock as it was right after it was acquired: what a client passes to servers, so that they can refuse a holder that has lost it
/// (OSDI'06 2.4).
/// </summary>
/// <param name="Path">The lock's file.</param>
/// <param name="Instance">The file's instance number.</param>
/// <param name="Mode">How it is held.</param>
/// <param name="Generation">The lock's generation number.</param>
public readonly record struct Sequencer(string Path, long Instance, LockMode Mode, long Generation)
{
    /// <summary>The opaque string for other processes: <c>generation:instance:mode:path</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Generation}:{Instance}:{Mode}:{Path}");

    /// <summary>Reads what <see cref="ToString"/> gave; throws <see cref="FormatException"/>.</summary>
    public static Sequencer Parse(string text)
    {
        var parts = text.Split(':', 4);
        if (parts.Length == 4 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var instance)
            && Enum.TryParse<LockMode>(parts[2], out var mode))
            return new Sequencer(parts[3], instance, mode, generation);
        throw new FormatException($"'{text}' is no sequencer");
    }
}
