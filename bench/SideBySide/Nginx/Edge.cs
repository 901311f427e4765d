namespace Microcosm.SideBySide.Nginx;

/// <summary>A server that is to be started, and the port where its configuration has it.</summary>
/// <param name="Port">Of plain HTTP; the servers of a run lie ten apart.</param>
/// <param name="IsProxyOnly">True for HAProxy, which serves no files.</param>
internal sealed record Edge(string Name, int Port, bool IsProxyOnly, Func<IReadOnlyList<string>> Line)
{
    private const int FirstPort = 19200;

    /// <summary>The real nginx, unless another build is in its place, then ours.</summary>
    public static IReadOnlyList<Edge> OfRun(Run run, Configurations configurations)
    {
        List<(string Name, string Program)> all = [.. run.Ours];
        if (run.HasPeers)
            all.Insert(0, ("nginx", "nginx"));
        return [.. all.Select((e, i) => new Edge(e.Name, FirstPort + i * 10, IsProxyOnly: false,
            () => [e.Program, "-c", configurations.Nginx(e.Name, FirstPort + i * 10, isReal: e.Program == "nginx")]))];
    }

    /// <summary>HAProxy, behind the others.</summary>
    public static Edge HaProxy(Configurations configurations) =>
        new("HAProxy", FirstPort + 90, IsProxyOnly: true, () => ["haproxy", "-f", configurations.HaProxy(FirstPort + 90)]);

    public EdgeServer Start() => new(this);
}
