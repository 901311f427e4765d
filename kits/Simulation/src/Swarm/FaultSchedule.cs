namespace Microcosm.Simulation;

/// <summary>All faults of a run, in the order in which they begin. A value: it can be printed, parsed, shrunk and run again.</summary>
public sealed class FaultSchedule(IEnumerable<ScheduledFault> faults)
{
    /// <summary>Nothing fails.</summary>
    public static FaultSchedule None { get; } = new([]);

    /// <summary>By the time at which they begin.</summary>
    public IReadOnlyList<ScheduledFault> Faults { get; } = [.. faults.OrderBy(f => f.AtMs)];

    /// <summary>One line that <see cref="Parse"/> reads; <c>none</c> for an empty schedule.</summary>
    public override string ToString() => Faults.Count == 0 ? "none" : string.Join(' ', Faults);

    /// <summary>Reads what <see cref="ToString"/> wrote. Throws <see cref="FormatException"/>.</summary>
    public static FaultSchedule Parse(string text) =>
        text == "none" ? None : new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ScheduledFault.Parse));
}
