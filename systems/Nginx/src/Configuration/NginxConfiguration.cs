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
    IReadOnlyList<(string Path, byte[] Text)> Files);
