using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// Values by host name: exact before <c>*.suffix</c> before <c>prefix.*</c>, the longest wildcard first (nginx: combined hash). Names are
/// kept in small letters; lookups take small letters.
/// </summary>
internal sealed class HostNameTable<T>
{
    private readonly Dictionary<string, T> _exact = new(StringComparer.Ordinal);

    // By the part behind "*." or before ".*"; ".suffix" is both an exact name and a wildcard.
    private readonly Dictionary<string, T> _suffixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _prefixes = new(StringComparer.Ordinal);

    // "*.x" and ".x" conflict in nginx though one also names x itself.
    private readonly HashSet<string> _heads = new(StringComparer.Ordinal);

    /// <summary>Adds a name; with <paramref name="wildcards"/> an asterisk or a leading dot means more than itself.</summary>
    public HostNameAdded Add(string name, T value, bool wildcards)
    {
        name = Latin1.Lower(name);
        if (!wildcards)
            return _exact.TryAdd(name, value) ? HostNameAdded.Added : HostNameAdded.Conflict;
        var stars = name.AsSpan().Count('*');
        if (stars > 1 || name.Contains('\0') || name.Contains("..", StringComparison.Ordinal))
            return HostNameAdded.Invalid;
        if (name.Length > 1 && name[0] == '.')
        {
            if (_exact.ContainsKey(name[1..]) || !_heads.Add(name[1..]))
                return HostNameAdded.Conflict;
            _exact.Add(name[1..], value);
            _suffixes.Add(name[1..], value);
            return HostNameAdded.Added;
        }
        if (stars == 0)
            return _exact.TryAdd(name, value) ? HostNameAdded.Added : HostNameAdded.Conflict;
        if (name.Length > 2 && name.StartsWith("*.", StringComparison.Ordinal))
        {
            if (!_heads.Add(name[2..]))
                return HostNameAdded.Conflict;
            _suffixes.Add(name[2..], value);
            return HostNameAdded.Added;
        }
        if (name.Length > 2 && name.EndsWith(".*", StringComparison.Ordinal))
            return _prefixes.TryAdd(name[..^2], value) ? HostNameAdded.Added : HostNameAdded.Conflict;
        return HostNameAdded.Invalid;
    }

    /// <summary>Finds a name in small letters.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out T value)
    {
        Span<char> chars = name.Length <= 512 ? stackalloc char[name.Length] : new char[name.Length];
        Encoding.Latin1.GetChars(name, chars);
        return TryFind(chars, out value);
    }

    /// <summary>As <see cref="TryFind(ReadOnlySpan{byte}, out T)"/>.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out T value)
    {
        if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out value!))
            return true;
        var suffixes = _suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var dot = name.IndexOf('.'); _suffixes.Count > 0 && dot >= 0;)
        {
            if (dot > 0 && suffixes.TryGetValue(name[(dot + 1)..], out value!))
                return true;
            var next = name[(dot + 1)..].IndexOf('.');
            dot = next < 0 ? -1 : dot + 1 + next;
        }
        var prefixes = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var dot = name.LastIndexOf('.'); _prefixes.Count > 0 && dot > 0; dot = name[..dot].LastIndexOf('.'))
        {
            if (prefixes.TryGetValue(name[..dot], out value!))
                return true;
        }
        return false;
    }
}
