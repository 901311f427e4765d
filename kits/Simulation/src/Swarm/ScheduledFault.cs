using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>One fault: what, to whom, from when, how long.</summary>
/// <param name="Target">A node or client; or <c>@moment</c>: from then on it waits for the next node that comes to that moment, and meets
/// that one.</param>
/// <param name="Other">The other end of a link; <c>*</c> for all others, <c>@nodes</c> for all other nodes but no client; of a
/// disk error the operation; empty where there is none.</param>
/// <param name="AtMs">From the beginning of the faults, in true time.</param>
/// <param name="ForMs">How long it lasts; 0 for what is over at once.</param>
/// <param name="Amount">In the unit that the kind says.</param>
public sealed record ScheduledFault(FaultKind Kind, string Target, string Other, int AtMs, int ForMs, int Amount = 0)
{
    /// <summary>Begins a target that is a moment.</summary>
    internal const char Moment = '@';

    /// <summary>True if it meets a node at a moment.</summary>
    internal bool AwaitsMoment => Target[0] == Moment;

    /// <summary>One word that <see cref="Parse"/> reads: <c>Slow:a:b:120+300:40</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Target}:{Other}:{AtMs}+{ForMs}:{Amount}");

    /// <summary>Reads what <see cref="ToString"/> wrote. Throws <see cref="FormatException"/>.</summary>
    public static ScheduledFault Parse(string text)
    {
        var parts = text.Split(':', '+');
        if (parts.Length != 6 || !Enum.TryParse<FaultKind>(parts[0], out var kind))
            throw new FormatException($"Not a fault: '{text}'; it is written Kind:target:other:atMs+forMs:amount");
        return new(kind, parts[1], parts[2], Number(parts[3]), Number(parts[4]), Number(parts[5]));
    }

    /// <summary>For people.</summary>
    public string Describe() =>
        $"{AtMs,6} ms  {(ForMs > 0 ? $"for {ForMs,5} ms" : ""),-12}  {Kind,-10} {Target}{OtherText()}{AmountText()}";

    private string OtherText() => Other.Length == 0 || Kind == FaultKind.DiskError ? "" : " ↔ " + Other;

    private string AmountText() => Kind switch
    {
        FaultKind.Slow or FaultKind.SlowDisk or FaultKind.ClockJump => $"  by {Amount} ms",
        FaultKind.CrashInSync => $"  no. {Amount}",
        FaultKind.ClockDrift => $"  by {Amount} ppm",
        FaultKind.DiskError => $"  {(Other == "*" ? "operation" : Other)}s, one in {Amount}",
        FaultKind.DiskFull => $"  after {Amount} bytes",
        _ => "",
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
