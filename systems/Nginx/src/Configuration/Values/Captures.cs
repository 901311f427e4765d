namespace Microcosm.Nginx;

/// <summary>What the last pattern that matched captured: <c>$1</c> and so on, as slices of the text it matched.</summary>
internal sealed class Captures
{
    private byte[] _subject = [];
    private (int At, int Length)[] _groups = [];

    /// <summary>Groups, the whole match as number 0 included; 0 when nothing matched yet.</summary>
    public int Count { get; private set; }

    /// <summary>A group's bytes; empty if it took no part.</summary>
    public ReadOnlySpan<byte> this[int group] => group < Count && _groups[group].At >= 0
        ? _subject.AsSpan(_groups[group].At, _groups[group].Length) : [];

    /// <summary>False for a group that took no part in the match.</summary>
    public bool Has(int group) => group < Count && _groups[group].At >= 0;

    public void Clear() => Count = 0;

    /// <summary>Takes another's.</summary>
    public void CopyFrom(Captures other) =>
        (_subject, _groups, Count) = (other._subject.ToArray(), other._groups.ToArray(), other.Count);

    /// <summary>Makes room for a match over a copy of <paramref name="subject"/>.</summary>
    public void Begin(ReadOnlySpan<byte> subject, int groups)
    {
        if (_subject.Length < subject.Length)
            _subject = new byte[Math.Max(256, subject.Length)];
        subject.CopyTo(_subject);
        if (_groups.Length < groups)
            _groups = new (int, int)[groups];
        Count = groups;
    }

    /// <summary>Sets a group; <paramref name="at"/> is -1 for one that took no part.</summary>
    public void Set(int group, int at, int length) => _groups[group] = (at, length);
}
