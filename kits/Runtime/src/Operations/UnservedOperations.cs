namespace Microcosm.Runtime;

/// <summary>Counts what clients of a world asked for and were refused because it is not there. For any thread; bounded.</summary>
public sealed class UnservedOperations
{
    private const int NamesMax = 1000;
    private const int NameCharsMax = 64;
    private const string Others = "others";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Most often asked first. What came after a thousand names is counted as <c>system.others</c>, and so is what is no
    /// name.</summary>
    public IReadOnlyList<UnservedOperation> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _counts.Select(c => new UnservedOperation(c.Key, c.Value))
                    .OrderByDescending(o => o.Count).ThenBy(o => o.Name, StringComparer.Ordinal)];
            }
        }
    }

    internal void Count(string system, string operation)
    {
        var name = $"{system}.{(IsName(operation) ? operation : Others)}";
        lock (_gate)
        {
            if (_counts.Count >= NamesMax && !_counts.ContainsKey(name))
                name = $"{system}.{Others}";
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
        }
    }

    // Names come from clients, who may send anything.
    private static bool IsName(string operation) =>
        operation.Length is > 0 and <= NameCharsMax && !operation.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
