using System.Net;

namespace Microcosm.Nginx;

/// <summary>Addresses of the host names in a configuration, looked up when it is read.</summary>
internal interface INameResolver
{
    /// <summary>The addresses; empty if the name is not known.</summary>
    IReadOnlyList<IPAddress> Resolve(string name);

    /// <summary>True if ports below 1024 may be listened on.</summary>
    bool IsPrivileged { get; }

    /// <summary>The machine's own name: <c>$hostname</c>.</summary>
    string HostName { get; }
}
