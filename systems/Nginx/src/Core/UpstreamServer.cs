namespace Microcosm.Nginx;

/// <summary>One <c>server</c> of an upstream.</summary>
internal sealed record UpstreamServer(string Name, IReadOnlyList<Address> Addresses)
{
    public int Weight { get; init; } = 1;

    /// <summary>0 for no limit.</summary>
    public int MaxConns { get; init; }

    public int MaxFails { get; init; } = 1;

    public long FailTimeoutSeconds { get; init; } = 10;

    public bool IsBackup { get; init; }

    public bool IsDown { get; init; }

    /// <summary>The name is looked up again and again while serving.</summary>
    public bool IsResolved { get; init; }

    /// <summary>The SRV record's service, or empty.</summary>
    public string Service { get; init; } = "";

    /// <summary>Host and port of a name that is resolved while serving.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; }
}
