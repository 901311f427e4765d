using System.Net;

namespace Microcosm.Http;

/// <summary>What one request has tried: a server is asked once.</summary>
public sealed class Selection
{
    private ulong[] _tried = [];

    /// <summary>What the request is hashed by; empty for none.</summary>
    public byte[] Key { get; init; } = [];

    /// <summary>The client, for hashing by its address; null or of another family hashes nothing.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The server that is asked now.</summary>
    public Peer? Current { get; internal set; }

    /// <summary>The backup servers are asked.</summary>
    public bool IsInBackup { get; private set; }

    /// <summary>Who chooses for it: the same for all its tries, though the servers may change meanwhile.</summary>
    public Balancer? Balancer { get; init; }

    /// <summary>How often a policy has looked for a server; after 20 looks it takes turns.</summary>
    internal int Looks { get; set; }

    /// <summary>The policy's own.</summary>
    internal uint Hash { get; set; }

    internal int Rehash { get; set; }

    internal bool HasHash { get; set; }

    internal bool IsTried(int index) => index / 64 < _tried.Length && (_tried[index / 64] >> index % 64 & 1) != 0;

    internal void Try(int index)
    {
        if (index / 64 >= _tried.Length)
            Array.Resize(ref _tried, index / 64 + 1);
        _tried[index / 64] |= 1UL << index % 64;
    }

    internal void GoToBackup()
    {
        IsInBackup = true;
        Array.Clear(_tried);
    }
}
