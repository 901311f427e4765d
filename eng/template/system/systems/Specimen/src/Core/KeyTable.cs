using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>
/// The state: values by key. It is what the changes since the beginning made of it, and nothing else; invariants: no key is empty, none
/// has no value, none has a blank.
/// </summary>
/// <param name="keysMax">Most keys that a new one is taken beside.</param>
internal sealed class KeyTable(int keysMax)
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public int Count => _values.Count;

    /// <summary>The changes that make this state of an empty one.</summary>
    public IEnumerable<Change> Contents => _values.Select(v => new Change(v.Key, v.Value));

    /// <summary>Null where there is none.</summary>
    public string? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>Why the change is refused; null where it is not.</summary>
    public string? WhyNot(Change change) =>
        change.Value is not null && Count >= keysMax && !_values.ContainsKey(change.Key)
            ? SpecimenErrors.TooManyKeys(keysMax) : null;

    /// <summary>Makes a change. Those of the log are made whatever the limits are now.</summary>
    public void Apply(Change change)
    {
        Invariant.Check(change.Key.Length > 0 && !change.Key.Contains(' '));
        if (change.Value is { } value)
            _values[change.Key] = value;
        else
            _values.Remove(change.Key);
    }
}
