namespace Microcosm.Nginx;

/// <summary>
/// A whole configuration, read, checked and compiled: what a generation of nginx executes. Nothing in it changes; the next configuration is
/// another object. Made by <see cref="ConfigurationCompiler"/>.
/// </summary>
/// <param name="Main">Settings of the main level.</param>
/// <param name="Events">Settings of the events block.</param>
/// <param name="Zones">Shared zones with what each is for: caches, limits, upstreams, TLS sessions.</param>
/// <param name="TempPaths">Folders of temporary and cached files.</param>
/// <param name="Uses">Each directive that is used, with its first place.</param>
/// <param name="Warnings">What the loader warned of, in order.</param>
/// <param name="Files">Every file that was read, with its bytes (<c>-T</c>).</param>
internal sealed record NginxConfiguration(
    ConfigurationPaths Paths, Level Main, Level Events, HttpPart? Http, StreamPart? Stream, IReadOnlyList<SharedZone> Zones,
    IReadOnlyList<TempPath> TempPaths, IReadOnlyCollection<DirectiveUse> Uses, IReadOnlyList<Diagnostic> Warnings,
    IReadOnlyList<(string Path, byte[] Text)> Files)
{
    /// <summary>Settings of all servers and locations.</summary>
    public IEnumerable<Level> HttpLevels => Http?.Servers.SelectMany(s => Levels(s.Root)) ?? [];

    /// <summary>Every log file with a fixed name, the built-in error log first where no other stands on the main level.</summary>
    public IEnumerable<string> LogFiles(string builtInErrorLog)
    {
        var paths = new List<string>();
        if (Main.Get(CoreModule.ErrorLogs).Count == 0 && builtInErrorLog.Length > 0)
            paths.Add(Paths.FromPrefix(builtInErrorLog));
        paths.AddRange(Main.Get(CoreModule.ErrorLogs).Select(l => l.Path));
        foreach (var level in HttpLevels)
        {
            paths.AddRange(level.Get(HttpCoreModule.ErrorLogs).Select(l => l.Path));
            paths.AddRange(AccessLogPaths(level, LogModule.Http));
        }
        // Of the part itself too: where each server has another log, its own is opened all the same.
        foreach (var level in Stream is { } stream ? stream.Servers.Select(s => s.Level).Prepend(stream.Level) : [])
        {
            paths.AddRange(level.Get(StreamCoreModule.ErrorLogs).Select(l => l.Path));
            paths.AddRange(AccessLogPaths(level, LogModule.Stream));
        }
        return paths.Where(p => p.Length > 0).Distinct();
    }

    private static IEnumerable<string> AccessLogPaths(Level level, LogModule module) =>
        level.Get(module.Logs).Where(l => l.Path is { IsLiteral: true }).Select(l => l.Path!.Source);

    private static IEnumerable<Level> Levels(HttpLocation location) =>
        location.Tree.All.SelectMany(Levels).Prepend(location.Level);
}
