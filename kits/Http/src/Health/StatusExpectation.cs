namespace Microcosm.Http;

/// <summary>Statuses that a check wants, or does not want.</summary>
/// <param name="Ranges">First and last of each.</param>
/// <param name="IsNegated">Any status but these.</param>
public sealed record StatusExpectation(IReadOnlyList<(int First, int Last)> Ranges, bool IsNegated = false)
{
    /// <summary>2xx and 3xx.</summary>
    public static StatusExpectation Success { get; } = new([(200, 399)]);

    /// <summary>True for a status that is as wanted.</summary>
    public bool IsMet(int status)
    {
        foreach (var (first, last) in Ranges)
        {
            if (status >= first && status <= last)
                return !IsNegated;
        }
        return IsNegated;
    }
}
